import { z } from 'zod'
import { Scalar } from './condition.ts'

/**
 * A user's table from a source value to a target value (tax codes, stages, payment terms). `fallback` answers for
 * values that are not in it; without one such a value fails the record and names itself.
 */
export const LookupTable = z.strictObject({
  name: z.string().min(1).max(80),
  entries: z.array(z.strictObject({ from: z.string().max(200), to: Scalar })).max(5000),
  fallback: z.strictObject({ to: Scalar }).nullable().default(null),
})
export type LookupTable = z.infer<typeof LookupTable>

/** Tables ready for use, by name. */
export type Lookups = ReadonlyMap<
  string,
  { get: (from: string) => Scalar | undefined; fallback: { to: Scalar } | null }
>

/** Makes tables ready for use; keys are compared trimmed and without regard to case. */
export function readyLookups(tables: readonly LookupTable[]): Lookups {
  return new Map(
    tables.map((table) => {
      const entries = new Map(table.entries.map((entry) => [entry.from.trim().toLowerCase(), entry.to]))
      return [
        table.name,
        { get: (from: string) => entries.get(from.trim().toLowerCase()), fallback: table.fallback },
      ]
    }),
  )
}
