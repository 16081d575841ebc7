import type { z } from 'zod'
import { canonical, type Entity } from '../model/index.ts'
import { Instant, Quantity } from '../model/common.ts'
import { JournalRow } from '../model/journal-entry.ts'
import { Amount } from '../model/money.ts'
import { OrderLine } from '../model/order.ts'
import { ProductVariant } from '../model/product.ts'
import { Field, type FieldType } from './field.ts'
import { GROUPS, labelOf, wordsOf } from './labels.ts'

/** What a rule may read: a record of an entity, or the current line, sellable unit or row under `item`. */
export type FieldSource = Entity | 'order_line' | 'product_unit' | 'journal_row'

const ITEMS: Readonly<Record<Exclude<FieldSource, Entity>, z.ZodObject>> = {
  order_line: OrderLine,
  product_unit: ProductVariant,
  journal_row: JournalRow,
}

/** Amount-shaped values that are no money. */
const PLAIN_NUMBERS = new Set(['taxRate'])

/** A schema as the walk looks at it: its kind and what it wraps. */
interface Def {
  type: string
  innerType?: z.ZodType
  in?: z.ZodType
  entries?: Record<string, string>
  shape?: Record<string, z.ZodType>
}
const defOf = (schema: z.ZodType): Def => schema.def as unknown as Def

/** The schema under nullable, optional, default and the like. */
export function unwrap(schema: z.ZodType): z.ZodType {
  let inner = schema
  for (;;) {
    const { innerType } = defOf(inner)
    if (innerType === undefined) return inner
    inner = innerType
  }
}

function typeOf(schema: z.ZodType, name: string): FieldType {
  if (schema === Amount) return PLAIN_NUMBERS.has(name) ? 'number' : 'amount'
  if (schema === Quantity) return 'number'
  if (schema === Instant) return 'datetime'
  const def = defOf(schema)
  switch (def.type) {
    case 'boolean':
      return 'boolean'
    case 'number':
      return 'number'
    case 'enum':
      return 'choice'
    case 'array':
      return 'list'
    case 'string':
      return (schema as { format?: string | null }).format === 'date' ? 'date' : 'text'
    default:
      return 'object'
  }
}

function walk(schema: z.ZodObject, at: readonly string[]): Field[] {
  return Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([name, wrapped]) => {
    // Custom fields are told by the connector, which knows their names.
    if (name === 'native') return []
    const path = [...at, name]
    const inner = unwrap(wrapped)
    if (defOf(inner).type === 'object') return walk(inner as z.ZodObject, path)
    return [describe(path, inner)]
  })
}

function describe(path: readonly string[], schema: z.ZodType): Field {
  const type = typeOf(schema, path.at(-1) ?? '')
  const values = Object.values(defOf(schema).entries ?? {})
  return Field.parse({
    name: path.join('.'),
    path: [...path],
    label: labelOf(path),
    type,
    group: path.length > 1 ? (GROUPS[path[0] ?? ''] ?? '') : '',
    options: values.map((value) => ({ value, label: wordsOf(value) })),
  })
}

const known = new Map<FieldSource, readonly Field[]>()

/** The source fields of an entity, or of an element under `item`, made from the canonical schema. */
export function fieldsOf(source: FieldSource): readonly Field[] {
  let fields = known.get(source)
  if (!fields) {
    fields =
      source in ITEMS
        ? walk(ITEMS[source as keyof typeof ITEMS], ['item'])
        : walk(canonical[source as Entity], [])
    known.set(source, fields)
  }
  return fields
}

const flowField = (name: string, label: string, type: FieldType, help: string): Field =>
  Field.parse({ name: `flow.${name}`, path: ['flow', name], label, type, group: 'Flow', help })

/** What the flow itself adds to every record. */
export const FLOW_FIELDS: readonly Field[] = [
  flowField(
    'pipeline',
    'Pipeline of the flow',
    'text',
    'The pipeline chosen in the settings, in the target.',
  ),
  flowField(
    'origin',
    'Source account',
    'text',
    'Stable name of the source, such as woocommerce:shop.example.com.',
  ),
  flowField('store', 'Name of the store', 'text', 'The name given to the store in the settings.'),
  flowField(
    'imported',
    'Comes from the backfill',
    'boolean',
    'Yes for a record that was there before the flow began.',
  ),
  flowField(
    'documentLabel',
    'Kind of target document',
    'text',
    'What the record becomes, such as deal or invoice.',
  ),
]

/** The element catalogue of an entity's parts made per line, unit or row; none for the others. */
export function itemFieldsOf(entity: Entity): readonly Field[] {
  if (entity === 'order' || entity === 'invoice') return fieldsOf('order_line')
  if (entity === 'product') return fieldsOf('product_unit')
  if (entity === 'journal_entry') return fieldsOf('journal_row')
  return []
}

/** Everything a rule of a part may read: the record, the flow, and the element where the part is made per element. */
export const sourceFields = (entity: Entity, perItem: boolean): readonly Field[] => [
  ...fieldsOf(entity),
  ...(perItem ? itemFieldsOf(entity) : []),
  ...FLOW_FIELDS,
]
