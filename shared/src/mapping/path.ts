import { z } from 'zod'

/** Names that would reach an object's prototype; never part of a path. */
const FORBIDDEN = /^(?:__proto__|constructor|prototype)$/

/** False for a name that would reach an object's prototype where it is used as a key. */
export const isSafeName = (name: string): boolean => !FORBIDDEN.test(name)

/** Where a value lies in a record: a list of own property names and list positions, picked from a catalogue. */
export const Path = z
  .array(
    z.union([
      z.string().min(1).max(64).refine(isSafeName, 'this name cannot be part of a path'),
      z.int().nonnegative().max(9999),
    ]),
  )
  .min(1)
  .max(8)
export type Path = z.infer<typeof Path>

/** The value at a path by own properties only, or undefined. */
export function readPath(from: unknown, path: Path): unknown {
  let value: unknown = from
  for (const part of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, part)) return undefined
    value = (value as Record<string | number, unknown>)[part]
  }
  return value
}

/** A path in the form people see: `billing.city`, `lines[0].sku`. */
export const showPath = (path: Path): string =>
  path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('')
