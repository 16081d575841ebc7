import type { z } from 'zod'
import { wordsOf } from '../mapping/labels.ts'
import type { OptionSource, SettingMeta, Widget } from './setting.ts'

/** A field of a form, made from a schema: flow settings, a connector's settings and credentials, a transform's parameters. */
export interface FormField {
  name: string
  title: string
  description: string
  section: string
  widget: Widget
  /** Value a new form starts with; undefined where there is none. */
  default: unknown
  /** True when there is neither a default nor leave to stay empty. */
  required: boolean
  /** True when null is a value: "not set". */
  nullable: boolean
  advanced: boolean
  secret: boolean
  options: { value: string; label: string }[]
  optionsFrom: OptionSource | null
  keysFrom: OptionSource | null
  placeholder: string
  min: number | null
  max: number | null
  /** Fields of a group, or columns of rows. */
  fields: FormField[]
}

interface Def {
  type: string
  innerType?: z.ZodType
  in?: z.ZodType
  out?: z.ZodType
  element?: z.ZodType
  options?: readonly z.ZodType[]
  entries?: Record<string, string>
  values?: readonly unknown[]
  defaultValue?: unknown
}
const defOf = (schema: z.ZodType): Def => schema.def as unknown as Def

/** What lies around a schema's core: default, null, optional, and the words told on any layer. */
interface Layers {
  core: z.ZodType
  meta: Partial<SettingMeta>
  default: unknown
  optional: boolean
  nullable: boolean
}

function peel(schema: z.ZodType): Layers {
  const layers: Layers = { core: schema, meta: {}, default: undefined, optional: false, nullable: false }
  for (let depth = 0; depth < 10; depth++) {
    const def = defOf(layers.core)
    layers.meta = { ...(layers.core.meta() as Partial<SettingMeta> | undefined), ...layers.meta }
    if (def.type === 'default' || def.type === 'prefault') layers.default ??= def.defaultValue
    if (def.type === 'optional') layers.optional = true
    if (def.type === 'nullable') layers.nullable = true
    // A pipe's out side is what a checked value looks like; a transform at its end leaves only the in side to show.
    const next = def.type === 'pipe' ? (isTransform(def.out) ? def.in : def.out) : def.innerType
    if (next === undefined) return layers
    layers.core = next
  }
  return layers
}

const isTransform = (schema: z.ZodType | undefined): boolean =>
  schema !== undefined && defOf(schema).type === 'transform'

const FORMATS: Readonly<Record<string, Widget>> = {
  email: 'email',
  url: 'url',
  date: 'date',
  datetime: 'date',
}

function widgetOf(core: z.ZodType): Widget {
  const def = defOf(core)
  const format = (core as { format?: string | null }).format ?? ''
  switch (def.type) {
    case 'boolean':
      return 'switch'
    case 'number':
      return 'number'
    case 'enum':
    case 'literal':
      return 'select'
    case 'record':
      return 'table'
    case 'object':
      return 'group'
    case 'array':
      return widgetOfArray(def.element as z.ZodType)
    case 'union':
      return valuesOf(core).length > 0 ? 'select' : 'text'
    default:
      return FORMATS[format] ?? 'text'
  }
}

function widgetOfArray(element: z.ZodType): Widget {
  const { core } = peel(element)
  const def = defOf(core)
  if (def.type === 'object') return 'rows'
  if (def.type === 'enum') return 'multiselect'
  return (core as { format?: string | null }).format === 'email' ? 'emails' : 'tags'
}

/** Fixed values of a choice, also of a list of choices and of a union of literals. */
function valuesOf(core: z.ZodType): string[] {
  const def = defOf(core)
  if (def.type === 'enum') return Object.values(def.entries ?? {})
  if (def.type === 'literal') return (def.values ?? []).map(String)
  if (def.type === 'array') return valuesOf(peel(def.element as z.ZodType).core)
  if (def.type !== 'union') return []
  const inner = (def.options ?? []).map((option) => valuesOf(peel(option).core))
  return inner.every((values) => values.length > 0) ? inner.flat() : []
}

function fieldsInside(core: z.ZodType): FormField[] {
  const def = defOf(core)
  if (def.type === 'object') return describeFields(core as z.ZodObject)
  if (def.type !== 'array') return []
  const inner = peel(def.element as z.ZodType).core
  return defOf(inner).type === 'object' ? describeFields(inner as z.ZodObject) : []
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** A limit a form may show; the bounds zod sets on every integer are none. */
const limit = (bound: unknown): number | null =>
  typeof bound === 'number' && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? bound : null

function describeField(name: string, schema: z.ZodType): FormField {
  const { core, meta, default: fallback, optional, nullable } = peel(schema)
  const bounds = core as { minValue?: unknown; maxValue?: unknown }
  return {
    name,
    title: meta.title ?? capital(wordsOf(name)),
    description: meta.description ?? '',
    section: meta.section ?? '',
    widget: meta.secret
      ? 'secret'
      : (meta.widget ?? (meta.optionsFrom ? optionWidget(core) : widgetOf(core))),
    default: fallback,
    required: fallback === undefined && !optional && !nullable,
    nullable,
    advanced: meta.advanced ?? false,
    secret: meta.secret ?? false,
    options: valuesOf(core).map((value) => ({
      value,
      label: meta.labels?.[value] ?? capital(wordsOf(value)),
    })),
    optionsFrom: meta.optionsFrom ?? null,
    keysFrom: meta.keysFrom ?? null,
    placeholder: meta.placeholder ?? '',
    min: limit(bounds.minValue),
    max: limit(bounds.maxValue),
    fields: fieldsInside(core),
  }
}

const optionWidget = (core: z.ZodType): Widget => {
  const { type } = defOf(core)
  return type === 'record' ? 'table' : type === 'array' ? 'multiselect' : 'select'
}

/** Every setting of an object schema, in its order, also those that nothing reads yet; for naming them in messages. */
export const describeAll = (schema: z.ZodObject): FormField[] =>
  Object.entries(schema.shape as Record<string, z.ZodType>).map(([name, field]) => describeField(name, field))

/** The form of an object schema, field by field in its order; settings that nothing reads yet are left out. */
export const describeFields = (schema: z.ZodObject): FormField[] =>
  describeAll(schema).filter(({ name }) => peel(schema.shape[name] as z.ZodType).meta.drafted !== true)
