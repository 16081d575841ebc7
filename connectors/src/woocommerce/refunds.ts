import type { Conversation, Facts } from '../sdk/index.ts'
import { add, type Refund } from '@crosswalk/shared/model'
import { gmt } from './dates.ts'
import { amount, metaMap, type NativeLine, type NativeOrder, type NativeRefund } from './native.ts'
import { idGroups, listOf, wc } from './rest.ts'
import { idOrNull, plain } from './text.ts'

/** Amounts of refunds without their sign: short totals and refund lines are negative, `amount` is not. */
const positive = (value: unknown): string => amount(value).replace(/^-/, '')

const byId = (a: { id: number }, b: { id: number }): number => a.id - b.id

/**
 * Refunds of an order in order of id: with lines where they were read in full, else totals only (their tax is then "0").
 */
export function decodeRefunds(order: NativeOrder): Refund[] {
  if (order.refund_records !== undefined) return order.refund_records.toSorted(byId).map(fullRefund)
  return (order.refunds ?? []).toSorted(byId).map((refund) => ({
    id: String(refund.id),
    createdAt: null,
    reason: plain(refund.reason),
    total: positive(refund.total),
    tax: '0',
    lines: [],
  }))
}

function fullRefund(refund: NativeRefund): Refund {
  const lines = [refund.line_items, refund.shipping_lines, refund.fee_lines].flatMap((list) => list ?? [])
  const taxes = lines.map((line) => positive(line.total_tax))
  return {
    id: String(refund.id),
    createdAt: gmt(refund.date_created_gmt),
    reason: plain(refund.reason),
    total: positive(refund.amount),
    tax: add(...taxes),
    lines: lines.map(refundLine),
  }
}

/** A refunded line. Lines refunded by amount alone have no quantity. */
function refundLine(line: NativeLine): Refund['lines'][number] {
  return {
    lineId: idOrNull(metaMap(line.meta_data)['_refunded_item_id']),
    sku: plain(line.sku),
    quantity: positive(line.quantity ?? 0),
    net: positive(line.total),
    tax: positive(line.total_tax),
  }
}

/** Orders with their refunds in full. Costs one call per order that has any; most have none. */
export function* withRefunds(orders: readonly NativeOrder[], facts: Facts): Conversation<NativeOrder[]> {
  const out: NativeOrder[] = []
  for (const order of orders) {
    const ids = (order.refunds ?? []).map((refund) => String(refund.id))
    if (ids.length === 0) {
      out.push(order)
      continue
    }
    const records: NativeRefund[] = []
    for (const group of idGroups(ids)) {
      const include = group.length === ids.length ? {} : { include: group.join(',') }
      // An order that was deleted a moment ago has no such route any more; the short form then has to do.
      const reply = yield {
        ...wc(facts, `/orders/${order.id}/refunds`, {
          per_page: '100',
          orderby: 'id',
          order: 'asc',
          ...include,
        }),
        accept: [404],
      }
      if (reply.status !== 404) records.push(...listOf<NativeRefund>(reply, 'refunds'))
    }
    out.push(records.length === 0 ? order : { ...order, refund_records: records })
  }
  return out
}
