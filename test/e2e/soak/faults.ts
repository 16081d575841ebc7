import { rateLimitBody, type HubSpotSimulator } from '../../simulators/hubspot/index.ts'
import type { FailureRule } from '../../simulators/failure-rules.ts'
import type { WooCommerceSimulator } from '../../simulators/woocommerce/index.ts'
import type { Chance } from './chance.ts'

const OBJECTS = ['companies', 'contacts', 'products', 'orders', 'line_items']
const VERBS = ['/batch/create', '/batch/create', '/batch/create', '/batch/update', '/batch/read', '/batch/archive', '/search$'] // prettier-ignore
const BROKEN = [500, 502, 503, 504]

type Action = FailureRule['action']

/** Ways in which a call fails before or after it was carried out. */
function actionOf(chance: Chance): Action {
  const kind = chance.weighted({ limit: 3, daily: 0.3, status: 3, cut: 3, applyCut: 5, applyStatus: 3, unreadable: 1 }) // prettier-ignore
  const retryAfter = { 'retry-after': String(chance.whole(1, 12)) }
  switch (kind) {
    case 'limit': {
      const headers = chance.share() < 0.6 ? retryAfter : {}
      const policy = chance.pick(['TEN_SECONDLY_ROLLING', 'SECONDLY'] as const)
      return { kind: 'status', status: 429, body: rateLimitBody(policy), headers }
    }
    case 'daily':
      return { kind: 'status', status: 429, body: rateLimitBody('DAILY'), headers: { 'retry-after': '300' } }
    case 'status':
      return { kind: 'status', status: chance.pick(BROKEN), headers: chance.share() < 0.3 ? retryAfter : {} }
    case 'cut':
      return { kind: 'cut' }
    case 'applyCut':
      return { kind: 'apply_then_cut' }
    case 'applyStatus':
      return { kind: 'apply_then_status', status: chance.pick(BROKEN) }
    case 'unreadable':
      return { kind: 'apply_then_status', status: 200, body: { oops: true } }
  }
}

/** Lets the next calls of a kind at HubSpot fail. */
export function disturbTarget(crm: HubSpotSimulator, chance: Chance, name: string): void {
  const path = chance.share() < 0.15 ? '^/crm/' : `/${chance.pick(OBJECTS)}.*${chance.pick(VERBS)}`
  crm.rules.add({ name, path, times: chance.whole(1, 3), skip: chance.whole(0, 2), action: actionOf(chance) })
}

/** Lets the next reads at the shop fail. */
export function disturbSource(shop: WooCommerceSimulator, chance: Chance, name: string): void {
  const action: Action = chance.pick<Action>([
    { kind: 'status', status: 429, headers: { 'retry-after': '3' } },
    { kind: 'status', status: chance.pick(BROKEN) },
    { kind: 'cut' },
    { kind: 'apply_then_cut' },
  ])
  shop.rules.add({ name, path: '/wc/v3/orders', times: chance.whole(1, 4), action })
}
