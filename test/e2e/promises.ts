import type { HubSpotSimulator } from '../simulators/hubspot/index.ts'
import type { WooCommerceSimulator } from '../simulators/woocommerce/index.ts'
import { betweenShops, doubles, orphans } from './promises-target.ts'
import { orderProblems, type ShopOrder, type TargetRecord } from './promises-order.ts'

/** A shop, and what the service itself says of its orders. */
export interface ShopSide {
  shop: WooCommerceSimulator
  /** Orders in the service's own list of failures, with the reason it gives: the only excuse for a missing order. */
  failed?: ReadonlyMap<string, string>
  /** Orders the service lists as unfinished; at the end there must be none. */
  pending?: readonly string[]
  /** Orders that were removed for good before the shop had told anybody that they went to the trash. */
  untold?: ReadonlySet<string>
}

/** What promises P1 to P8 are judged by: records of the simulators and lists of the service, nothing else. */
export interface Evidence {
  crm: HubSpotSimulator
  shops: readonly ShopSide[]
  document?: 'orders' | 'deals'
  /** What the service printed. */
  lines?: readonly string[]
  /** Names, addresses and secrets that no line may hold. */
  secret?: readonly string[]
  /** Calls to the target, and how many are still no storm. */
  calls?: { made: number; most: number }
}

/** Statuses of orders that no flow brings over: unfinished checkouts. */
const UNFINISHED = new Set(['checkout-draft', 'auto-draft'])

/**
 * What is wrong, as sentences that begin with the promise that is broken; empty when all hold: nothing lost (P1), double
 * (P2), half (P3) or stale (P4), nothing of one shop in another's records (P5), no storm and nothing stuck (P6), a reason
 * for every failure (P7), no person and no secret in the log (P8).
 */
export function brokenPromises(evidence: Evidence): string[] {
  const { crm, document = 'orders' } = evidence
  const wrong: string[] = []
  const documents = new Map<string, TargetRecord[]>()
  for (const record of crm.all(document)) {
    const key = record.properties['crosswalk_key'] ?? ''
    documents.set(key, [...(documents.get(key) ?? []), record])
  }
  for (const side of evidence.shops) wrong.push(...ofShop(side, documents, evidence))
  wrong.push(...doubles(crm, document), ...orphans(crm), ...betweenShops(crm, document, originsOf(evidence)))
  const { calls } = evidence
  if (calls && calls.made > calls.most) {
    wrong.push(`P6: ${calls.made} calls were made; more than ${calls.most} is a storm`)
  }
  for (const text of evidence.secret ?? []) {
    const line = evidence.lines?.find((one) => one.includes(text))
    if (line !== undefined) wrong.push(`P8: the log says "${text}": ${line.slice(0, 200)}`)
  }
  return wrong
}

/** How keys of a shop's records begin. */
const originOf = (shop: WooCommerceSimulator): string => `woocommerce:${new URL(shop.url).host}`
const originsOf = (evidence: Evidence): string[] => evidence.shops.map(({ shop }) => originOf(shop))

function ofShop(
  side: ShopSide,
  documents: ReadonlyMap<string, readonly TargetRecord[]>,
  { crm, document = 'orders' }: Evidence,
): string[] {
  const origin = originOf(side.shop)
  const wrong: string[] = []
  const present = new Set<string>()
  for (const order of side.shop.orders() as unknown as ShopOrder[]) {
    const id = String(order.id)
    const found = documents.get(`${origin}:${id}`) ?? []
    present.add(`${origin}:${id}`)
    if (found.length > 1) wrong.push(`P2: order ${id} is there ${found.length} times`)
    const [record] = found
    if (order.status === 'trash') {
      if (record && !saysDeleted(record)) wrong.push(`P4: order ${id} is in the trash and not marked`)
      continue
    }
    const reason = side.failed?.get(id)
    if (reason !== undefined) {
      if (!/\w+ \w+/.test(reason)) wrong.push(`P7: order ${id} failed and nobody says why: "${reason}"`)
      continue
    }
    if (record) wrong.push(...orderProblems(order, record, crm, document))
    else if (!UNFINISHED.has(order.status)) wrong.push(`P1: order ${id} (${order.status}) is lost`)
  }
  for (const [key, [record]] of documents) {
    if (!key.startsWith(`${origin}:`) || present.has(key) || !record || saysDeleted(record)) continue
    if (side.untold?.has(key.slice(origin.length + 1))) continue
    wrong.push(`P4: ${key} is gone in the shop and not marked`)
  }
  for (const id of side.pending ?? []) wrong.push(`P6: order ${id} is unfinished and nobody works on it`)
  return wrong
}

const saysDeleted = (record: TargetRecord): boolean =>
  record.properties['crosswalk_source_status'] === 'deleted'
