import type { Conversation, Facts } from '../sdk/index.ts'
import { byIds } from './by-ids.ts'
import type { NativeProduct } from './native.ts'
import { isVariable } from './product-decode.ts'

/** A variation as its own routes give it. Shops before `/variations` leave `parent_id` out; it is filled in then. */
export type NativeVariation = NativeProduct

const variationIds = (product: NativeProduct): string[] => {
  const ids = product['variations']
  return Array.isArray(ids) ? ids.map((id) => String(id)) : []
}

/**
 * Variations of the variable ones among `products`, by parent id. They are asked for by the ids the parents name, so
 * nothing can move meanwhile: 100 a call over all parents where the shop has `/variations`, else parent by parent.
 */
export function* variationsOf(
  products: readonly NativeProduct[],
  facts: Facts,
): Conversation<Map<number, NativeVariation[]>> {
  const parents = products.filter((one) => isVariable(one) && variationIds(one).length > 0)
  const groups = new Map<number, NativeVariation[]>()
  if (facts['hasVariationsCollection'] === true) {
    const parentOf = new Map(parents.flatMap((one) => variationIds(one).map((id) => [id, one.id] as const)))
    const all = yield* byIds<NativeVariation>('/variations', [{}], [...parentOf.keys()], facts, 'variations')
    for (const one of all) add(groups, parentOf.get(String(one.id)) ?? 0, one)
    return groups
  }
  for (const parent of parents) {
    const route = `/products/${parent.id}/variations`
    const own = yield* byIds<NativeVariation>(route, [{}], variationIds(parent), facts, 'variations')
    for (const one of own) add(groups, parent.id, one)
  }
  return groups
}

function add(groups: Map<number, NativeVariation[]>, parent: number, variation: NativeVariation): void {
  const whole = { ...variation, type: 'variation', parent_id: parent }
  const group = groups.get(parent)
  if (group === undefined) groups.set(parent, [whole])
  else group.push(whole)
}

/** Variable products with their variations in order of id, for the detail `variants`. */
export function* withVariations(
  products: readonly NativeProduct[],
  facts: Facts,
): Conversation<NativeProduct[]> {
  const groups = yield* variationsOf(products, facts)
  return products.map((one) => {
    const own = groups.get(one.id)
    return own === undefined ? one : { ...one, variation_records: own.toSorted((a, b) => a.id - b.id) }
  })
}
