import type { Product, ProductVariant } from '@crosswalk/shared/model'
import { defineDocument } from '../../sdk/index.ts'
import { productMapping } from '../product-mapping.ts'
import { hubspotDocument } from './document.ts'

/** What is sold of a product, each as a product of HubSpot's, which knows no variants. Without a SKU there is no key. */
export const product = defineDocument(
  hubspotDocument<'product'>({
    label: 'Product',
    entity: 'product',
    object: 'products',
    steps: [
      {
        role: 'document',
        object: 'products',
        each: 'units',
        shared: false,
        key: ({ item }) => (item as Product | ProductVariant).sku.trim() || null,
        match: {},
        refs: [],
        whenGone: 'keep',
      },
    ],
    mapping: productMapping,
  }),
)
