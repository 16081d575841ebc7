import { z } from 'zod'
import { commonShape } from './common.ts'
import { setting } from './setting.ts'

const SECTION = { select: 'Which records', match: 'Products', write: 'What is written' }

/** Settings of a product flow. */
export const ProductSettings = z.strictObject({
  ...commonShape,
  match: setting(z.enum(['sku', 'gtin', 'article_code']).default('sku'), {
    drafted: true, title: 'Find products by',
    description: 'What tells that two products are one. Products without it are skipped.',
    section: SECTION.match,
    labels: { sku: 'SKU', gtin: 'GTIN (EAN)', article_code: "The target's article code" },
  }),
  createMissing: setting(z.boolean().default(true), {
    title: 'Create missing products',
    description: 'Create products that the target does not have yet.',
    section: SECTION.match,
  }),
  kinds: setting(
    z.array(z.enum(['simple', 'variable', 'virtual', 'bundle', 'other'])).min(1).default(['simple', 'variable', 'virtual']),
    {
      title: 'Kinds of product',
      description: 'Which kinds go across. Variable products go with their variants.',
      section: SECTION.select,
      labels: { simple: 'Simple', variable: 'With variants', virtual: 'Virtual', bundle: 'Bundles', other: 'Others' },
    },
  ),
  statuses: setting(z.array(z.enum(['active', 'draft', 'archived'])).min(1).default(['active']), {
    title: 'States',
    description: 'Which products go across.',
    section: SECTION.select,
    labels: { active: 'On sale', draft: 'Drafts', archived: 'Archived' },
  }),
  updateFields: setting(z.union([z.literal('all'), z.array(z.string().min(1).max(120)).max(300)], 'choose all fields or a list of them').default('all'), {
    title: 'Fields to update',
    description: 'Fields of products that exist already; leave out those that are kept in the target by hand.',
    section: SECTION.write,
    widget: 'multiselect',
    optionsFrom: 'target.fields',
  }),
  prices: setting(z.enum(['with_tax', 'without_tax', 'as_is']).default('as_is'), {
    drafted: true, title: 'Prices',
    description: 'How prices are written. As they are: with or without tax as the source keeps them.',
    section: SECTION.write,
    labels: { with_tax: 'With tax', without_tax: 'Without tax', as_is: 'As they are' },
  }),
  taxRate: setting(z.string().regex(/^\d{1,2}(\.\d{1,4})?$/, 'write a percentage such as 21').nullable().default(null), {
    drafted: true, title: 'Tax rate of prices',
    description: 'Percentage to compute prices with or without tax by, where the source does not tell it.',
    section: SECTION.write,
    advanced: true,
  }),
  images: setting(z.enum(['none', 'first', 'all']).default('first'), {
    drafted: true, title: 'Images',
    description: 'As far as the target takes them.',
    section: SECTION.write,
    labels: { none: 'None', first: 'The first', all: 'All' },
  }),
  categories: setting(z.enum(['none', 'existing', 'create']).default('existing'), {
    drafted: true, title: 'Categories',
    description: 'How products are put in categories of the target.',
    section: SECTION.write,
    labels: { none: 'Not at all', existing: 'In those that exist', create: 'Create missing ones' },
  }),
  quantity: setting(z.boolean().default(false), {
    drafted: true, title: 'Write the stock with the product',
    description: 'Usually a stock flow does that. An unknown stock is never written.',
    section: SECTION.write,
    advanced: true,
  }),
  deleted: setting(z.enum(['nothing', 'archive']).default('nothing'), {
    title: 'Deleted products',
    description: 'What happens in the target when a product is deleted at the source.',
    section: SECTION.match,
    advanced: true,
  }),
}) // prettier-ignore
export type ProductSettings = z.infer<typeof ProductSettings>
