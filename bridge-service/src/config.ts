import { z } from 'zod'
import { readSmtp, SmtpSettingsError, type SmtpSettings } from './alarms/smtp-address.ts'
import { type TrustProxy, TrustProxyText } from './trust-proxy.ts'

const flag = z.enum(['true', 'false', '1', '0', '']).transform((text) => text === 'true' || text === '1')
const port = z.coerce.number().int().min(0).max(65_535)

/** Every environment variable the service knows, with its default. This is the only file that reads the environment. */
const Environment = z.object({
  NODE_ENV: z.string().default('production'),
  /** Port of the API and the console; 0 takes a free one. */
  PORT: port.default(8787),
  /** Address to listen on; `0.0.0.0` in a container. */
  HOST: z.string().default('127.0.0.1'),
  /** The address others reach the service at, as shops and HubSpot see it. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'PUBLIC_URL must be an address such as https://bridge.example.com' })
    .optional(),
  /** Proxies in front of the service: how many, or their addresses and ranges. */
  TRUST_PROXY: TrustProxyText,
  /** PostgreSQL 15 or newer; without it the embedded store in DATA_DIR is used. */
  DATABASE_URL: z.string().min(1).optional(),
  DATABASE_SCHEMA: z.string().default('crosswalk'),
  DATA_DIR: z.string().min(1).default('.crosswalk/data'),
  /** 32 bytes as base64 or hex; without it a key file beside DATA_DIR is made and used. */
  MASTER_KEY: z.string().optional(),
  /** Single loopback or private hosts that may be called: `host:port,host:port`. */
  ALLOW_HOSTS: z.string().default(''),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  /** Records in work at once in this process. */
  WORKER_SLOTS: z.coerce.number().int().min(1).max(5_000).default(800),
  /** False: this process serves the API and takes webhooks, others do the work. */
  WORK: flag.default(true),
  /** Opens `/metrics` to whoever sends it as a bearer token; without it there is no such page. */
  METRICS_TOKEN: z
    .string()
    .regex(
      /^\S{16,}$/,
      'METRICS_TOKEN must have at least 16 characters and no spaces; make one with: openssl rand -hex 24',
    )
    .optional(),
  HUBSPOT_CLIENT_ID: z.string().optional(),
  HUBSPOT_CLIENT_SECRET: z.string().optional(),
  /** A folder for backups that the service makes by itself; without it, it makes none. */
  BACKUP_DIR: z.string().min(1).optional(),
  BACKUP_EVERY_HOURS: z.coerce.number().min(0.1).max(720).default(24),
  /** How many of them are kept. */
  BACKUP_KEEP: z.coerce.number().int().min(1).max(1_000).default(7),
  /** The mail server that alarms are sent by: `smtps://user:password@host:465`; without it none are mailed. */
  SMTP_URL: z.string().min(1).optional(),
  /** Who mails come from: `Crosswalk <alarms@example.com>`. */
  SMTP_FROM: z.string().min(1).max(400).optional(),
  /** Tests only: end the process at a named point, `name` or `name@hits`, or make it stand still there, `stop:name`. */
  CROSSWALK_KILL_AT: z.string().optional(),
  /** Tests only: leave a safeguard out, to see that its absence is noticed. */
  CROSSWALK_WITHOUT: z.enum(['intents']).optional(),
})

export interface Config {
  environment: string
  port: number
  host: string
  publicUrl: string | null
  trustProxy: TrustProxy
  databaseUrl: string | null
  databaseSchema: string
  dataDir: string
  masterKey: string | undefined
  allowHosts: readonly string[]
  logLevel: string
  workerSlots: number
  work: boolean
  metricsToken: string | null
  oauthClients: Readonly<Record<string, { clientId: string; clientSecret: string }>>
  /** Null: the service makes no backups by itself. */
  backups: { dir: string; everyHours: number; keep: number } | null
  /** Null: no mails can be sent. */
  smtp: SmtpSettings | null
  killAt: string | null
  /** False: nothing is noted before a create goes out. Only tests switch it off. */
  intents: boolean
}

/** The environment does not make sense; the message has one line per variable, with what would be right. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Reads the configuration. What is set to nothing counts as not set, but for the key. Throws `ConfigError`. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const set = Object.entries(environment).filter(([name, value]) => value !== '' || name === 'MASTER_KEY')
  const parsed = Environment.safeParse(Object.fromEntries(set))
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'),
    )
  }
  const env = parsed.data
  const allowHosts = env.ALLOW_HOSTS.split(',').map((host) => host.trim()).filter((host) => host !== '') // prettier-ignore
  const wrong = allowHosts.find((host) => !/^(\[[0-9a-f:]+\]|[\w.-]+):\d{1,5}$/i.test(host))
  if (wrong) throw new ConfigError(`ALLOW_HOSTS: "${wrong}" is not host:port, such as 127.0.0.1:8080`)
  if (env.CROSSWALK_KILL_AT && env.NODE_ENV !== 'test') {
    throw new ConfigError('CROSSWALK_KILL_AT: only for tests (NODE_ENV=test)')
  }
  if (env.CROSSWALK_WITHOUT && env.NODE_ENV !== 'test') {
    throw new ConfigError('CROSSWALK_WITHOUT: only for tests (NODE_ENV=test)')
  }
  const hubspot =
    env.HUBSPOT_CLIENT_ID && env.HUBSPOT_CLIENT_SECRET
      ? { hubspot: { clientId: env.HUBSPOT_CLIENT_ID, clientSecret: env.HUBSPOT_CLIENT_SECRET } }
      : {}
  return {
    environment: env.NODE_ENV,
    port: env.PORT,
    host: env.HOST,
    publicUrl: env.PUBLIC_URL?.replace(/\/+$/, '') ?? null,
    trustProxy: env.TRUST_PROXY,
    databaseUrl: env.DATABASE_URL ?? null,
    databaseSchema: env.DATABASE_SCHEMA,
    dataDir: env.DATA_DIR,
    masterKey: env.MASTER_KEY,
    allowHosts,
    logLevel: env.LOG_LEVEL,
    workerSlots: env.WORKER_SLOTS,
    work: env.WORK,
    metricsToken: env.METRICS_TOKEN ?? null,
    oauthClients: hubspot,
    backups: env.BACKUP_DIR
      ? { dir: env.BACKUP_DIR, everyHours: env.BACKUP_EVERY_HOURS, keep: env.BACKUP_KEEP }
      : null,
    smtp: smtpOf(env),
    killAt: env.CROSSWALK_KILL_AT ?? null,
    intents: env.CROSSWALK_WITHOUT !== 'intents',
  }
}

function smtpOf(env: z.output<typeof Environment>): SmtpSettings | null {
  if (env.SMTP_URL === undefined) return null
  try {
    return readSmtp(env.SMTP_URL, env.SMTP_FROM)
  } catch (error) {
    if (error instanceof SmtpSettingsError) throw new ConfigError(error.message)
    throw error
  }
}
