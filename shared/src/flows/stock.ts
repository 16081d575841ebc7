import { z } from 'zod'
import { Quantity } from '../model/common.ts'
import { commonShape } from './common.ts'
import { setting } from './setting.ts'

const SECTION = 'Stock'

/** Settings of a stock flow. A level the source does not know is never written, least of all as 0. */
export const StockSettings = z.strictObject({
  ...commonShape,
  formula: setting(z.enum(['available_minus_reserved', 'available', 'on_hand']).default('available_minus_reserved'), {
    title: 'Level',
    description: 'Which level is written.',
    section: SECTION,
    labels: {
      available_minus_reserved: 'Available minus reserved for orders',
      available: 'Available',
      on_hand: 'On hand',
    },
  }),
  buffer: setting(Quantity.refine((value) => !value.startsWith('-'), 'write a number that is not negative').default('0'), {
    title: 'Buffer',
    description: 'Taken off the level, so that the last pieces are not sold twice.',
    section: SECTION,
  }),
  belowZero: setting(z.enum(['zero', 'as_is']).default('zero'), {
    title: 'Levels below zero',
    description: 'Written as 0, or as they are.',
    section: SECTION,
    advanced: true,
    labels: { zero: 'As 0', as_is: 'As they are' },
  }),
  match: setting(z.enum(['sku', 'gtin', 'article_code']).default('sku'), {
    title: 'Find products by',
    description: 'What tells that two products are one.',
    section: SECTION,
    labels: { sku: 'SKU', gtin: 'GTIN (EAN)', article_code: "The target's article code" },
  }),
  location: setting(z.string().min(1).max(200).nullable().default(null), {
    title: 'Location',
    description: 'Only the level of this location of the source. Empty: all together.',
    section: SECTION,
    optionsFrom: 'source.locations',
  }),
  targetLocation: setting(z.string().min(1).max(200).nullable().default(null), {
    title: 'Location in the target',
    description: 'Where the level is written. Empty: its main location.',
    section: SECTION,
    advanced: true,
    optionsFrom: 'target.locations',
  }),
  targetManagesStock: setting(z.enum(['leave', 'switch_on']).default('leave'), {
    title: 'Stock management in the target',
    description: 'For products whose stock the target does not count.',
    section: SECTION,
    labels: { leave: 'Leave them alone', switch_on: 'Switch counting on' },
  }),
}) // prettier-ignore
export type StockSettings = z.infer<typeof StockSettings>
