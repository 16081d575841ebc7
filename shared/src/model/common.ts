import { z } from 'zod'

/** A UTC instant as ISO text with `Z`, to the second or finer. */
export const Instant = z.iso.datetime({ offset: false })
export type Instant = z.infer<typeof Instant>

/** A quantity as decimal text; tills sell by weight, so fractions exist. */
export const Quantity = z
  .string()
  .regex(/^-?\d{1,15}(\.\d{1,9})?$/, 'a quantity is decimal text such as "2" or "0.5"')

/**
 * What the source sent, for custom fields. `meta` holds its custom fields by name. The pipeline keeps it no longer
 * than the record is being worked on.
 */
export const Native = z.record(z.string(), z.unknown())
export type Native = z.infer<typeof Native>

/** Fields every canonical record has. `id` is the source's own id of the record, as text. */
export const RecordBase = {
  id: z.string().min(1),
  /** Last change at the source by the source's clock, null where it tells none. */
  modifiedAt: Instant.nullable(),
  createdAt: Instant.nullable(),
  /** Where a person sees the record at the source. */
  url: z.string().nullable(),
  native: Native,
}
