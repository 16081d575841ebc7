import { batch } from './batch.ts'
import { idsOf, listAnswer, spanOf, within } from './collections.ts'
import { ApiError, invalidId } from './errors.ts'
import type { Product } from './model.ts'
import { collectionRules, dateRules, integers, oneOf, string, boolean } from './params.ts'
import { bool, list, text, type Json } from './php.ts'
import { variationJson } from './product-json.ts'
import { applyProduct, newProduct } from './product-write.ts'
import {
  changeProduct,
  deleteProduct,
  findProduct,
  productOrders,
  productRules,
  saveProduct,
} from './products.ts'
import { route, type Answer, type Call, type Route } from './router.ts'
import { now, restUrl, type Shop } from './state.ts'
import { slugOf } from './php.ts'

const listRules = collectionRules(['date', 'id', 'include', 'title', 'slug', 'modified', 'menu_order'], {
  ...dateRules,
  search: string,
  sku: string,
  status: oneOf('any', 'draft', 'pending', 'private', 'publish', 'future', 'auto-draft', 'trash'),
  stock_status: oneOf('instock', 'outofstock', 'onbackorder'),
  on_sale: boolean,
  parent: integers,
})
const { type: _, ...writeRules } = productRules

/** A variation save moves the parent's `date_modified` too, and the parent is saved. */
function touchParent(shop: Shop, variation: Product): void {
  const parent = shop.products.get(variation.parentId)
  if (!parent) return
  parent.modifiedAt = now(shop)
  shop.emit({ resource: 'product', event: 'updated', id: parent.id })
}

export function createVariation(shop: Shop, parentId: number, sent: Json): Product {
  const parent = findProduct(shop, parentId)
  const variation = newProduct(shop, 'variation', parent.id)
  applyProduct(shop, variation, sent)
  variation.name = variation.choices.map((choice) => choice.option).join(', ')
  variation.slug = slugOf(`${parent.name} ${variation.name}`)
  saveProduct(shop, variation)
  touchParent(shop, variation)
  return variation
}

function find(shop: Shop, parentId: number, id: number): Product {
  const parent = shop.products.get(parentId)
  if (!parent) throw new ApiError(404, 'woocommerce_rest_product_invalid_id', 'Invalid ID.')
  const variation = shop.products.get(id)
  if (!variation || variation.parentId !== parent.id) throw invalidId('product_variation')
  return variation
}

function matcher({ shop, params }: Call, parentId: number | null): (one: Product) => boolean {
  const created = spanOf(shop, params, 'after', 'before')
  const modified = spanOf(shop, params, 'modified_after', 'modified_before')
  const skus = params['sku'] === undefined ? null : new Set(list(params['sku']).map(text))
  const parents = idsOf(params['parent'])
  const status = text(params['status']) || 'any'
  const search = text(params['search']).toLowerCase()
  return (one) =>
    one.type === 'variation' &&
    (parentId === null || one.parentId === parentId) &&
    (!parents || parents.has(one.parentId)) &&
    (status === 'any' ? one.status !== 'trash' : one.status === status) &&
    (!skus || skus.has(one.sku)) &&
    (params['stock_status'] === undefined || one.stockStatus === params['stock_status']) &&
    (search === '' || `${one.name}\n${one.sku}`.toLowerCase().includes(search)) &&
    within(one.createdAt, created) &&
    within(one.modifiedAt, modified)
}

function listVariations(call: Call, parentId: number | null): Answer {
  const { shop } = call
  return listAnswer(call, [...shop.products.values()].filter(matcher(call, parentId)), {
    orders: productOrders,
    orderby: 'date',
    id: (one) => one.id,
    json: (one) => variationJson(shop, one, 'view', parentId === null),
  })
}

/** Routes of `/products/{id}/variations` and of `/variations` over all parents. */
export function variationRoutes(): Route[] {
  const parentOf = (call: Call): number => Number(call.ids['product_id'])
  const idOf = (call: Call): number => Number(call.ids['id'])
  const update = (call: Call, id: number, sent: Json): Json => {
    const variation = find(call.shop, parentOf(call), id)
    changeProduct(call.shop, variation, sent)
    touchParent(call.shop, variation)
    return variationJson(call.shop, variation, 'edit')
  }
  const remove = (call: Call, id: number, force: boolean): Json => {
    const variation = find(call.shop, parentOf(call), id)
    const before = variationJson(call.shop, variation)
    deleteProduct(call.shop, variation, force)
    touchParent(call.shop, variation)
    return before
  }
  const collection = '/wc/v3/products/(?P<product_id>[\\d]+)/variations'
  return [
    route('/wc/v3/variations', { list: { rules: listRules, run: (call) => listVariations(call, null) } }),
    route(collection, {
      list: {
        rules: listRules,
        run: (call) => listVariations(call, findProduct(call.shop, parentOf(call)).id),
      },
      create: {
        rules: writeRules,
        run: (call) => {
          const variation = createVariation(call.shop, parentOf(call), call.params)
          // The pattern itself, not the parent's id, stands in the recorded header.
          const location = restUrl(call.shop, `${collection}/${variation.id}`)
          return { status: 201, body: variationJson(call.shop, variation, 'edit'), headers: { location } }
        },
      },
    }),
    route(`${collection}/(?P<id>[\\d]+)`, {
      view: {
        run: (call) => ({ body: variationJson(call.shop, find(call.shop, parentOf(call), idOf(call))) }),
      },
      edit: { rules: writeRules, run: (call) => ({ body: update(call, idOf(call), call.params) }) },
      remove: { run: (call) => ({ body: remove(call, idOf(call), bool(call.params['force'])) }) },
    }),
    route(`${collection}/batch`, {
      batch: {
        run: (call) =>
          batch(call, {
            create: (_, entry) =>
              variationJson(call.shop, createVariation(call.shop, parentOf(call), entry), 'edit'),
            update,
            remove: (_, id) => remove(call, id, true),
          }),
      },
    }),
  ]
}
