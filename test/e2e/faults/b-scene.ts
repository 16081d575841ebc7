import type { FailureRule } from '../../simulators/failure-rules.ts'
import type { SimCall } from '../../simulators/server.ts'
import { disagreements } from '../checker.ts'
import { until } from '../processes.ts'
import { buy, type CrmRecord, type FlowView, type Scene } from '../scene.ts'

/** What tests of calls that fail look at; `flow` is the one whose records they watch. */
export function watch(scene: Scene, flow: FlowView, document: 'orders' | 'deals' = 'orders') {
  const { shop, crm } = scene.world
  const isApi = (call: SimCall): boolean => call.url.startsWith('/crm/')
  return {
    /** Somebody buys `count` times, each time another buyer. @returns the orders' ids */
    several: (count: number, name: string, billing: (i: number) => object = () => ({}), more: object = {}) =>
      Array.from({ length: count }, (_, i) => buy(scene, `${name}${i}@example.com`, { ...more }, billing(i))),
    allSynced: async (ids: readonly number[], timeoutMs?: number): Promise<void> => {
      for (const id of ids) await flow.synced(id, () => true, timeoutMs)
    },
    /** Adds a failure rule at HubSpot, and tells how often it has hit. */
    fail: (rule: Omit<FailureRule, 'name'>): (() => number) => {
      const name = `rule ${Math.random()}`
      crm.rules.add({ name, ...rule })
      return () => crm.rules.hits(name)
    },
    calls: (): SimCall[] => crm.calls.filter(isApi),
    wrong: () => disagreements(shop, crm, (order) => order['status'] !== 'trash', document),
    orphans: (): number => crm.summary({}).orphanLineItems,
    /** Causes for which single records fail. */
    failures: async () => (await scene.service.api.failures.groups()).items.filter(({ count }) => count > 0),
    contacts: (email: string): CrmRecord[] =>
      crm.all('contacts').filter((one) => one.properties['email'] === email),
    /** Values that more than one record of an object has, by a property. */
    doubles: (object: string, property: string): unknown[] => {
      const values = crm.all(object).map((one) => one.properties[property])
      return values.filter((value, i) => value && values.indexOf(value) !== i)
    },
    overview: async () => {
      const { connections } = await scene.service.api.overview.get({ query: {} })
      return connections.find((one) => one.id === scene.ends.crmId)
    },
    connection: () => scene.service.api.connections.get({ params: { connectionId: scene.ends.crmId } }),
    /** Waits until everything the shop had to tell was told. */
    told: () => until('the deliveries', async () => shop.pendingDeliveries() === 0),
  }
}
export type Watch = ReturnType<typeof watch>
