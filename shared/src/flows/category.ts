import { z } from 'zod'
import { commonShape } from './common.ts'
import { setting } from './setting.ts'

/** Settings of a category flow; a tree goes across from its roots, before products. */
export const CategorySettings = z.strictObject({
  ...commonShape,
  match: setting(z.enum(['path', 'name', 'slug']).default('path'), {
    title: 'Find categories by',
    description: 'What tells that two categories are one.',
    section: 'Categories',
    labels: { path: 'Their names from the root', name: 'Their name', slug: 'Their slug' },
  }),
  createMissing: setting(z.boolean().default(true), {
    title: 'Create missing categories',
    description: 'Create categories that the target does not have yet.',
    section: 'Categories',
  }),
  images: setting(z.boolean().default(false), {
    title: 'Images',
    description: 'Also the image of a category, where the target takes one.',
    section: 'Categories',
    advanced: true,
  }),
  deleted: setting(z.enum(['nothing', 'archive']).default('nothing'), {
    title: 'Deleted categories',
    description: 'What happens in the target when a category is deleted at the source.',
    section: 'Categories',
    advanced: true,
  }),
})
export type CategorySettings = z.infer<typeof CategorySettings>
