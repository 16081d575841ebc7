import { batch } from './batch.ts'
import { idsOf, listAnswer, spanOf, within } from './collections.ts'
import { invalidId } from './errors.ts'
import type { Product } from './model.ts'
import {
  array,
  boolean,
  collectionRules,
  date,
  dateRules,
  integer,
  integers,
  object,
  oneOf,
  string,
  type ParamRules,
} from './params.ts'
import { bool, list, number, text, type Json } from './php.ts'
import { onSale, priceOf } from './prices.ts'
import { productJson } from './product-json.ts'
import { applyProduct, newProduct } from './product-write.ts'
import { route, type Answer, type Call, type Route } from './router.ts'
import { nextId, now, restUrl, type Shop } from './state.ts'

const statuses = ['draft', 'pending', 'private', 'publish', 'future', 'auto-draft', 'trash']
const stockStatuses = oneOf('instock', 'outofstock', 'onbackorder')

/** Schema of a product as far as it refuses anything. `type` may be any: plugins add their own. */
export const productRules: ParamRules = {
  name: string,
  slug: string,
  type: oneOf('simple', 'grouped', 'external', 'variable'),
  status: oneOf(...statuses),
  featured: boolean,
  catalog_visibility: oneOf('visible', 'catalog', 'search', 'hidden'),
  description: string,
  short_description: string,
  sku: string,
  global_unique_id: string,
  regular_price: string,
  sale_price: string,
  virtual: boolean,
  downloadable: boolean,
  external_url: string,
  tax_status: oneOf('taxable', 'shipping', 'none'),
  tax_class: string,
  manage_stock: boolean,
  stock_quantity: integer(),
  stock_status: stockStatuses,
  backorders: oneOf('no', 'notify', 'yes'),
  weight: string,
  dimensions: object,
  shipping_class: string,
  categories: array,
  tags: array,
  images: array,
  attributes: array,
  menu_order: integer(),
  meta_data: array,
}

const listRules = collectionRules(
  ['date', 'id', 'include', 'title', 'slug', 'modified', 'price', 'popularity', 'rating', 'menu_order'],
  {
    ...dateRules,
    after: date,
    search: string,
    slug: string,
    status: oneOf('any', ...statuses),
    include_status: { type: 'array', itemsOneOf: ['any', ...statuses] },
    exclude_status: { type: 'array', itemsOneOf: statuses },
    type: string,
    sku: string,
    featured: boolean,
    category: string,
    tag: string,
    on_sale: boolean,
    stock_status: stockStatuses,
    parent: integers,
    parent_exclude: integers,
  },
)

/** Saves a changed product: moves its date and says so. A new one gets its id here. */
export function saveProduct(shop: Shop, product: Product): void {
  const created = product.id === 0
  if (created) product.id = nextId(shop, 'post')
  product.modifiedAt = now(shop)
  shop.products.set(product.id, product)
  shop.emit({ resource: 'product', event: created ? 'created' : 'updated', id: product.id })
}

export function createProduct(shop: Shop, sent: Json): Product {
  const product = newProduct(shop, text(sent['type']) || 'simple')
  applyProduct(shop, product, sent)
  saveProduct(shop, product)
  return product
}

export function findProduct(shop: Shop, id: number): Product {
  const product = shop.products.get(id)
  if (!product) throw invalidId('product')
  return product
}

/** Works on a copy, so that a refused change leaves the product as it was. */
export function changeProduct(shop: Shop, product: Product, sent: Json): void {
  const copy = structuredClone(product)
  applyProduct(shop, copy, sent)
  Object.assign(product, copy)
  saveProduct(shop, product)
}

/** Trash keeps SKU and GTIN taken; a hard delete frees them and sends no webhook. */
export function deleteProduct(shop: Shop, product: Product, force: boolean): void {
  if (!force) {
    product.status = 'trash'
    product.modifiedAt = now(shop)
    shop.emit({ resource: 'product', event: 'deleted', id: product.id })
    return
  }
  shop.products.delete(product.id)
  for (const other of [...shop.products.values()])
    if (other.parentId === product.id) shop.products.delete(other.id)
}

function matcher({ shop, params }: Call): (product: Product) => boolean {
  const skus = params['sku'] === undefined ? null : new Set(list(params['sku']).map(text))
  const gtin = params['global_unique_id'] === undefined ? null : text(params['global_unique_id'])
  const created = spanOf(shop, params, 'after', 'before')
  const modified = spanOf(shop, params, 'modified_after', 'modified_before')
  const search = text(params['search']).toLowerCase()
  const status = text(params['status']) || 'any'
  const included = list(params['include_status']).map(text)
  const excluded = new Set(list(params['exclude_status']).map(text))
  const parents = idsOf(params['parent'])
  const equals = (name: string, value: string | boolean): boolean =>
    params[name] === undefined ||
    String(typeof value === 'boolean' ? bool(params[name]) : params[name]) === String(value)
  const hasTerm = (name: string, ids: number[]): boolean =>
    params[name] === undefined || list(params[name]).some((id) => ids.includes(number(id)))
  const shown = (one: Product): boolean => {
    if (included.length > 0)
      return included.includes(one.status) || (included.includes('any') && one.status !== 'trash')
    return status === 'any' ? one.status !== 'trash' : one.status === status
  }
  return (one) =>
    shown(one) &&
    !excluded.has(one.status) &&
    (skus || gtin !== null ? true : one.type !== 'variation') &&
    (!skus || skus.has(one.sku)) &&
    (gtin === null || one.gtin === gtin) &&
    (!parents || parents.has(one.parentId)) &&
    (search === '' ||
      `${one.name}\n${one.description}\n${one.shortDescription}\n${one.sku}`
        .toLowerCase()
        .includes(search)) &&
    equals('type', one.type) &&
    equals('slug', one.slug) &&
    equals('featured', one.featured) &&
    equals('on_sale', onSale(shop, one)) &&
    equals('stock_status', one.stockStatus) &&
    hasTerm('category', one.categories) &&
    hasTerm('tag', one.tags) &&
    within(one.createdAt, created) &&
    within(one.modifiedAt, modified)
}

export const productOrders = {
  date: (one: Product) => one.createdAt,
  id: (one: Product) => one.id,
  title: (one: Product) => one.name,
  slug: (one: Product) => one.slug,
  modified: (one: Product) => one.modifiedAt,
  popularity: (one: Product) => one.totalSales,
  menu_order: (one: Product) => one.menuOrder,
}

function listProducts(call: Call): Answer {
  const { shop } = call
  return listAnswer(call, [...shop.products.values()].filter(matcher(call)), {
    orders: { ...productOrders, price: (one: Product) => number(priceOf(shop, one)) },
    orderby: 'date',
    id: (one) => one.id,
    json: (one) => productJson(shop, one),
  })
}

const idOf = (call: Call): number => Number(call.ids['id'])

/** Routes of `/products`. */
export function productRoutes(): Route[] {
  const remove = (call: Call, id: number, force: boolean): Json => {
    const product = findProduct(call.shop, id)
    const before = productJson(call.shop, product)
    deleteProduct(call.shop, product, force)
    return before
  }
  const update = (call: Call, id: number, sent: Json): Json => {
    const product = findProduct(call.shop, id)
    changeProduct(call.shop, product, sent)
    return productJson(call.shop, product, 'edit')
  }
  return [
    route('/wc/v3/products', {
      list: { run: listProducts, rules: listRules },
      create: {
        rules: productRules,
        run: (call) => {
          const product = createProduct(call.shop, call.params)
          const location = restUrl(call.shop, `/wc/v3/products/${product.id}`)
          return { status: 201, body: productJson(call.shop, product, 'edit'), headers: { location } }
        },
      },
    }),
    route('/wc/v3/products/(?P<id>[\\d]+)', {
      view: { run: (call) => ({ body: productJson(call.shop, findProduct(call.shop, idOf(call))) }) },
      edit: { rules: productRules, run: (call) => ({ body: update(call, idOf(call), call.params) }) },
      remove: { run: (call) => ({ body: remove(call, idOf(call), bool(call.params['force'])) }) },
    }),
    route('/wc/v3/products/batch', {
      batch: {
        run: (call) =>
          batch(call, {
            create: (_, entry) => productJson(call.shop, createProduct(call.shop, entry), 'edit'),
            update,
            remove: (_, id) => remove(call, id, true),
          }),
      },
    }),
  ]
}
