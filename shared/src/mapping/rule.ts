import { z } from 'zod'
import { Condition, Scalar } from './condition.ts'
import { isSafeName, Path } from './path.ts'

/** Where a rule's value comes from. A path that begins with `item` reads the current line of a part made per line. */
export const RuleValue = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('field'), path: Path }),
  z.strictObject({ kind: z.literal('constant'), value: Scalar }),
  z.strictObject({
    kind: z.literal('template'),
    parts: z
      .array(z.union([z.string().max(500), z.strictObject({ path: Path })]))
      .min(1)
      .max(12),
  }),
  z.strictObject({ kind: z.literal('first_of'), paths: z.array(Path).min(1).max(6) }),
])
export type RuleValue = z.infer<typeof RuleValue>

export const TransformUse = z.strictObject({
  use: z.string().min(1).max(60),
  with: z.record(z.string(), z.unknown()).default({}),
})
export type TransformUse = z.infer<typeof TransformUse>

/** When a field is written: when the target record is made, when it is changed, or both (the update switch). */
export const WriteOn = z.enum(['create', 'update', 'both'])

/** Name of a field of the target. */
const TargetName = z.string().min(1).max(120).refine(isSafeName, 'this name cannot be that of a field')

/** One field of the target. `onEmpty`: leave the field out, clear it in the target, or fail the record. */
export const FieldRule = z.strictObject({
  target: TargetName,
  value: RuleValue,
  transforms: z.array(TransformUse).max(6).default([]),
  when: Condition.optional(),
  on: WriteOn.default('both'),
  onEmpty: z.enum(['omit', 'clear', 'fail']).default('omit'),
  note: z.string().max(500).optional(),
})
export type FieldRule = z.infer<typeof FieldRule>

/** A list field inside one draft (rows of an invoice): one entry per element at `each`. */
export const ListRule = z.strictObject({
  target: TargetName,
  each: Path,
  rules: z.array(FieldRule).max(60),
})
export type ListRule = z.infer<typeof ListRule>

/** The rules of one part of a target document (its contact, the document itself, a line …). */
export const PartMapping = z.strictObject({
  rules: z.array(FieldRule).max(300),
  lists: z.array(ListRule).max(10).default([]),
})
export type PartMapping = z.infer<typeof PartMapping>

/** A whole mapping, by part role. Immutable once saved: a change is a new version. */
export const MappingDocument = z.strictObject({
  parts: z.record(z.string().max(40), PartMapping),
})
export type MappingDocument = z.infer<typeof MappingDocument>
/** As people and connectors write it, defaults left out. */
export type MappingInput = z.input<typeof MappingDocument>
