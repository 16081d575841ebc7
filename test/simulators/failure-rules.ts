import { z } from 'zod'

/**
 * What a failure rule does to a call it matches.
 * `apply_then_cut` and `apply_then_status` let the simulator do the work first: the caller cannot tell
 * from the answer whether it was done (fault catalogue B4, B5).
 */
export const FailureAction = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('status'),
    status: z.int().min(100).max(599),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
  z.object({ kind: z.literal('cut') }),
  z.object({ kind: z.literal('apply_then_cut') }),
  z.object({
    kind: z.literal('apply_then_status'),
    status: z.int(),
    body: z.unknown().optional(),
    afterMs: z.int().default(0),
  }),
  z.object({ kind: z.literal('hang') }),
  /** Headers and the beginning of a body, then nothing more. */
  z.object({ kind: z.literal('stall') }),
  /** Does the work and answers with other headers; null takes one away. */
  z.object({ kind: z.literal('headers'), headers: z.record(z.string(), z.string().nullable()) }),
  z.object({ kind: z.literal('delay'), ms: z.int().nonnegative() }),
])
export type FailureAction = z.infer<typeof FailureAction>

/**
 * A rule that makes matching calls fail. `path` is a regular expression over path and query. The rule lets
 * `skip` matching calls through, then hits `times` of them (absent: all), each with probability `chance`.
 */
export const FailureRule = z.object({
  name: z.string(),
  method: z.string().optional(),
  path: z.string().optional(),
  skip: z.int().nonnegative().default(0),
  times: z.int().positive().optional(),
  chance: z.number().min(0).max(1).default(1),
  action: FailureAction,
})
export type FailureRule = z.input<typeof FailureRule>

interface ActiveRule {
  rule: z.output<typeof FailureRule>
  pattern: RegExp | null
  seen: number
  hits: number
}

/** The rules in force at one simulator. `random` gives numbers in [0, 1) and decides `chance`. */
export function createFailureRules(random: () => number = Math.random) {
  let active: ActiveRule[] = []
  return {
    add(input: FailureRule): void {
      const rule = FailureRule.parse(input)
      active.push({ rule, pattern: rule.path ? new RegExp(rule.path) : null, seen: 0, hits: 0 })
    },
    remove(name: string): void {
      active = active.filter((entry) => entry.rule.name !== name)
    },
    clear(): void {
      active = []
    },
    /** How often the rule of that name has hit. */
    hits: (name: string): number => active.find((entry) => entry.rule.name === name)?.hits ?? 0,
    /** The action of the first rule that hits this call, or null. */
    take(method: string, pathAndQuery: string): FailureAction | null {
      for (const entry of active) {
        if (entry.rule.method && entry.rule.method !== method) continue
        if (entry.pattern && !entry.pattern.test(pathAndQuery)) continue
        entry.seen += 1
        if (entry.seen <= entry.rule.skip) continue
        if (entry.rule.times !== undefined && entry.hits >= entry.rule.times) continue
        if (entry.rule.chance < 1 && random() >= entry.rule.chance) continue
        entry.hits += 1
        return entry.rule.action
      }
      return null
    },
  }
}
export type FailureRules = ReturnType<typeof createFailureRules>
