import { parseDate } from './dates.ts'
import { ApiError, badRequest } from './errors.ts'
import { mergeMeta } from './meta.ts'
import type { Image, Product, Taxonomy } from './model.ts'
import { bool, escapeHtml, isObject, list, number, slugOf, text, type Json } from './php.ts'
import { bySku, nextId, now, type Shop } from './state.ts'
import { setAttributes, setDefaults } from './product-attributes.ts'

/** A product with WooCommerce's defaults. */
export function newProduct(shop: Shop, type: string, parentId = 0): Product {
  const moment = now(shop)
  return {
    id: 0,
    parentId,
    type,
    name: parentId ? '' : 'Product',
    slug: '',
    status: 'publish',
    createdAt: moment,
    modifiedAt: moment,
    featured: false,
    visibility: 'visible',
    description: '',
    shortDescription: '',
    sku: '',
    gtin: '',
    regularPrice: '',
    salePrice: '',
    saleFrom: null,
    saleTo: null,
    totalSales: 0,
    virtual: false,
    downloadable: false,
    downloads: [],
    externalUrl: '',
    buttonText: '',
    taxStatus: 'taxable',
    taxClass: parentId ? 'parent' : '',
    manageStock: false,
    stock: null,
    stockStatus: 'instock',
    backorders: 'no',
    lowStock: null,
    soldIndividually: false,
    weight: '',
    dimensions: { length: '', width: '', height: '' },
    shippingClassId: 0,
    reviewsAllowed: parentId === 0,
    upsells: [],
    crossSells: [],
    grouped: [],
    purchaseNote: '',
    categories: parentId ? [] : [15],
    brands: [],
    tags: [],
    images: [],
    attributes: [],
    choices: [],
    defaults: [],
    menuOrder: 0,
    meta: [],
    cost: null,
  }
}

type Setter = (product: Product, value: unknown, shop: Shop) => void
const statuses = ['draft', 'pending', 'private', 'publish', 'future', 'auto-draft', 'trash']

const setters: Record<string, Setter> = {
  name: (product, value) => void (product.name = escapeHtml(text(value))),
  slug: (product, value) => void (product.slug = slugOf(text(value))),
  type: (product, value) => void (product.type = text(value)),
  status: (product, value) => void (product.status = statuses.includes(text(value)) ? text(value) : 'draft'),
  featured: (product, value) => void (product.featured = bool(value)),
  catalog_visibility: (product, value) => void (product.visibility = text(value)),
  description: (product, value) => void (product.description = text(value)),
  short_description: (product, value) => void (product.shortDescription = text(value)),
  regular_price: (product, value) => void (product.regularPrice = text(value)),
  sale_price: (product, value) => void (product.salePrice = text(value)),
  date_on_sale_from: (product, value, shop) => void (product.saleFrom = parseDate(text(value), shop.site)),
  date_on_sale_from_gmt: (product, value, shop) =>
    void (product.saleFrom = parseDate(text(value), shop.site, true)),
  date_on_sale_to: (product, value, shop) => void (product.saleTo = parseDate(text(value), shop.site)),
  date_on_sale_to_gmt: (product, value, shop) =>
    void (product.saleTo = parseDate(text(value), shop.site, true)),
  virtual: (product, value) => void (product.virtual = bool(value)),
  downloadable: (product, value) => void (product.downloadable = bool(value)),
  downloads: (product, value) => void (product.downloads = list(value)),
  external_url: (product, value) => void (product.externalUrl = text(value)),
  button_text: (product, value) => void (product.buttonText = text(value)),
  tax_status: (product, value) => void (product.taxStatus = text(value)),
  tax_class: (product, value) => void (product.taxClass = text(value) === 'standard' ? '' : text(value)),
  backorders: (product, value) => void (product.backorders = text(value)),
  low_stock_amount: (product, value) =>
    void (product.lowStock = value === null || value === '' ? null : number(value)),
  sold_individually: (product, value) => void (product.soldIndividually = bool(value)),
  weight: (product, value) => void (product.weight = text(value)),
  dimensions: (product, value) => {
    const sent = isObject(value) ? value : {}
    for (const side of ['length', 'width', 'height'] as const) {
      if (sent[side] !== undefined) product.dimensions = { ...product.dimensions, [side]: text(sent[side]) }
    }
  },
  shipping_class: (product, value, shop) => {
    const found = [...shop.terms.values()].find(
      (one) => one.taxonomy === 'shipping_class' && one.slug === text(value),
    )
    product.shippingClassId = found?.id ?? 0
  },
  reviews_allowed: (product, value) => void (product.reviewsAllowed = bool(value)),
  upsell_ids: (product, value) => void (product.upsells = list(value).map(number)),
  cross_sell_ids: (product, value) => void (product.crossSells = list(value).map(number)),
  grouped_products: (product, value) => void (product.grouped = list(value).map(number)),
  purchase_note: (product, value) => void (product.purchaseNote = text(value)),
  categories: (product, value, shop) => {
    const ids = termIds(shop, value, 'category')
    product.categories = ids.length > 0 ? ids : [15]
  },
  brands: (product, value, shop) => void (product.brands = termIds(shop, value, 'brand')),
  tags: (product, value, shop) => void (product.tags = termIds(shop, value, 'tag')),
  menu_order: (product, value) => void (product.menuOrder = number(value)),
  attributes: (product, value, shop) => setAttributes(product, list(value), shop),
  default_attributes: (product, value, shop) => setDefaults(product, list(value), shop),
  cost_of_goods_sold: (product, value) => {
    const values = isObject(value) ? list(value['values']) : []
    const cost = isObject(values[0]) ? values[0]['defined_value'] : null
    product.cost = cost === null || cost === undefined ? null : number(cost)
  },
  meta_data: (product, value, shop) => mergeMeta(shop, product.meta, value),
}

const termIds = (shop: Shop, value: unknown, taxonomy: Taxonomy): number[] =>
  list(value)
    .map((one) => number(isObject(one) ? one['id'] : one))
    .filter((id) => shop.terms.get(id)?.taxonomy === taxonomy)

/** Sets what was sent, leaves the rest. Throws 400 for a SKU or GTIN that is taken and for an image that fails. */
export function applyProduct(shop: Shop, product: Product, sent: Json): void {
  if (sent['sku'] !== undefined) product.sku = freeSku(shop, product, text(sent['sku']))
  if (sent['global_unique_id'] !== undefined)
    product.gtin = freeGtin(shop, product, text(sent['global_unique_id']))
  for (const [name, setter] of Object.entries(setters))
    if (sent[name] !== undefined) setter(product, sent[name], shop)
  if (sent['images'] !== undefined)
    product.images = list(sent['images']).map((one) => imageOf(shop, product, one))
  if (sent['image'] !== undefined)
    product.images = isObject(sent['image']) ? [imageOf(shop, product, sent['image'])] : []
  applyStock(product, sent)
  // A draft has no slug before it is published.
  if (product.slug === '' && !['draft', 'pending', 'auto-draft'].includes(product.status))
    product.slug = freeSlug(shop, slugOf(product.name || 'product'))
}

function freeSku(shop: Shop, product: Product, sku: string): string {
  const owner = bySku(shop, sku)
  if (!owner || owner.id === product.id) return sku
  if (owner.status === 'trash') {
    const message = `The product with SKU (${sku}) you are trying to insert is already present in the lookup table`
    throw badRequest('woocommerce_rest_product_not_created', message)
  }
  let suffix = 1
  while (bySku(shop, `${sku}-${suffix}`)) suffix += 1
  const extra = { resource_id: owner.id, unique_sku: `${sku}-${suffix}` }
  throw badRequest('product_invalid_sku', 'Invalid or duplicated SKU.', extra)
}

/** Characters other than digits and hyphens are dropped without a word. */
function freeGtin(shop: Shop, product: Product, sent: string): string {
  const gtin = sent.replace(/[^0-9-]/g, '')
  if (gtin === '') return gtin
  for (const other of shop.products.values()) {
    if (other.gtin === gtin && other.id !== product.id) {
      const message = 'Invalid or duplicated GTIN, UPC, EAN or ISBN.'
      throw badRequest('product_invalid_global_unique_id', message, { resource_id: other.id })
    }
  }
  return gtin
}

function freeSlug(shop: Shop, wanted: string): string {
  const taken = new Set([...shop.products.values()].map((one) => one.slug))
  let slug = wanted
  for (let suffix = 2; taken.has(slug); suffix++) slug = `${wanted}-${suffix}`
  return slug
}

function applyStock(product: Product, sent: Json): void {
  if (sent['manage_stock'] !== undefined) product.manageStock = bool(sent['manage_stock'])
  if (sent['stock_status'] !== undefined && !product.manageStock)
    product.stockStatus = text(sent['stock_status'])
  if (!product.manageStock) {
    product.stock = null
    return
  }
  if (sent['stock_quantity'] !== undefined) product.stock = Math.trunc(number(sent['stock_quantity']))
  else if (sent['inventory_delta'] !== undefined)
    product.stock = (product.stock ?? 0) + number(sent['inventory_delta'])
  product.stock ??= 0
  refreshStockStatus(product)
}

/** What the count says about the status. */
export function refreshStockStatus(product: Product): void {
  if (!product.manageStock) return
  if ((product.stock ?? 0) > 0) product.stockStatus = 'instock'
  else product.stockStatus = product.backorders === 'no' ? 'outofstock' : 'onbackorder'
}

/** A known image by id, or one the shop would download. No picture at the URL, or one on the shop's own host: it fails. */
function imageOf(shop: Shop, product: Product, sent: unknown): Image {
  const one = isObject(sent) ? sent : {}
  const known = [...shop.products.values(), product]
    .flatMap((other) => other.images)
    .find((i) => i.id === number(one['id']))
  const name = text(one['name'])
  const alt = text(one['alt'])
  if (known) return { ...known, ...(name ? { name } : {}), ...(alt ? { alt } : {}) }
  const src = text(one['src'])
  const file = /([^/?#]+\.(?:png|jpe?g|gif|webp))(?:[?#].*)?$/i.exec(src)?.[1]
  if (!/^https?:\/\//.test(src) || !file || src.startsWith(`${shop.url}/`)) {
    const reason = 'A valid URL was not provided.'
    const message = `Error getting remote image ${src}. Error: ${reason}`
    throw new ApiError(400, 'woocommerce_product_image_upload_error', message)
  }
  const created = now(shop)
  const month = new Date(created * 1000).toISOString().slice(0, 7).replace('-', '/')
  const stored = `${shop.url}/wp-content/uploads/${month}/${file}`
  return { id: nextId(shop, 'post'), createdAt: created, src: stored, name: name || file, alt }
}
