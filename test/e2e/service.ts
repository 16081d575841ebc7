import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { API_PREFIX, contract, createClient, type Client } from '@crosswalk/shared/contract'
import { putReadyCluster } from '../../bridge-service/src/store/testing/ready-cluster.ts'
import { freePort } from './free-port.ts'
import { startScript, type TestProcess } from './processes.ts'

/** A service as its own process, spoken to over HTTP only. */
export interface ServiceProcess extends TestProcess {
  url: string
  key: string
  api: Client<typeof contract>
}

/** A place for a service's data, kept over restarts. */
export interface Home {
  dir: string
  env: Record<string, string>
  remove: () => Promise<void>
}

/**
 * A data directory of its own; with `databaseUrl` the store is a schema of its own there. `fresh`: a place nobody has
 * made yet, as on a new machine; else an empty embedded store is there, which saves making one.
 */
export async function makeHome(
  server?: { databaseUrl: string },
  options: { fresh?: boolean } = {},
): Promise<Home> {
  const dir = await mkdtemp(join(tmpdir(), 'crosswalk-e2e-'))
  const schema = `e2e_${Math.random().toString(36).slice(2, 12)}`
  const dataDir = join(dir, 'state', 'data')
  if (!server && !options.fresh) await putReadyCluster(dataDir)
  return {
    dir,
    env: {
      DATA_DIR: dataDir,
      ...(server ? { DATABASE_URL: server.databaseUrl, DATABASE_SCHEMA: schema } : {}),
    },
    remove: async () => {
      await rm(dir, { recursive: true, force: true })
      if (server) await dropSchema(server.databaseUrl, schema)
    },
  }
}

async function dropSchema(databaseUrl: string, schema: string): Promise<void> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(`drop schema if exists ${schema} cascade; drop schema if exists ${schema}_jobs cascade`)
  await client.end()
}

/** A client of the contract with a bearer key; `key` null calls without one. */
export const clientOf = (url: string, key: string | null): Client<typeof contract> =>
  createClient(contract, async ({ method, path, body }) => {
    const response = await fetch(`${url}${API_PREFIX}${path}`, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, json: text === '' ? undefined : (JSON.parse(text) as unknown) }
  })

/**
 * Starts the real service. `env` adds to what the home sets; `hosts` are the simulators it may call. With `webhooks` the
 * shop can call it back: its public address is its own loopback one, opened like the simulators'.
 */
export async function startServiceProcess(
  home: Home,
  options: {
    hosts?: readonly string[]
    env?: Record<string, string>
    webhooks?: boolean
    /** As `webhooks`, at an address that stays the same over restarts. */
    port?: number
  } = {},
): Promise<ServiceProcess> {
  const port = options.port ?? (options.webhooks ? await freePort() : 0)
  const own = `127.0.0.1:${port}`
  const started = await startScript(
    'bridge-service/src/start.mjs',
    [],
    {
      NODE_ENV: 'test',
      PORT: String(port),
      LOG_LEVEL: 'info',
      ALLOW_HOSTS: [...(options.hosts ?? []), ...(port > 0 ? [own] : [])].join(','),
      ...(port > 0 ? { PUBLIC_URL: `http://${own}` } : {}),
      ...home.env,
      ...options.env,
    },
    (line) => {
      if (!line.includes('"listening"')) return undefined
      return (JSON.parse(line) as { url: string }).url
    },
  )
  const key = (await readFile(`${home.env['DATA_DIR']}.owner-key`, 'utf8')).trim()
  const url = started.ready
  return { ...started, url, key, api: clientOf(url, key) }
}
