import type { z } from 'zod'

/** How a form shows a setting. `rows` is a small table of records, `table` one of pairs. */
export const WIDGETS = [
  'text', 'textarea', 'number', 'switch', 'select', 'multiselect', 'date', 'email', 'emails', 'tags', 'url', 'secret',
  'condition', 'path', 'table', 'rows', 'group',
] as const // prettier-ignore
export type Widget = (typeof WIDGETS)[number]

/** Lists of options that only the two connected systems can tell; the service answers them by name. */
export const OPTION_SOURCES = [
  'source.statuses', 'source.paymentMethods', 'source.shippingMethods', 'source.fields', 'source.taxRates',
  'source.locations', 'source.productKinds', 'source.categories', 'target.pipelines', 'target.stages', 'target.fields',
  'target.paymentTerms', 'target.paymentMethods', 'target.shippingMethods', 'target.taxCodes', 'target.accounts',
  'target.costCentres', 'target.costUnits', 'target.customerGroups', 'target.journals', 'target.locations', 'lookups',
] as const // prettier-ignore
export type OptionSource = (typeof OPTION_SOURCES)[number]

/** What a form needs beside the schema itself. */
export interface SettingMeta {
  title: string
  description: string
  section: string
  /** Behind "More settings". */
  advanced?: boolean
  widget?: Widget
  optionsFrom?: OptionSource
  /** For tables of pairs: where the names on the left come from. */
  keysFrom?: OptionSource
  /** Words for the values of a choice. */
  labels?: Readonly<Record<string, string>>
  /** Stored encrypted, never sent back. */
  secret?: boolean
  placeholder?: string
  /** Not shown: no connector reads it yet. Its shape stands, so that those to come need not bend it. */
  drafted?: boolean
}

/** A schema with what its form field needs. */
export const setting = <S extends z.ZodType>(schema: S, meta: SettingMeta): S => schema.meta({ ...meta }) as S
