import { z } from 'zod'
import { RecordBase } from './common.ts'
import { ProductImage } from './product.ts'

export const Category = z.object({
  ...RecordBase,
  name: z.string(),
  slug: z.string(),
  description: z.string(),
  parentId: z.string().nullable(),
  position: z.int().nullable(),
  image: ProductImage.nullable(),
})
export type Category = z.infer<typeof Category>
