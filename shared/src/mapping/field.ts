import { z } from 'zod'

export const FieldType = z.enum([
  'text',
  'number',
  'amount',
  'boolean',
  'date',
  'datetime',
  'choice',
  'list',
  'object',
])
export type FieldType = z.infer<typeof FieldType>

/** A field of a catalogue, of a source record or of a target object. `name` is unique in its catalogue. */
export const Field = z.object({
  name: z.string(),
  /** For source fields: where to read it. */
  path: z.array(z.union([z.string(), z.number()])).optional(),
  label: z.string(),
  type: FieldType,
  group: z.string().default(''),
  help: z.string().default(''),
  required: z.boolean().default(false),
  readOnly: z.boolean().default(false),
  unique: z.boolean().default(false),
  maxLength: z.int().positive().nullable().default(null),
  options: z.array(z.object({ value: z.string(), label: z.string() })).default([]),
  example: z.string().default(''),
})
export type Field = z.infer<typeof Field>
