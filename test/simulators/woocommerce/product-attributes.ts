import type { Product, ProductAttribute } from './model.ts'
import { bool, isObject, list, number, slugOf, text, type Json } from './php.ts'
import { termSlug } from './product-json.ts'
import type { Shop } from './state.ts'

/** Attributes of a product, or the choices of a variation, as posted; both replace what was there. */
export function setAttributes(product: Product, sent: unknown[], shop: Shop): void {
  const entries = sent.filter(isObject)
  if (product.parentId > 0) {
    product.choices = entries.map((one) => ({ ...named(shop, one, true), option: optionName(shop, one) }))
    return
  }
  product.attributes = entries.map((one): ProductAttribute => {
    const { id, name, slug } = named(shop, one, false)
    const options = list(one['options']).map(text)
    return {
      id,
      name,
      slug,
      position: number(one['position']),
      visible: bool(one['visible']),
      variation: bool(one['variation']),
      options: id > 0 ? [...options].sort() : options,
    }
  })
}

/** Global attributes by id, local ones (id 0) by name; the slug of a local one is lower case on variations only. */
function named(shop: Shop, one: Json, lower: boolean): { id: number; name: string; slug: string } {
  const attribute = shop.attributes.get(number(one['id']))
  if (attribute) return { id: attribute.id, name: attribute.name, slug: attribute.slug }
  const name = text(one['name'])
  return { id: 0, name, slug: lower ? slugOf(name) : name }
}

function optionName(shop: Shop, one: Json): string {
  const attribute = shop.attributes.get(number(one['id']))
  const option = text(one['option'])
  if (!attribute) return option
  const term = [...shop.terms.values()].find(
    (t) => t.taxonomy === attribute.slug && (t.slug === option || t.name === option),
  )
  return term?.name ?? option
}

/** Which variation is preselected. */
export function setDefaults(product: Product, sent: unknown[], shop: Shop): void {
  product.defaults = sent.filter(isObject).map((one) => {
    const { id, name, slug } = named(shop, one, true)
    const option = text(one['option'])
    return { id, name, option: id > 0 ? termSlug(shop, slug, option) : option }
  })
}
