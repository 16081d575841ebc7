import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../processes.ts'
import { buy, flowView, openScene, type FlowView, type Scene } from '../scene.ts'
import { goLive } from '../shop-to-crm.ts'
import { watch, type Watch } from './b-scene.ts'

let scene: Scene
let deals: FlowView
let seen: Watch

/** A flow of deals: HubSpot knows deals by a currency of the account, so one order among many can be refused. */
beforeAll(async () => {
  scene = await openScene({ webhooks: false })
  deals = flowView(
    scene,
    await goLive(scene.service.api, scene.ends, { document: 'deal', settings: { sweepSeconds: 86_400 } }),
    'deals',
  )
  seen = watch(scene, deals, 'deals')
})
afterEach(() => scene.world.crm.rules.clear())
afterAll(() => scene.close())

const creates = (object: string) =>
  seen.calls().filter((call) => call.url.endsWith(`/${object}/batch/create`)) as {
    status: number
    body: { inputs: unknown[] }
  }[]

/** Brings all orders over in pages of a hundred, which are batches of a hundred. */
async function backfill(): Promise<{ counts: { created: number; failed: number } }> {
  const run = await scene.service.api.runs.start({
    params: { flowId: deals.id },
    body: { kind: 'backfill', from: '2000-01-01T00:00:00Z' },
  })
  return until('the end of the run', async () => {
    const now = await scene.service.api.runs.get({ params: { runId: run.id } })
    return !['queued', 'running'].includes(now.state) && now
  })
}

const WHOLE_BATCH_REFUSED = {
  status: 'error',
  category: 'VALIDATION_ERROR',
  message: 'Property values were not valid',
}

describe('B8 a batch of a hundred with one invalid record', () => {
  it.each([
    ['207', false],
    ['400 for the whole batch', true],
  ])('B8 answered %s: ninety-nine are written, one says why', async (name, whole) => {
    const before = creates('deals').length
    if (whole) {
      seen.fail({
        path: '/deals/batch/create',
        times: 1,
        action: { kind: 'status', status: 400, body: WHOLE_BATCH_REFUSED },
      })
    }
    const ids = Array.from({ length: 100 }, (_, i) =>
      buy(scene, `${name.slice(0, 3)}.${i}@example.com`, i === 40 ? { currency: 'SEK' } : {}),
    )
    const bad = ids[40] as number
    expect((await backfill()).counts).toMatchObject({ created: 99, failed: 1 })
    expect(seen.wrong()).toEqual([`order ${bad} is there 0 times`])
    const failed = await deals.record(bad)
    expect(failed).toMatchObject({
      state: 'failed',
      error: { code: 'invalid', part: 'document', field: 'deal_currency_code' },
    })
    expect(failed.error?.message).toMatch(/does not take this currency/)
    expect((await seen.failures()).map((group) => group.count)).toEqual([1])
    // An order of an earlier test may be on the page, and one of this one on the next.
    const sent = creates('deals').slice(before).map((call) => call.body.inputs.length) // prettier-ignore
    expect(Math.max(...sent)).toBeGreaterThanOrEqual(98)
    if (whole) expect(sent).toEqual(expect.arrayContaining([50]))
    scene.world.shop.updateOrder(bad, { currency: 'EUR' })
    await scene.service.api.runs.start({ params: { flowId: deals.id }, body: { kind: 'sweep' } })
    await deals.synced(bad)
    expect(await seen.failures()).toEqual([])
    expect(seen.wrong()).toEqual([])
  })
})

describe('B9 a batch of a hundred of which one exists already', () => {
  const hundred = (name: string): number[] =>
    Array.from({ length: 100 }, (_, i) => buy(scene, `${name}${i}@example.com`))

  it('B9 a contact that sales made between our look and our create is linked, the others are made', async () => {
    seen.fail({ path: '/contacts/batch/create', times: 1, action: { kind: 'delay', ms: 1_500 } })
    const before = creates('contacts').length
    const rules = scene.world.crm.rules
    rules.add({ name: 'seen', path: '/contacts/batch/read', times: 1, action: { kind: 'delay', ms: 0 } })
    const ids = hundred('clash')
    const done = backfill()
    await until('the look', async () => rules.hits('seen') === 1)
    const made = scene.world.crm.createRecord('contacts', { email: 'clash7@example.com' })
    expect((await done).counts).toMatchObject({ created: 100, failed: 0 })
    expect(creates('contacts').length - before).toBeLessThanOrEqual(2)
    expect(deals.linked(ids[7] as number, 'contacts').map((one) => one.id)).toEqual([made.id])
    expect(seen.wrong()).toEqual([])
    expect(await seen.failures()).toEqual([])
  })

  it('B9 answered 409 for the whole batch: it is split, and all are there once', async () => {
    const known = scene.world.crm.createRecord('contacts', { email: 'other@example.com' })
    const conflict = {
      status: 'error',
      category: 'CONFLICT',
      message: `Contact already exists. Existing ID: ${known.id}`,
    }
    const hits = seen.fail({
      path: '/contacts/batch/create',
      times: 1,
      action: { kind: 'status', status: 409, body: conflict },
    })
    const ids = hundred('whole')
    expect((await backfill()).counts).toMatchObject({ created: 100, failed: 0 })
    expect(hits()).toBe(1)
    const linked = ids.flatMap((id) => deals.linked(id, 'contacts').map((one) => one.id))
    expect(new Set(linked).size).toBe(100)
    expect(linked).not.toContain(known.id)
    expect(seen.wrong()).toEqual([])
    expect(await seen.failures()).toEqual([])
  })

  it('B9 a deal of the key is there (our links were lost): it is continued, the others are made', async () => {
    const known = deals.document(scene.world.shop.orders()[0]?.id as number)
    const key = (id: number) => String(known?.properties['crosswalk_key']).replace(/[^:]+$/, String(id))
    const ids = hundred('deal')
    const made = scene.world.crm.createRecord('deals', {
      dealname: 'Made before',
      pipeline: 'default',
      dealstage: 'appointmentscheduled',
      crosswalk_key: key(ids[3] as number),
    })
    expect((await backfill()).counts).toMatchObject({ created: 99, updated: 1, failed: 0 })
    expect(deals.document(ids[3] as number)?.id).toBe(made.id)
    expect(deals.linked(ids[3] as number, 'line_items')).toHaveLength(2)
    expect(seen.wrong()).toEqual([])
  })
})
