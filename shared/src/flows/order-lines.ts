import { add, divide, isNegative, isZero, multiply, negate, round, subtract } from '../model/money.ts'
import type { Order, OrderLine, Refund } from '../model/order.ts'
import type { OrderSettings } from './order.ts'

/** Settings that decide which lines a document has. */
export type LineSettings = Pick<
  OrderSettings,
  'shippingAs' | 'feesAs' | 'discountsAs' | 'refundsAs' | 'roundingLine'
>

/**
 * The lines a target document gets: products in their order, then shipping and fees where they are told as lines,
 * refunds where they are negative lines, and a rounding line where one is wanted and the total needs it. With
 * discounts as a share, amounts are after each line's discount, as the source has them; with discounts as a property
 * they are before it, and tax is scaled along (to 12 digits, where the shop may have rounded).
 */
export function documentLines(order: Order, settings: LineSettings): OrderLine[] {
  const share = settings.discountsAs === 'line_share'
  const lines = share ? [...order.lines] : order.lines.map(beforeDiscount)
  if (settings.shippingAs === 'line') lines.push(...order.shippingLines)
  if (settings.feesAs === 'line') lines.push(...order.fees)
  if (settings.refundsAs === 'negative_line') {
    for (const refund of order.refunds) lines.push(...refundLines(refund, order))
  }
  if (settings.roundingLine && !isZero(order.totals.rounding)) lines.push(roundingLine(order))
  return lines
}

function beforeDiscount(line: OrderLine): OrderLine {
  if (isZero(line.discount)) return line
  const net = add(line.net, line.discount)
  // A line given away whole has no tax to scale; its rate tells what it would have been.
  const byRate = line.taxRate === null ? '0' : divide(multiply(net, line.taxRate), 100)
  const tax = isZero(line.net) ? byRate : divide(multiply(line.tax, net), line.net)
  const shown = trimZeros(round(tax, 12))
  return { ...line, discount: '0', net, tax: shown, gross: add(net, shown) }
}

const trimZeros = (amount: string): string =>
  amount.includes('.') ? amount.replace(/0+$/, '').replace(/\.$/, '') : amount

const blank = (id: string, kind: OrderLine['kind'], name: string): OrderLine => ({
  id, kind, name, sku: '', gtin: '', productId: null, variantId: null, quantity: '1', unitNet: '0', unitGross: '0',
  discount: '0', net: '0', tax: '0', gross: '0', taxRate: null, taxClass: '', options: [], code: '', native: {},
}) // prettier-ignore

function roundingLine(order: Order): OrderLine {
  const { rounding } = order.totals
  return { ...blank('rounding', 'fee', 'Rounding'), unitNet: rounding, unitGross: rounding, net: rounding, gross: rounding, code: 'rounding' } // prettier-ignore
}

/** A refund as negative lines; what it gives back beyond its lines is a line of its own, so that the sums agree. */
function refundLines(refund: Refund, order: Order): OrderLine[] {
  const all = [...order.lines, ...order.shippingLines, ...order.fees]
  const lines = refund.lines.map((part, i) => {
    const of = all.find((line) => line.id === part.lineId)
    const name = `Refund: ${of?.name ?? (part.sku === '' ? 'part of the order' : part.sku)}`
    const base = of ? { ...of, discount: '0', native: {} } : { ...blank('', 'product', name), sku: part.sku }
    return negativeLine({ ...base, id: `refund:${refund.id}:${i}`, name }, part.quantity, part.net, part.tax)
  })
  const net = add(...refund.lines.map((part) => part.net))
  const tax = add(...refund.lines.map((part) => part.tax))
  const restTax = subtract(refund.tax, tax)
  const restNet = subtract(subtract(refund.total, refund.tax), net)
  if (isZero(restTax) && isZero(restNet)) return lines
  const name = refund.reason === '' ? 'Refund' : `Refund: ${refund.reason}`
  return [...lines, negativeLine(blank(`refund:${refund.id}:rest`, 'fee', name), '1', restNet, restTax)]
}

/** Quantity below zero at a price above; a refund of money without goods counts as one piece. */
function negativeLine(base: OrderLine, quantity: string, net: string, tax: string): OrderLine {
  const pieces = isZero(quantity) ? '1' : isNegative(quantity) ? negate(quantity) : quantity
  const gross = add(net, tax)
  return {
    ...base,
    quantity: negate(pieces),
    unitNet: divide(net, pieces),
    unitGross: divide(gross, pieces),
    net: negate(net),
    tax: negate(tax),
    gross: negate(gross),
  }
}
