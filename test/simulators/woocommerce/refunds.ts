import { idsOf, listAnswer, pageHeaders, pagingOf, spanOf, within } from './collections.ts'
import { gmt, local } from './dates.ts'
import { ApiError, noTrash } from './errors.ts'
import type { FeeLine, LineItem, Order, RateTax, Refund, ShippingLine } from './model.ts'
import { feeLineJson, lineJson, shippingLineJson, taxLineJson } from './order-json.ts'
import { lineProduct, moveStock, setLineMeta, setStatus } from './order-status.ts'
import { saveOrder } from './order-write.ts'
import { findOrder, readOrder } from './orders.ts'
import { array, boolean, collectionRules, dateRules, integers, string } from './params.ts'
import { bool, decimal, isObject, list, number, round, text, type Json } from './php.ts'
import { stockHolder } from './prices.ts'
import { route, type Answer, type Call, type Route } from './router.ts'
import { nextId, now, restUrl, type Shop } from './state.ts'
import { newTaxLine } from './totals.ts'

/** A refund as its own routes show it; `/refunds` over all orders adds `parent_id`. */
export function refundJson(shop: Shop, refund: Refund, across = false, dp = shop.decimals): Json {
  const money = (amount: number): string => decimal(amount, dp)
  const path = `/wc/v3/orders/${refund.orderId}`
  const cost = refund.lines.reduce((sum, line) => sum + (line.cost ?? 0) * line.quantity, 0)
  return {
    id: refund.id,
    ...(across ? { parent_id: refund.orderId } : {}),
    date_created: local(refund.createdAt, shop.site),
    date_created_gmt: gmt(refund.createdAt),
    amount: money(refund.amount),
    reason: refund.reason,
    refunded_by: 1,
    refunded_payment: refund.refundedPayment,
    meta_data: [{ id: refund.metaId, key: '_refund_type', value: 'partial' }],
    line_items: refund.lines.map((line) => lineJson(line, money)),
    shipping_lines: refund.shippingLines.map((line) => shippingLineJson(line, money)),
    tax_lines: refund.taxLines.map((line) => taxLineJson(line, money)),
    fee_lines: refund.feeLines.map((line) => feeLineJson(line, money)),
    cost_of_goods_sold: { value: cost || 0 },
    _links: {
      self: [
        { href: restUrl(shop, `${path}/refunds/${refund.id}`), targetHints: { allow: ['GET', 'DELETE'] } },
      ],
      collection: [{ href: restUrl(shop, `${path}/refunds`) }],
      up: [{ href: restUrl(shop, path) }],
    },
  }
}

const sumTax = (taxes: RateTax[]): number => taxes.reduce((sum, tax) => sum + tax.total, 0)

function negativeTaxes(sent: unknown, withSubtotal: boolean): RateTax[] {
  return list(sent)
    .filter(isObject)
    .map((tax) => {
      const total = -number(tax['refund_total'] ?? tax['total'])
      return { id: number(tax['id']), total, subtotal: withSubtotal ? total : null }
    })
}

/** Lines of a refund: negative, pointing at the line they take back by `_refunded_item_id`. */
function refundLine(shop: Shop, line: LineItem, sent: Json): LineItem {
  const taxes = negativeTaxes(sent['refund_tax'], true)
  const total = -number(sent['refund_total'])
  const key = '_refunded_item_id'
  const value = String(line.id)
  return {
    ...line,
    id: nextId(shop, 'item'),
    quantity: -number(sent['quantity']) || 0,
    subtotal: total,
    total,
    subtotalTax: sumTax(taxes),
    totalTax: sumTax(taxes),
    taxes,
    meta: [{ id: nextId(shop, 'meta'), key, value, displayKey: key, displayValue: value }],
  }
}

function refundOther<T extends FeeLine | ShippingLine>(shop: Shop, line: T, sent: Json): T {
  const taxes = negativeTaxes(sent['refund_tax'], false)
  const meta = [{ id: nextId(shop, 'meta'), key: '_refunded_item_id', value: String(line.id) }]
  const total = -number(sent['refund_total'])
  return { ...line, id: nextId(shop, 'item'), total, totalTax: sumTax(taxes), taxes, meta }
}

const failed = (message: string): ApiError =>
  new ApiError(500, 'woocommerce_rest_cannot_create_order_refund', message, 500)

/** `api_refund`, which is on by default, hands the money back through the gateway; offline ones cannot. */
function checkGateway(method: string): void {
  if (method === '') throw failed('The payment gateway for this order does not exist.')
  if (['bacs', 'cheque', 'cod'].includes(method)) {
    throw failed('The payment gateway for this order does not support automatic refunds.')
  }
}

/** `POST /orders/{id}/refunds`: by amount, by lines, or both. Above the remainder it is a 500. */
export function createRefund(shop: Shop, order: Order, sent: Json): Refund {
  const entries = list(sent['line_items']).filter(isObject)
  const lines = entries.flatMap((one) =>
    order.lines.filter((l) => l.id === number(one['id'])).map((l) => refundLine(shop, l, one)),
  )
  const shippingLines = entries.flatMap((one) =>
    order.shippingLines.filter((l) => l.id === number(one['id'])).map((l) => refundOther(shop, l, one)),
  )
  const feeLines = entries.flatMap((one) =>
    order.feeLines.filter((l) => l.id === number(one['id'])).map((l) => refundOther(shop, l, one)),
  )
  const all = [...lines, ...shippingLines, ...feeLines]
  const byLines = round(-all.reduce((sum, line) => sum + line.total + line.totalTax, 0), shop.decimals)
  const amount = sent['amount'] === undefined ? byLines : round(number(sent['amount']), shop.decimals)
  const left = round(order.total - order.refunds.reduce((sum, one) => sum + one.amount, 0), shop.decimals)
  if (amount <= 0 || amount > left) throw failed('Invalid refund amount.')
  const byGateway = sent['api_refund'] === undefined || bool(sent['api_refund'])
  if (byGateway) checkGateway(order.paymentMethod)
  const refund: Refund = {
    id: nextId(shop, 'post'),
    orderId: order.id,
    createdAt: now(shop),
    amount,
    reason: text(sent['reason']),
    refundedPayment: byGateway,
    metaId: nextId(shop, 'meta'),
    lines,
    shippingLines,
    feeLines,
    taxLines: refundTaxLines(shop, lines, [...shippingLines], [...feeLines]),
  }
  order.refunds = [...order.refunds, refund]
  if (sent['api_restock'] === undefined || bool(sent['api_restock'])) restock(shop, order, entries)
  if (round(left - amount, shop.decimals) === 0) setStatus(shop, order, 'refunded')
  saveOrder(shop, order)
  return refund
}

function refundTaxLines(shop: Shop, lines: LineItem[], shipping: ShippingLine[], fees: FeeLine[]) {
  const result = new Map<number, ReturnType<typeof newTaxLine>>()
  const at = (id: number) => {
    const held = result.get(id) ?? newTaxLine(shop, id, nextId(shop, 'item'))
    result.set(id, held)
    return held
  }
  for (const line of [...lines, ...fees]) for (const tax of line.taxes) at(tax.id).tax += tax.total
  for (const line of shipping) for (const tax of line.taxes) at(tax.id).shippingTax += tax.total
  return [...result.values()]
}

function restock(shop: Shop, order: Order, entries: Json[]): void {
  for (const sent of entries) {
    const line = order.lines.find((one) => one.id === number(sent['id']))
    const quantity = number(sent['quantity'])
    const product = line ? lineProduct(shop, line) : undefined
    const holder = product ? stockHolder(shop, product) : null
    const taken = number(line?.meta.find((one) => one.key === '_reduced_stock')?.value)
    const back = Math.min(quantity, taken)
    if (!line || !holder || back <= 0) continue
    moveStock(shop, holder, back)
    setLineMeta(shop, line, '_reduced_stock', String(taken - back))
    const before = number(line.meta.find((one) => one.key === '_restock_refunded_items')?.value)
    setLineMeta(shop, line, '_restock_refunded_items', String(before + back))
  }
}

function listAll(call: Call): Answer {
  const { shop, params } = call
  const span = spanOf(shop, params, 'after', 'before')
  const parents = idsOf(params['parent'])
  const dp = params['dp'] === undefined ? shop.decimals : number(params['dp'])
  const descending = text(params['order']) !== 'asc'
  const entries = shop.orders
    .sorted('id')
    .filter((entry) => entry.refunded && entry.status !== 'trash' && (!parents || parents.has(entry.id)))
  const refunds = entries
    .flatMap((entry) => shop.orders.load(entry).refunds)
    .filter((one) => within(one.createdAt, span))
    .sort((a, b) => (descending ? -1 : 1) * (a.createdAt - b.createdAt || a.id - b.id))
  const { offset, perPage } = pagingOf(params)
  const page = refunds.slice(offset, offset + perPage)
  return {
    body: page.map((one) => refundJson(shop, one, true, dp)),
    headers: pageHeaders(call, refunds.length),
  }
}

function find(order: Order, id: number): Refund {
  const refund = order.refunds.find((one) => one.id === id)
  if (refund) return refund
  throw new ApiError(404, 'woocommerce_rest_shop_order_refund_invalid_id', 'Invalid ID.')
}

/** Takes a refund back. The order's date does not move and no webhook fires. */
function remove(call: Call): Json {
  const { shop, ids, params } = call
  const order = findOrder(shop, Number(ids['order_id']))
  const refund = find(order, Number(ids['id']))
  if (!bool(params['force'])) throw noTrash('shop_order_refunds')
  order.refunds = order.refunds.filter((one) => one !== refund)
  shop.orders.changed(order)
  return refundJson(shop, refund)
}

const collection = '/wc/v3/orders/(?P<order_id>[\\d]+)/refunds'

/** Routes of `/orders/{id}/refunds` and of `/refunds` over all orders. */
export function refundRoutes(): Route[] {
  const orderId = (call: Call): number => Number(call.ids['order_id'])
  const listRules = collectionRules(['date', 'id', 'include', 'title', 'slug', 'modified'], {
    ...dateRules,
    parent: integers,
    search: string,
  })
  return [
    route('/wc/v3/refunds', { list: { run: listAll, rules: listRules } }),
    route(collection, {
      list: {
        rules: listRules,
        run: (call) =>
          listAnswer(call, readOrder(call.shop, orderId(call)).refunds, {
            orders: { date: (one) => one.createdAt },
            orderby: 'date',
            id: (one) => one.id,
            json: (one) => refundJson(call.shop, one),
          }),
      },
      create: {
        rules: {
          amount: string,
          reason: string,
          api_refund: boolean,
          api_restock: boolean,
          line_items: array,
        },
        run: (call) => {
          const refund = createRefund(call.shop, findOrder(call.shop, orderId(call)), call.params)
          const location = restUrl(call.shop, `${collection}/${refund.id}`)
          return { status: 201, body: refundJson(call.shop, refund), headers: { location } }
        },
      },
    }),
    route(`${collection}/(?P<id>[\\d]+)`, {
      view: {
        run: (call) => ({
          body: refundJson(call.shop, find(readOrder(call.shop, orderId(call)), Number(call.ids['id']))),
        }),
      },
      remove: { run: (call) => ({ body: remove(call) }) },
    }),
  ]
}
