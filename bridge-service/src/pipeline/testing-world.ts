// Test support: a store, a made-up shop and a made-up CRM, new for each test of a file that calls `useWorld`.
import type { OrderSettings } from '@crosswalk/shared/flows'
import type { Order } from '@crosswalk/shared/model'
import type { Store } from '../store/database.ts'
import { loadLinks } from '../store/links.ts'
import { embeddedTestStore } from '../store/testing.ts'
import { memoryCrm, memoryFlow, pipelineDeps, syncOnce, type MemoryCrm } from './testing.ts'

export let store: Store
export let crm: MemoryCrm
/** What the shop holds, by id. */
export let orders: Map<string, Order>
export let settings: Partial<OrderSettings>

type Hook = (work: () => Promise<void>, timeoutMs?: number) => void

/** Sets the world up around the tests of a file, with the hooks of its test runner. */
export function useWorld(runner: { beforeAll: Hook; beforeEach: Hook; afterAll: Hook }): void {
  const home = embeddedTestStore()
  runner.beforeAll(async () => {
    store = await home.open()
  }, 60_000)
  runner.afterAll(async () => {
    await store.close()
    await home.remove()
  })
  runner.beforeEach(async () => {
    crm = memoryCrm()
    orders = new Map()
    settings = {}
    for (const table of [
      'match_case',
      'failure',
      'record_edit',
      'record',
      'link',
      'dependency',
      'attempt',
      'attempt_pack',
      'intent',
    ] as const)
      await store.db.deleteFrom(table).execute()
  })
}

/** Gives the flow other settings for the rest of the test. */
export const configure = (given: Partial<OrderSettings>): void => void (settings = given)

export const place = (...placed: Order[]): void => placed.forEach((order) => orders.set(order.id, order))

/** Brings the named orders up to date in one batch, as a worker would, and stores what became of them. */
export const sync = (...ids: string[]) =>
  syncOnce(ids, memoryFlow(orders, crm, settings), pipelineDeps(store))
export const results = async (...ids: string[]) =>
  (await sync(...ids)).works.map((work) => work.outcome?.result)
export const stored = async (id: string) => (await loadLinks(store.db, 'flow_1', [id])).get(id)
