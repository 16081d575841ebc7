import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FailureRules } from '../../simulators/failure-rules.ts'
import { seededRandom } from '../../simulators/woocommerce/php.ts'
import { disagreements } from '../checker.ts'
import { until } from '../processes.ts'
import { openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { watch, type Watch } from './b-scene.ts'

const SEED = 29
const HISTORY = 150
const STATUSES = [500, 502, 503, 504]

let scene: Scene
let flow: FlowView
let seen: Watch

beforeAll(async () => {
  scene = await openScene({
    world: { shop: { orderCount: HISTORY, seed: SEED }, crm: { random: seededRandom(SEED) } },
  })
  flow = await orderFlow(scene)
  seen = watch(scene, flow)
})
afterAll(() => scene.close())

/** One call in twenty fails; of HubSpot's half are carried out all the same. */
function breakSome(rules: FailureRules, path: string, after: boolean): () => number {
  const names = STATUSES.flatMap((status) => (after ? ['status', 'apply_then_status'] : ['status']).map((kind) => { // prettier-ignore
    const name = `${kind} ${status}`
    const chance = 0.05 / STATUSES.length / (after ? 2 : 1)
    rules.add({ name, path, chance, action: { kind, status } as never })
    return name
  })) // prettier-ignore
  return () => names.reduce((sum, name) => sum + rules.hits(name), 0)
}

it('B3 500, 502, 503 and 504 to one call in twenty, on both sides: all is synced, nothing is double', async () => {
  const { shop, crm } = scene.world
  const atShop = breakSome(shop.rules, '/wp-json/wc/', false)
  const atCrm = breakSome(crm.rules, '^/crm/', true)
  const run = await scene.service.api.runs.start({
    params: { flowId: flow.id },
    body: { kind: 'backfill', from: '2000-01-01T00:00:00Z' },
  })
  const ids: number[] = []
  for (let wave = 0; wave < 60 && (atShop() < 3 || atCrm() < 6); wave += 1) {
    ids.push(...seen.several(2, `wave${wave}.`, (i) => ({ company: `Wave ${wave % 5} ${i}` })))
    await seen.told()
    await until('work', async () => flow.document(ids.at(-1) as number) !== undefined)
  }
  expect([atShop() >= 3, atCrm() >= 6], `hits ${atShop()} and ${atCrm()} with seed ${SEED}`).toEqual([true, true]) // prettier-ignore
  await seen.allSynced(ids, 90_000)
  const ended = await until('the end of the run', async () => {
    const now = await scene.service.api.runs.get({ params: { runId: run.id } })
    return !['queued', 'running'].includes(now.state) && now
  })
  expect(ended).toMatchObject({ state: 'succeeded' })
  shop.rules.clear()
  crm.rules.clear()
  const behind = async () => {
    const { items } = await scene.service.api.records.list({ query: { flowId: flow.id, state: 'pending' } })
    return items.length
  }
  await until('nothing pending', async () => (await behind()) === 0)
  expect(disagreements(shop, crm, (order) => order['status'] !== 'checkout-draft')).toEqual([])
  expect(seen.orphans()).toBe(0)
  expect(seen.doubles('products', 'hs_sku')).toEqual([])
  expect(seen.doubles('companies', 'crosswalk_key')).toEqual([])
  expect(seen.doubles('line_items', 'crosswalk_key')).toEqual([])
  expect(await seen.failures()).toEqual([])
})
