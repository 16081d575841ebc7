import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findNeed } from '../../scripts/test-needs.mjs'
import { startCutProxy, type CutProxy } from './cut-proxy.ts'
import { until } from './processes.ts'
import { buy, openScene, orderFlow, type FlowView, type Scene } from './scene.ts'
import { makeHome, startServiceProcess, type Home, type ServiceProcess } from './service.ts'

const TOKEN = 'scrape-me-0123456789'
/** Whatever of these stands in a log or in the metrics tells of a person, or is a secret. */
const PERSON = {
  first_name: 'Annamarker',
  last_name: 'Jansenmarker',
  company: 'Companymarker BV',
  address_1: 'Streetmarker 17',
  city: 'Citymarker',
  phone: '+31 6 5550 7788',
}

/** Samples of one metric whose labels hold `labels`. */
function samples(page: string, name: string, labels: Record<string, string> = {}): number[] {
  return page
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => Object.entries(labels).every(([key, value]) => line.includes(`${key}="${value}"`)))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)))
}
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
const metricsOf = async (service: ServiceProcess): Promise<string> =>
  (await fetch(`${service.url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })).text()
const readiness = async (service: ServiceProcess) => {
  const response = await fetch(`${service.url}/readyz`)
  const body = (await response.json()) as { reasons?: { what: string }[] }
  return { status: response.status, reasons: (body.reasons ?? []).map(({ what }) => what) }
}

describe('watching a service at work', () => {
  let scene: Scene
  let flow: FlowView
  beforeAll(async () => {
    scene = await openScene({ env: { METRICS_TOKEN: TOKEN, LOG_LEVEL: 'debug' } })
    flow = await orderFlow(scene)
  })
  afterAll(() => scene.close())

  it('counts what comes and what becomes of it, in metrics that only the token opens', async () => {
    const good = Array.from({ length: 5 }, (_, i) => buy(scene, `person${i}@marker.example.com`, {}, PERSON))
    for (const id of good) await flow.synced(id)
    scene.world.crm.rules.add({
      name: 'refused',
      path: '/orders/batch/create',
      action: {
        kind: 'status',
        status: 400,
        body: { status: 'error', category: 'VALIDATION_ERROR', message: 'Annamarker' },
      },
    })
    const bad = buy(scene, 'refused@marker.example.com', {}, PERSON)
    await flow.becomes(bad, 'failed')
    const forged = await fetch(scene.world.shop.webhooks()[0]?.deliveryUrl ?? '', {
      method: 'POST',
      headers: { 'x-wc-webhook-topic': 'order.updated', 'x-wc-webhook-signature': 'bm8=' },
      body: JSON.stringify({ id: 1, billing: PERSON }),
    })
    expect(forged.status).toBe(401)

    expect((await fetch(`${scene.service.url}/metrics`)).status).toBe(401)
    const page = await until('the figures', async () => {
      const text = await metricsOf(scene.service)
      return samples(text, 'crosswalk_failed_records', { flow: flow.id })[0] === 1 && text
    })
    const one = (name: string, labels: Record<string, string> = {}): number =>
      sum(samples(page, name, labels))
    expect(one('crosswalk_records_total', { flow: flow.id, outcome: 'created' })).toBe(5)
    expect(one('crosswalk_record_failures_total', { flow: flow.id, cause: 'invalid' })).toBeGreaterThan(0)
    expect(one('crosswalk_webhooks_total', { connector: 'woocommerce', result: 'accepted' })).toBeGreaterThan(5) // prettier-ignore
    expect(one('crosswalk_webhooks_total', { result: 'refused' })).toBe(1)
    expect(one('crosswalk_webhook_to_record_seconds_count', { flow: flow.id })).toBeGreaterThanOrEqual(6)
    expect(one('crosswalk_calls_total', { connection: scene.ends.crmId, outcome: 'ok' })).toBeGreaterThan(0)
    expect(one('crosswalk_call_budget_left', { connection: scene.ends.crmId, window: 'burst' })).toBeGreaterThan(0) // prettier-ignore
    for (const step of ['claim', 'read', 'select', 'resolve', 'map', 'compare', 'deliver', 'link']) {
      expect(one('crosswalk_step_duration_seconds_count', { step }), step).toBeGreaterThan(0)
    }
    expect(samples(page, 'crosswalk_lag_seconds', { flow: flow.id })).toHaveLength(1)
    expect(one('crosswalk_flow_state', { flow: flow.id, state: 'active' })).toBe(1)
    expect(one('crosswalk_process_ready')).toBe(1)
    expect(one('crosswalk_store_readable')).toBe(1)
    expect(one('crosswalk_store_bytes')).toBeGreaterThan(0)
    scene.world.crm.rules.clear()
  })

  it('its log and its metrics hold ids only: no person, no secret, also where something failed', async () => {
    const page = await metricsOf(scene.service)
    // What `npm start` prints for the user is no log line.
    const log = scene.service.lines.filter((line) => line.startsWith('{')).join('\n')
    expect(log).toContain('webhook refused')
    const [shopKey] = scene.world.shop.keys
    const secrets = [scene.service.key, shopKey?.key, shopKey?.secret, TOKEN].map(String)
    for (const text of [...Object.values(PERSON), 'marker', 'example.com', ...secrets]) {
      for (const seen of [log, page])
        expect(seen.toLowerCase().includes(text.toLowerCase()), text).toBe(false)
    }
    for (const line of log.split('\n')) expect(() => JSON.parse(line) as unknown).not.toThrow()
  })

  it('a process that is told to end says so while it drains, ends with 0, and what it had is done by the next', async () => {
    expect(await readiness(scene.service)).toEqual({ status: 200, reasons: [] })
    scene.world.crm.latencyMs = 1_500
    const before = scene.world.crm.calls.length
    const ids = [buy(scene, 'late1@marker.example.com'), buy(scene, 'late2@marker.example.com')]
    await until('calls to HubSpot', async () => scene.world.crm.calls.length > before)
    scene.service.child.kill('SIGTERM')
    expect(
      await until('it says that it stops', async () => {
        const { status, reasons } = await readiness(scene.service)
        return status === 503 && reasons
      }),
    ).toEqual(['stopping'])
    expect(await scene.service.exited).toBe(0)
    scene.world.crm.latencyMs = 0
    await scene.start()
    for (const id of ids) await flow.synced(id)
  })

  it('a second signal ends it at once', async () => {
    scene.world.crm.latencyMs = 3_000
    const before = scene.world.crm.calls.length
    buy(scene, 'held@marker.example.com')
    await until('calls to HubSpot', async () => scene.world.crm.calls.length > before)
    scene.service.child.kill('SIGTERM')
    await until('it stops', async () => scene.service.lines.some((line) => line.includes('"stopping"')))
    const began = Date.now()
    await until('it has ended', async () => {
      scene.service.child.kill('SIGTERM')
      return scene.service.child.exitCode !== null
    })
    expect(scene.service.child.exitCode).toBe(143)
    expect(Date.now() - began).toBeLessThan(5_000)
    scene.world.crm.latencyMs = 0
  })
})

const postgres = await findNeed('postgres')
if (!postgres.ok) console.warn('PostgreSQL is missing: a store that goes away is not tried.')

describe.skipIf(!postgres.ok)('a store that goes away', () => {
  let home: Home
  let wire: CutProxy
  let service: ServiceProcess
  beforeAll(async () => {
    const url = new URL(postgres.ok ? String(postgres.value) : '')
    wire = await startCutProxy(url.hostname, Number(url.port || 5432))
    home = await makeHome({ databaseUrl: url.href })
    url.port = String(wire.port)
    url.hostname = '127.0.0.1'
    service = await startServiceProcess(home, { env: { DATABASE_URL: url.href, METRICS_TOKEN: TOKEN } })
  })
  afterAll(async () => {
    await service.end('SIGKILL')
    await wire.close()
    await home.remove()
  })

  it('makes the service not ready, with the reason; it is alive all the same, and ready when the store is back', async () => {
    expect(await readiness(service)).toEqual({ status: 200, reasons: [] })
    wire.cut()
    const reasons = await until('not ready', async () => {
      const seen = await readiness(service)
      return seen.status === 503 && seen.reasons
    })
    expect(reasons).toContain('store')
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200)
    const page = await metricsOf(service)
    expect(samples(page, 'crosswalk_store_readable')).toEqual([0])
    expect(samples(page, 'crosswalk_process_ready')).toEqual([0])
    expect(samples(page, 'crosswalk_lag_seconds')).toEqual([])
    await until('no jobs are taken', async () => (await readiness(service)).reasons.includes('jobs'))
    wire.mend()
    await until('ready again', async () => (await readiness(service)).status === 200)
    expect(service.child.exitCode).toBeNull()
  })
})
