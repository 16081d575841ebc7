import { createFlowFor } from '../api/create-flow.ts'
import { moveFlowTo } from '../api/move-flow.ts'
import { connectWithKeys } from '../connections/connect.ts'
import type { Service } from '../service-types.ts'
import { updateConnection } from '../store/connections.ts'
import type { ConnectionRow, FlowRow } from '../store/schema.ts'
import { DEMO } from './remove-demo.ts'
import { startSimulatorProcess, type SimulatorProcess } from './simulator-process.ts'

/** Where the simulators are, from this file; a container image has no such folder. */
export const SIMULATORS = new URL('../../../test/simulators/', import.meta.url)

/** Orders that are made up besides the recorded ones, and seconds between two things that happen in the shop. */
export const GENERATED_ORDERS = 300
const TRAFFIC_SECONDS = 8
/** Once connected, answers take as long as a batch of a real account: what is seen is what one shows. */
const LATENCY_MS = 500
/** The least there is, so that a visitor sees new orders come across. */
const SWEEP_SECONDS = 30
/** Orders that nobody paid are left out, so that the demo shows what that looks like. */
const STATUSES = ['processing', 'on-hold', 'completed', 'cancelled', 'refunded']
const TOKEN = 'pat-eu1-demo'

/** The two simulators of one demo. */
export interface DemoSystems {
  shop: SimulatorProcess
  crm: SimulatorProcess
}

/** @throws Error when one of them does not start; the other is stopped then */
export async function startDemoSystems(folder: URL = SIMULATORS): Promise<DemoSystems> {
  const started = await Promise.allSettled([
    startSimulatorProcess(new URL('woocommerce/run.ts', folder), [
      '--recorded', '--orders', String(GENERATED_ORDERS), '--traffic', String(TRAFFIC_SECONDS), '--https', 'none', '--no-record',
    ]),
    startSimulatorProcess(new URL('hubspot/run.ts', folder), ['--token', TOKEN, '--no-record']),
  ]) // prettier-ignore
  const [shop, crm] = started
  if (shop.status === 'fulfilled' && crm.status === 'fulfilled') return { shop: shop.value, crm: crm.value }
  await Promise.all(started.map(async (one) => (one.status === 'fulfilled' ? one.value.stop() : undefined)))
  throw (started.find((one) => one.status === 'rejected') as PromiseRejectedResult).reason
}

/** Who the audit says did it. */
const callerOf = (workspaceId: string) => ({ workspaceId, role: 'owner' as const, actor: DEMO })

async function connect(
  service: Service,
  workspaceId: string,
  want: Parameters<typeof connectWithKeys>[2],
): Promise<ConnectionRow> {
  const { row, findings } = await connectWithKeys(service, callerOf(workspaceId), want)
  if (row === null) {
    const blocking = findings.find((finding) => finding.blocking)
    throw new Error(`${want.name ?? want.connector} could not be connected. ${blocking?.text ?? ''}`.trim())
  }
  await updateConnection(service.store.db, workspaceId, row.id, { environment: DEMO })
  return row
}

/** Through the simulator's own control route. */
const slowDown = async (crm: SimulatorProcess): Promise<unknown> =>
  fetch(`${crm.url}/__sim/latency`, { method: 'POST', body: JSON.stringify({ ms: LATENCY_MS }) })

/**
 * Connects the two, makes the flow of orders to deals, looks at its preview, sets it live and brings all earlier orders
 * over: the same steps, by the same code, as with real accounts.
 * @throws Problem, ConnectorError, FlowNotReady or Error, with what went wrong
 */
export async function buildDemo(
  service: Service,
  workspaceId: string,
  systems: DemoSystems,
): Promise<FlowRow> {
  const [key] = systems.shop.told['keys'] as { key: string; secret: string }[]
  const shop = await connect(service, workspaceId, {
    connector: 'woocommerce',
    name: 'Demo shop',
    settings: { shopUrl: systems.shop.url },
    credentials: { consumerKey: key?.key, consumerSecret: key?.secret },
  })
  const crm = await connect(service, workspaceId, {
    connector: 'hubspot',
    name: 'Demo HubSpot',
    method: 'static',
    settings: { apiBaseUrl: systems.crm.url },
    credentials: { token: TOKEN },
  })
  const caller = callerOf(workspaceId)
  const draft = await createFlowFor(service, caller, {
    name: 'Demo: orders become deals',
    sourceConnectionId: shop.id,
    targetConnectionId: crm.id,
    entity: 'order',
    document: 'deal',
    settings: { startDate: null, sweepSeconds: SWEEP_SECONDS, statuses: STATUSES },
  })
  await service.preview(draft, { limit: 10 })
  const previewed = await moveFlowTo(service, caller, draft, 'previewed')
  const live = await moveFlowTo(service, caller, previewed, 'active')
  await slowDown(systems.crm)
  await service.runs.start(live, { kind: 'backfill', from: null, requestedBy: DEMO })
  return live
}
