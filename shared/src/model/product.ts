import { z } from 'zod'
import { Quantity, RecordBase } from './common.ts'
import { Amount } from './money.ts'

export const ProductImage = z.object({ id: z.string(), url: z.string(), alt: z.string() })

/** Price fields may be null: a variable parent, or a source that keeps none. `includesTax` says how they are meant. */
export const Price = z.object({
  regular: Amount.nullable(),
  sale: Amount.nullable(),
  current: Amount.nullable(),
  includesTax: z.boolean().nullable(),
  cost: Amount.nullable(),
})

export const StockState = z.object({
  /** False: the source does not count this item, and `quantity` is null, which is not 0. */
  managed: z.boolean(),
  quantity: Quantity.nullable(),
  reserved: Quantity.nullable(),
  backorders: z.boolean().nullable(),
  inStock: z.boolean().nullable(),
})
export type StockState = z.infer<typeof StockState>

export const ProductVariant = z.object({
  id: z.string(),
  sku: z.string(),
  gtin: z.string(),
  name: z.string(),
  options: z.array(z.object({ name: z.string(), value: z.string() })),
  price: Price,
  stock: StockState,
  taxClass: z.string(),
  weight: Quantity.nullable(),
  image: ProductImage.nullable(),
  native: z.record(z.string(), z.unknown()),
})
export type ProductVariant = z.infer<typeof ProductVariant>

/**
 * A product. Sellable units are the product itself (`simple`) or its `variants` (`variable`). A source that lists
 * variants on their own decodes each as kind `variant` with its parent's id in `parentId`.
 */
export const Product = z.object({
  ...RecordBase,
  kind: z.enum(['simple', 'variable', 'variant', 'virtual', 'bundle', 'other']),
  parentId: z.string().nullable(),
  status: z.enum(['active', 'draft', 'archived']),
  name: z.string(),
  sku: z.string(),
  gtin: z.string(),
  description: z.string(),
  shortDescription: z.string(),
  price: Price,
  currency: z.string().nullable(),
  taxClass: z.string(),
  stock: StockState,
  weight: Quantity.nullable(),
  brand: z.string(),
  categories: z.array(z.object({ id: z.string(), name: z.string() })),
  tags: z.array(z.string()),
  attributes: z.array(z.object({ name: z.string(), values: z.array(z.string()), forVariants: z.boolean() })),
  /** Options that make this variant; empty for others. */
  options: z.array(z.object({ name: z.string(), value: z.string() })),
  images: z.array(ProductImage),
  variants: z.array(ProductVariant),
})
export type Product = z.infer<typeof Product>
