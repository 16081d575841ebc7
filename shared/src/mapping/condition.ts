import { z } from 'zod'
import { Path } from './path.ts'

export const Scalar = z.union([z.string().max(2000), z.number(), z.boolean(), z.null()])
export type Scalar = z.infer<typeof Scalar>

/** A small tree of tests on values of a record. `greater` and `less` compare as decimals, or as text where one is none. */
export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { exists: Path }
  | { equals: { path: Path; value: Scalar } }
  | { in: { path: Path; values: Scalar[] } }
  | { greater: { path: Path; value: string | number } }
  | { less: { path: Path; value: string | number } }
  | { contains: { path: Path; text: string } }

/** How deep conditions may stand in each other; people read no deeper, and a hostile tree must not exhaust the stack. */
const MAX_DEPTH = 8

/** True when `all`, `any` and `not` stand in each other no deeper than `left` allows. */
function isShallow(value: unknown, left: number): boolean {
  if (value === null || typeof value !== 'object') return true
  if (left === 0) return false
  const { all, any, not } = value as { all?: unknown; any?: unknown; not?: unknown }
  return [all, any, [not]].every(
    (inner) => !Array.isArray(inner) || inner.every((part) => isShallow(part, left - 1)),
  )
}

const Tree: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(Tree).min(1).max(20) }),
    z.strictObject({ any: z.array(Tree).min(1).max(20) }),
    z.strictObject({ not: Tree }),
    z.strictObject({ exists: Path }),
    z.strictObject({ equals: z.strictObject({ path: Path, value: Scalar }) }),
    z.strictObject({ in: z.strictObject({ path: Path, values: z.array(Scalar).max(200) }) }),
    z.strictObject({
      greater: z.strictObject({ path: Path, value: z.union([z.string().max(100), z.number()]) }),
    }),
    z.strictObject({
      less: z.strictObject({ path: Path, value: z.union([z.string().max(100), z.number()]) }),
    }),
    z.strictObject({ contains: z.strictObject({ path: Path, text: z.string().min(1).max(200) }) }),
  ]),
)

export const Condition: z.ZodType<Condition> = z.preprocess((value, context) => {
  if (isShallow(value, MAX_DEPTH)) return value
  context.addIssue(`conditions may stand in each other at most ${MAX_DEPTH} deep`)
  return z.NEVER
}, Tree)
