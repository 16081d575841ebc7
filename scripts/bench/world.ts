import { randomBytes } from 'node:crypto'
import { freePort } from '../../test/e2e/free-port.ts'
import { startScript, type TestProcess } from '../../test/e2e/processes.ts'
import { makeHome, startServiceProcess, type ServiceProcess } from '../../test/e2e/service.ts'
import { DEFAULT_TOKEN } from '../../test/simulators/hubspot/index.ts'
import type { LimitOptions } from '../../test/simulators/hubspot/limits.ts'
import { startMeter } from './process-figures.ts'

/** A PostgreSQL server, or the embedded store where there is none. */
export type Server = { databaseUrl: string } | undefined

export interface Shop {
  url: string
  keys: { key: string; secret: string }[]
}

/** Shops and HubSpot accounts, of each kind one process. */
export interface Simulators {
  shops: Shop[]
  crms: string[]
  shopPid: number
  crmPid: number
  end: () => Promise<void>
}

export interface SimulatorOptions {
  /** Orders of each shop. */
  orders: number
  /** How many shops, each with an account of its own; 1 by default. */
  pairs?: number
  limits?: LimitOptions
}

const json = <T>(line: string): T | undefined => (line.startsWith('{') ? (JSON.parse(line) as T) : undefined)

export async function startSimulators(options: SimulatorOptions): Promise<Simulators> {
  const count = options.pairs ?? 1
  const shop = await startScript('scripts/bench/simulators/shop.ts', [JSON.stringify({ orders: options.orders, count })], {}, (line) => json<{ shops: Shop[] }>(line)) // prettier-ignore
  const crm = await startScript('scripts/bench/simulators/hubspot.ts', [JSON.stringify({ count, limits: options.limits })], { NODE_OPTIONS: '--max-old-space-size=20000' }, (line) => json<{ urls: string[] }>(line)) // prettier-ignore
  return {
    shops: shop.ready.shops,
    crms: crm.ready.urls,
    shopPid: shop.pid,
    crmPid: crm.pid,
    end: async () => void (await Promise.all([shop.end('SIGKILL'), crm.end('SIGKILL')])),
  }
}

/** Steers a simulator: `POST /__sim/{verb}`. */
export async function steer<T>(url: string, verb: string, input: unknown = {}, method = 'POST'): Promise<T> {
  const reply = await fetch(`${url}/__sim/${verb}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  })
  if (!reply.ok) throw new Error(`${verb}: ${reply.status} ${await reply.text()}`)
  return (await reply.json()) as T
}

/** The simulators, and the service between them: fresh store, every pair with a live flow of orders. */
export interface World extends Simulators {
  services: ServiceProcess[]
  api: ServiceProcess['api']
  flows: string[]
  meter: () => ReturnType<typeof startMeter>
}

export interface WorldOptions extends SimulatorOptions {
  server: Server
  /** How long the target takes for every answer, in ms, once all is connected. */
  latencyMs?: number
  /** Processes of the service, on one database; 1 by default. */
  processes?: number
  /** The shop is told where to send its notices. */
  webhooks?: boolean
  env?: Record<string, string>
}

export async function startWorld(options: WorldOptions): Promise<World> {
  const ending: Pick<TestProcess, 'end'>[] = []
  const home = await makeHome(options.server)
  const simulators = await startSimulators(options)
  const end = async (): Promise<void> => {
    await Promise.all(ending.map((entry) => entry.end('SIGKILL')))
    await simulators.end()
    await home.remove()
  }
  try {
    const hosts = [...simulators.shops.map((shop) => shop.url), ...simulators.crms].map((url) => new URL(url).host) // prettier-ignore
    const env = { MASTER_KEY: randomBytes(32).toString('hex'), ...options.env }
    const services: ServiceProcess[] = []
    for (let n = 0; n < (options.processes ?? 1); n++) {
      const port = n === 0 && options.webhooks ? { port: await freePort() } : {}
      services.push(await startServiceProcess(home, { hosts, env, ...port }))
      ending.push(services[n] as ServiceProcess)
    }
    const { api } = services[0] as ServiceProcess
    const flows: string[] = []
    for (const [n, shop] of simulators.shops.entries()) flows.push(await goLive(api, shop, simulators.crms[n] ?? '')) // prettier-ignore
    for (const crm of simulators.crms) await steer(crm, 'latency', { ms: options.latencyMs ?? 0 })
    const pids = {
      own: services.map((one) => one.pid),
      shop: simulators.shopPid,
      target: simulators.crmPid,
      postgres: options.server !== undefined,
    }
    return { ...simulators, services, api, flows, end, meter: () => startMeter(pids) }
  } catch (error) {
    await end()
    throw error
  }
}

async function goLive(api: ServiceProcess['api'], shop: Shop, crm: string): Promise<string> {
  const [key] = shop.keys
  const from = await api.connections.create({ body: { connector: 'woocommerce', settings: { shopUrl: shop.url }, credentials: { consumerKey: key?.key, consumerSecret: key?.secret } } }) // prettier-ignore
  const to = await api.connections.create({ body: { connector: 'hubspot', settings: { apiBaseUrl: crm }, credentials: { token: DEFAULT_TOKEN } } }) // prettier-ignore
  if (!from.connection || !to.connection) throw new Error('the simulators could not be connected')
  const flow = await api.flows.create({ body: { sourceConnectionId: from.connection.id, targetConnectionId: to.connection.id, entity: 'order', document: 'order', settings: { startDate: null } } }) // prettier-ignore
  const params = { flowId: flow.id }
  await api.flows.move({ params, body: { to: 'previewed' } })
  await api.flows.move({ params, body: { to: 'active' } })
  return flow.id
}
