import { badRequest } from './errors.ts'
import type { FeeLine, LineItem, Order, Product, ShippingLine } from './model.ts'
import { isObject, list, number, round, text, type Json } from './php.ts'
import { priceOf, skuOf, taxClassOf } from './prices.ts'
import { fullName, termSlug } from './product-json.ts'
import { mergeMeta } from './meta.ts'
import { applyCoupon } from './discounts.ts'
import { bySku, nextId, type Shop } from './state.ts'
import { netPrice } from './tax.ts'

type Ids = { item: () => number; meta: () => number }
const shopIds = (shop: Shop): Ids => ({ item: () => nextId(shop, 'item'), meta: () => nextId(shop, 'meta') })

/** A priced line for `quantity` pieces of a product; `product` null makes the empty line of an unknown id. */
export function newLine(
  shop: Shop,
  product: Product | null,
  quantity: number,
  ids: Ids = shopIds(shop),
): LineItem {
  const variation = product?.type === 'variation'
  const parent = variation ? shop.products.get(product.parentId) : undefined
  const taxClass = product ? taxClassOf(shop, product) : ''
  const net = product
    ? netPrice(shop, number(priceOf(shop, product)), quantity, product.taxStatus === 'taxable', taxClass)
    : 0
  const line: LineItem = {
    id: ids.item(),
    name: product ? (variation ? fullName(shop, product) : product.name) : '',
    productId: product ? (parent?.id ?? product.id) : 0,
    variationId: variation ? product.id : 0,
    quantity,
    taxClass,
    subtotal: round(net, 6),
    subtotalTax: 0,
    total: round(net, 6),
    totalTax: 0,
    taxes: [],
    meta: [],
    sku: product ? skuOf(shop, product) : null,
    gtin: product ? product.gtin : null,
    image: imageOf(product, variation),
    parentName: parent?.name ?? null,
    cost: product?.cost ?? null,
  }
  if (variation) addChoices(shop, line, product, ids)
  return line
}

function imageOf(product: Product | null, variation: boolean): LineItem['image'] {
  const image = product?.images[0]
  if (image) return { id: String(image.id), src: image.src }
  return { id: product && !variation ? '' : 0, src: '' }
}

function addChoices(shop: Shop, line: LineItem, variation: Product, ids: Ids): void {
  for (const choice of variation.choices) {
    const value = choice.id > 0 ? termSlug(shop, choice.slug, choice.option) : choice.option
    line.meta.push({
      id: ids.meta(),
      key: choice.slug,
      value,
      displayKey: choice.name,
      displayValue: choice.option,
    })
  }
}

/** The product a posted line names; 400 where it names none. An unknown id gives null. */
function productOf(shop: Shop, sent: Json): Product | null {
  const sku = text(sent['sku'])
  const id = number(sent['variation_id']) || number(sent['product_id'])
  if (sku === '' && id === 0) {
    throw badRequest('woocommerce_rest_required_product_reference', 'Product ID or SKU is required.')
  }
  return (id > 0 ? shop.products.get(id) : bySku(shop, sku)) ?? null
}

function setLine(shop: Shop, line: LineItem, sent: Json): void {
  if (sent['name'] !== undefined) line.name = text(sent['name'])
  if (sent['quantity'] !== undefined) line.quantity = number(sent['quantity'])
  if (sent['tax_class'] !== undefined)
    line.taxClass = text(sent['tax_class']) === 'standard' ? '' : text(sent['tax_class'])
  if (sent['total'] !== undefined) line.total = round(number(sent['total']), shop.decimals)
  if (sent['subtotal'] !== undefined) line.subtotal = round(number(sent['subtotal']), shop.decimals)
  if (line.subtotal < line.total) line.subtotal = line.total
  const meta = line.meta.map(({ id, key, value }) => ({ id, key, value }))
  mergeMeta(shop, meta, sent['meta_data'])
  line.meta = meta.map((one) => {
    const held = line.meta.find((old) => old.id === one.id && old.value === one.value)
    return held ?? { ...one, displayKey: one.key, displayValue: text(one.value) }
  })
}

const badItem = () =>
  badRequest('woocommerce_rest_invalid_item_id', 'Order item ID provided is not associated with order.')

/** Matches posted entries to lines by id, adds those without, and drops those the post removes. */
function mergeLines<T extends { id: number }>(
  lines: T[],
  sent: unknown,
  removed: (one: Json) => boolean,
  make: (one: Json) => T,
  set: (line: T, one: Json) => void,
): T[] {
  let result = [...lines]
  for (const one of list(sent).filter(isObject)) {
    const id = number(one['id'])
    if (id === 0) {
      if (removed(one)) continue
      const line = make(one)
      set(line, one)
      result.push(line)
      continue
    }
    const line = result.find((held) => held.id === id)
    if (!line) throw badItem()
    if (removed(one)) result = result.filter((held) => held !== line)
    else set(line, one)
  }
  return result
}

/** Sets what the post says of lines, shipping, fees and coupons. True where anything of it was posted. */
export function applyLines(shop: Shop, order: Order, sent: Json): boolean {
  const posted = ['line_items', 'shipping_lines', 'fee_lines', 'coupon_lines'].filter(
    (name) => sent[name] !== undefined,
  )
  if (posted.includes('line_items')) {
    order.lines = mergeLines(
      order.lines,
      sent['line_items'],
      (one) => one['quantity'] !== undefined && number(one['quantity']) === 0,
      (one) =>
        newLine(shop, productOf(shop, one), one['quantity'] === undefined ? 1 : number(one['quantity'])),
      (line, one) => setLine(shop, line, one),
    )
  }
  if (posted.includes('shipping_lines')) {
    const dropped = (one: Json): boolean => one['method_id'] === null
    order.shippingLines = mergeLines(
      order.shippingLines,
      sent['shipping_lines'],
      dropped,
      () => newShipping(shop),
      (line, one) => setShipping(shop, line, one),
    )
  }
  if (posted.includes('fee_lines')) {
    const dropped = (one: Json): boolean => one['name'] === null
    order.feeLines = mergeLines(
      order.feeLines,
      sent['fee_lines'],
      dropped,
      () => newFee(shop),
      (line, one) => setFee(shop, line, one),
    )
  }
  if (posted.includes('coupon_lines')) addCoupons(shop, order, sent['coupon_lines'])
  return posted.length > 0
}

const newShipping = (shop: Shop): ShippingLine => ({
  id: nextId(shop, 'item'),
  methodTitle: '',
  methodId: '',
  instanceId: '',
  total: 0,
  totalTax: 0,
  taxes: [],
  taxStatus: 'taxable',
  meta: [],
})

function setShipping(shop: Shop, line: ShippingLine, sent: Json): void {
  if (sent['method_title'] !== undefined) line.methodTitle = text(sent['method_title'])
  if (sent['method_id'] !== undefined) line.methodId = text(sent['method_id'])
  if (sent['instance_id'] !== undefined) line.instanceId = text(sent['instance_id'])
  if (sent['total'] !== undefined) line.total = round(number(sent['total']), shop.decimals)
}

const newFee = (shop: Shop): FeeLine => ({
  id: nextId(shop, 'item'),
  name: '',
  taxClass: '',
  taxStatus: 'taxable',
  total: 0,
  totalTax: 0,
  taxes: [],
  meta: [],
})

function setFee(shop: Shop, line: FeeLine, sent: Json): void {
  if (sent['name'] !== undefined) line.name = text(sent['name'])
  if (sent['tax_class'] !== undefined) line.taxClass = text(sent['tax_class'])
  if (sent['tax_status'] !== undefined) line.taxStatus = text(sent['tax_status'])
  if (sent['total'] !== undefined) line.total = round(number(sent['total']), shop.decimals)
}

/** Coupons by code; one that does not exist is refused, one already on the order is left alone. */
function addCoupons(shop: Shop, order: Order, sent: unknown): void {
  for (const one of list(sent).filter(isObject)) {
    const code = text(one['code']).toLowerCase()
    if (code === '' && number(one['id']) === 0) {
      throw badRequest('woocommerce_rest_invalid_coupon', 'Coupon code is required.')
    }
    if (order.couponLines.some((line) => line.code === code || line.id === number(one['id']))) continue
    const coupon = [...shop.coupons.values()].find((held) => held.code === code && held.status === 'publish')
    if (!coupon) {
      const message = `Coupon &quot;${code}&quot; cannot be applied because it does not exist.`
      throw badRequest('woocommerce_rest_invalid_coupon', message)
    }
    applyCoupon(shop, order, coupon)
    coupon.usageCount += 1
  }
}
