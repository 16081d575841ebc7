import { z } from 'zod'
import { Quantity, RecordBase } from './common.ts'

/** One item's level at one place. Unknown is null, never 0. */
export const Stock = z.object({
  ...RecordBase,
  sku: z.string(),
  gtin: z.string(),
  productId: z.string(),
  variantId: z.string().nullable(),
  location: z.string(),
  managed: z.boolean(),
  onHand: Quantity.nullable(),
  reserved: Quantity.nullable(),
  available: Quantity.nullable(),
})
export type Stock = z.infer<typeof Stock>
