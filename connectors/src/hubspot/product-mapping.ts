import type { MappingInput } from '@crosswalk/shared/mapping'
import { field, firstOf, IMPORTED, ON_CREATE, TRIM } from './rules.ts'

const PLAIN = { transforms: [{ use: 'text.plain' }, { use: 'text.truncate', with: { max: 65_000 } }] }

/** `item` is what is sold: the product itself, or one of its variants. */
export const productMapping: MappingInput = {
  parts: {
    document: {
      rules: [
        firstOf('name', ['item.name', 'name'], {
          ...ON_CREATE,
          note: 'Written once: texts improved in HubSpot stay.',
        }),
        field('hs_sku', 'item.sku', { ...ON_CREATE, transforms: [TRIM] }),
        firstOf('description', ['shortDescription', 'description'], { ...ON_CREATE, ...PLAIN }),
        firstOf('price', ['item.price.current', 'item.price.regular']),
        field('hs_cost_of_goods_sold', 'item.price.cost'),
        firstOf('hs_images', ['item.image.url', 'images.0.url']),
        field('hs_url', 'url'),
        field('crosswalk_product_id', 'id'),
        firstOf('crosswalk_gtin', ['item.gtin', 'gtin']),
        field('crosswalk_brand', 'brand'),
        field('crosswalk_stock', 'item.stock.quantity', {
          onEmpty: 'clear',
          note: 'Cleared when the shop no longer counts it: an old number would be taken for true.',
        }),
        field('crosswalk_product_url', 'url'),
        IMPORTED,
      ],
    },
  },
}
