import {
  checkBaseUrlResolved,
  createHttp,
  type CallGate,
  type Connector,
  type Facts,
  type Finding,
  type Http,
} from '@crosswalk/connectors/sdk'
import { issuesOf, Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'

type ProbeService = Pick<Service, 'allowHosts' | 'clock'>

/**
 * An account that is not a connection yet: nobody else calls it through us, so its calls need not wait.
 * @param told once for each call
 */
const freeGate = (told: () => void): CallGate => ({ acquire: async () => told(), blockUntil: () => {} })

/** How long the check and the preparation of an account may take together. */
const PROBE_MS = 90_000

/** Settings as the connector wants them. @throws Problem `bad_request` with an issue per field */
export function parseConnectorSettings(connector: Connector, input: unknown): Record<string, unknown> {
  const parsed = connector.settings.safeParse(input)
  if (parsed.success) return parsed.data as Record<string, unknown>
  throw new Problem('bad_request', 'The settings are not right.', {
    issues: issuesOf(parsed.error, ['body', 'settings']),
  })
}

/**
 * Makes sure that the address in the settings may be called, also what its name leads to.
 * @throws Problem `unsafe_address`, naming the setting
 */
export async function checkAddress(
  connector: Connector,
  settings: Record<string, unknown>,
  service: Pick<Service, 'allowHosts'>,
): Promise<void> {
  let address: string
  try {
    address = connector.http.baseUrl(settings, {})
  } catch {
    throw new Problem('unsafe_address', 'The settings contain no address that can be called.')
  }
  const checked = await checkBaseUrlResolved(address, { allowHosts: service.allowHosts })
  if (checked.ok) return
  const origin = URL.parse(address)?.origin
  const field = Object.entries(settings).find(
    ([, value]) => typeof value === 'string' && (value === address || URL.parse(value)?.origin === origin),
  )?.[0]
  throw new Problem('unsafe_address', checked.reason, {
    issues: [
      {
        path: ['body', 'settings', ...(field === undefined ? [] : [field])],
        message: checked.reason,
        expected: checked.remedy,
      },
    ],
  })
}

/** The HTTP side of an account that is being connected. Close it. */
export const openAccount = (
  connector: Connector,
  given: { settings: Record<string, unknown>; credentials: unknown; facts: () => Facts },
  service: ProbeService,
  told: () => void = () => {},
): Http =>
  createHttp({
    connector,
    settings: given.settings,
    facts: given.facts,
    credentials: () => given.credentials,
    origin: '',
    gate: freeGate(told),
    allowHosts: service.allowHosts,
  })

/** What was found out about an account. `ready` is false when a finding keeps it from being used. */
export interface Probed {
  ready: boolean
  findings: Finding[]
  /** Without the connector's name in front: it is added where keys are made. */
  origin: string
  account: string
  /** What the account calls itself; null where it does not tell. */
  identity: string | null
  facts: Facts
}

const blocks = (findings: readonly Finding[]): boolean =>
  findings.some((finding) => finding.state === 'failed' && finding.blocking)

/** Connectors may or may not put their name in front of an account's. */
export const bareOrigin = (connector: Pick<Connector, 'id'>, origin: string): string =>
  origin.startsWith(`${connector.id}:`) ? origin.slice(connector.id.length + 1) : origin

/**
 * Checks an account, and prepares it for writing where `mayPrepare` says so. Without blocking findings the result can be
 * saved. @throws ConnectorError for failures that tell nothing of the keys (limits, an unavailable system)
 */
export async function probeAccount(
  connector: Connector,
  http: Pick<Http, 'drive'>,
  given: { settings: Record<string, unknown>; facts: Facts; learn: (facts: Facts) => void },
  service: ProbeService,
  mayPrepare: (origin: string, account: string) => Promise<void>,
): Promise<Probed> {
  const signal = AbortSignal.timeout(PROBE_MS)
  const context = (facts: Facts, origin: string) => ({
    settings: given.settings,
    facts,
    origin,
    now: new Date(service.clock.now()),
  })
  const report = await http.drive(connector.check(context(given.facts, '')), { signal })
  const origin = bareOrigin(connector, report.origin)
  const { account, facts, identity = null } = report
  const result = { origin, account, facts, identity, findings: [...report.findings] }
  if (blocks(report.findings) || origin === '') return { ...result, ready: false }
  await mayPrepare(origin, report.account)
  given.learn(report.facts)
  if (!connector.prepare) return { ...result, ready: true }
  const prepared = await http.drive(connector.prepare(context(report.facts, origin)), { signal })
  const findings = [...report.findings, ...prepared.findings]
  return { ...result, facts: { ...report.facts, ...prepared.facts }, findings, ready: !blocks(findings) }
}
