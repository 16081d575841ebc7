import { links } from './collections.ts'
import { ApiError, badRequest, noTrash } from './errors.ts'
import type { Attribute } from './model.ts'
import { boolean, string } from './params.ts'
import { bool, slugOf, text, type Json } from './php.ts'
import { route, type Call, type Route } from './router.ts'
import { nextId, restUrl, type Shop } from './state.ts'

/** 404 where there is no such attribute. */
export function findAttribute(shop: Shop, id: number): Attribute {
  const attribute = shop.attributes.get(id)
  if (!attribute) throw new ApiError(404, 'woocommerce_rest_taxonomy_invalid', 'Resource does not exist.')
  return attribute
}

const attributePath = '/wc/v3/products/attributes'

const attributeJson = (shop: Shop, one: Attribute): Json => ({
  id: one.id,
  name: one.name,
  slug: one.slug,
  type: one.type,
  order_by: one.orderBy,
  has_archives: one.hasArchives,
  _links: links(shop, `${attributePath}/${one.id}`, attributePath),
})

export function createAttribute(shop: Shop, sent: Json): Attribute {
  const name = text(sent['name'])
  const slug = `pa_${slugOf(text(sent['slug']) || name).replace(/^pa_/, '')}`
  if ([...shop.attributes.values()].some((one) => one.slug === slug)) {
    const message = `Slug &quot;${slug.slice(3)}&quot; is already in use. Change it, please.`
    throw badRequest('woocommerce_rest_cannot_create', message)
  }
  const attribute: Attribute = {
    id: nextId(shop, 'attribute'),
    name,
    slug,
    type: text(sent['type']) || 'select',
    orderBy: text(sent['order_by']) || 'menu_order',
    hasArchives: bool(sent['has_archives']),
  }
  shop.attributes.set(attribute.id, attribute)
  return attribute
}

/** Routes of `/products/attributes`. */
export function attributeRoutes(): Route[] {
  const idOf = (call: Call): number => Number(call.ids['id'])
  return [
    route(attributePath, {
      list: {
        run: (call) => {
          const all = [...call.shop.attributes.values()].map((one) => attributeJson(call.shop, one))
          return { body: all, headers: { 'x-wp-total': String(all.length), 'x-wp-totalpages': '1' } }
        },
      },
      create: {
        rules: { name: string, slug: string, type: string, order_by: string, has_archives: boolean },
        required: ['name'],
        run: (call) => {
          const attribute = createAttribute(call.shop, call.params)
          const location = restUrl(call.shop, `${attributePath}/${attribute.id}`)
          return { status: 201, body: attributeJson(call.shop, attribute), headers: { location } }
        },
      },
    }),
    route(`${attributePath}/(?P<id>[\\d]+)`, {
      view: { run: (call) => ({ body: attributeJson(call.shop, findAttribute(call.shop, idOf(call))) }) },
      remove: {
        run: (call) => {
          const attribute = findAttribute(call.shop, idOf(call))
          if (!bool(call.params['force'])) throw noTrash('Resource')
          call.shop.attributes.delete(attribute.id)
          return { body: attributeJson(call.shop, attribute) }
        },
      },
    }),
  ]
}
