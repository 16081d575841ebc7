import type { Lookups } from './lookup.ts'
import type { Scalar } from './condition.ts'
import { isSafeName, readPath } from './path.ts'
import { compileRule, type ReadyRule } from './compile.ts'
import type { ListRule, PartMapping } from './rule.ts'
import { OUTCOMES, unpackTrace, type PackedTrace, type RuleOutcome, type RuleTrace } from './trace.ts'
import { isEmpty, show } from './transforms/values.ts'

export interface ApplyOptions {
  lookups: Lookups
  /** Whether the target record is made or changed; rules with another `on` are left alone. */
  on: 'create' | 'update'
  /** With `on: 'create'`: gives the draft of an update as well, for half the price of two runs. */
  withUpdate?: boolean
  /** Values given by hand for this one go, by field of the target: the rules of these fields are not asked. */
  edits?: ReadonlyMap<string, Scalar> | undefined
  /** False in bulk: no trace is kept and the first failure ends the part. Default true. */
  trace?: boolean
}

/** Why a part has no draft: the first rule that failed and the value it failed on. */
export interface PartFailure {
  /** The rule's index; for a list that is none, the list's own, with `list` set. */
  index: number
  list?: { target: string; item: number | null }
  target: string
  /** Id of the transform that could not go on, null where it was none. */
  use: string | null
  value: unknown
  problem: string
  /** It came to no value, and the field needs one. */
  empty?: true
  /** The rule itself cannot work, whatever the record. */
  broken?: true
}

/** `draft` is empty when `failure` is set: a part is mapped whole or not at all. */
export interface PartResult {
  draft: Record<string, unknown>
  /** What an update would write; null unless `withUpdate` asked for it. */
  updateDraft: Record<string, unknown> | null
  trace: PackedTrace
  failure: PartFailure | null
}

export type CompiledPart = (scope: unknown, options: ApplyOptions) => PartResult

/**
 * Makes the rules of a part ready for many records: parameters are parsed, conditions and values compiled, once. A
 * rule that cannot work (unknown transform, bad parameters) makes every record of the part fail with its index; check
 * mappings before they are saved. The result is pure and never throws on a record of plain data.
 */
export function compilePart(part: PartMapping): CompiledPart {
  const rules = part.rules.map(compileRule)
  const lists = part.lists.map((list) => ({ list, rules: list.rules.map(compileRule) }))
  return (scope, options) => {
    const run = new Run(options)
    const drafts: Drafts = { draft: {}, update: options.withUpdate && options.on === 'create' ? {} : null }
    run.rules(rules, scope, drafts, undefined)
    if (options.edits) writeEdits(options.edits, drafts)
    for (let i = 0; i < lists.length && !run.over; i++) {
      const { list, rules: inner } = lists[i] as (typeof lists)[number]
      run.list(i, list, inner, scope, drafts)
    }
    const { trace, failure } = run
    return failure
      ? { draft: {}, updateDraft: drafts.update && {}, trace, failure }
      : { draft: drafts.draft, updateDraft: drafts.update, trace, failure }
  }
}

/** Maps one part of one record with its whole trace, in words; for many records compile once instead. */
export function applyPart(
  part: PartMapping,
  scope: unknown,
  options: ApplyOptions,
): Omit<PartResult, 'trace'> & { trace: RuleTrace[] } {
  const result = compilePart(part)(scope, options)
  return { ...result, trace: unpackTrace(part, result.trace) }
}

/** What rules write into: the draft asked for, and that of an update where it is made in the same go. */
interface Drafts {
  draft: Record<string, unknown>
  update: Record<string, unknown> | null
}

function write(into: Drafts, rule: Pick<ReadyRule, 'on' | 'target'>, asked: string, value: unknown): void {
  if (rule.on === 'both' || rule.on === asked) into.draft[rule.target] = value
  if (into.update !== null && rule.on !== 'create') into.update[rule.target] = value
}

function writeEdits(edits: ReadonlyMap<string, Scalar>, into: Drafts): void {
  for (const [target, value] of edits) {
    if (!isSafeName(target)) continue
    into.draft[target] = value
    if (into.update !== null) into.update[target] = value
  }
}

/** Where in a list field a rule runs: the list's position in its part, its target, and the element's position. */
interface InList {
  index: number
  target: string
  item: number
}

const CODES = Object.fromEntries(OUTCOMES.map((name, code) => [name, code])) as Record<RuleOutcome, number>

/** One application of a part: the trace and the first failure gathered on the way. */
class Run {
  readonly trace: unknown[][] = []
  failure: PartFailure | null = null
  readonly #options: ApplyOptions
  readonly #tracing: boolean

  constructor(options: ApplyOptions) {
    this.#options = options
    this.#tracing = options.trace !== false
  }

  /** True when nothing more can matter. With a trace the other rules still show what they would do. */
  get over(): boolean {
    return this.failure !== null && !this.#tracing
  }

  rules(rules: readonly ReadyRule[], scope: unknown, drafts: Drafts, list: InList | undefined) {
    for (let i = 0; i < rules.length; i++) {
      if (this.over) return
      const entry: unknown[] | null = this.#tracing ? [list ? [list.index, list.item, i] : i, 0] : null
      if (entry) this.trace.push(entry)
      const outcome = this.#rule(i, rules[i] as ReadyRule, scope, drafts, list, entry)
      if (entry) entry[1] = CODES[outcome]
    }
  }

  list(index: number, list: ListRule, rules: readonly ReadyRule[], scope: unknown, drafts: Drafts) {
    const elements = readPath(scope, list.each)
    if (elements === undefined || elements === null) return
    const safe = isSafeName(list.target)
    if (!safe || !Array.isArray(elements)) {
      const text = safe
        ? `${show(elements)} is not a list.`
        : `"${list.target}" cannot be the name of a field.`
      this.failure ??= { index, list: { target: list.target, item: null }, target: list.target, use: null, value: elements, problem: text } // prettier-ignore
      return
    }
    const rows: Drafts[] = []
    for (let item = 0; item < elements.length && !this.over; item++) {
      const row: Drafts = { draft: {}, update: drafts.update && {} }
      const place = { index, target: list.target, item }
      this.rules(rules, { ...(scope as object), item: elements[item] }, row, place)
      rows.push(row)
    }
    drafts.draft[list.target] = rows.map((row) => row.draft)
    if (drafts.update !== null) drafts.update[list.target] = rows.map((row) => row.update)
  }

  #rule(
    index: number,
    rule: ReadyRule,
    scope: unknown,
    drafts: Drafts,
    list: InList | undefined,
    entry: unknown[] | null,
  ): RuleOutcome {
    const { on, edits } = this.#options
    if (list === undefined && edits?.has(rule.target)) return 'edited'
    if (rule.broken !== null) return this.#fail(index, rule, list, entry, rule.broken, undefined, rule.brokenUse, { broken: true }) // prettier-ignore
    const mine = rule.on === 'both' || rule.on === on
    if (!mine && drafts.update === null) return 'skipped_update'
    if (rule.when && !rule.when(scope)) return 'skipped_condition'
    const input = rule.read(scope)
    if (!input.ok) return this.#fail(index, rule, list, entry, input.problem, undefined, null)
    entry?.push(input.value)
    let value = input.value
    for (const step of rule.steps) {
      if (isEmpty(value) && !step.takesEmpty) continue
      const made = step.run(value, step.params, this.#options)
      if (!made.ok) return this.#fail(index, rule, list, entry, made.problem, value, step.use)
      value = made.value
      entry?.push(value)
    }
    if (isEmpty(value)) {
      if (rule.onEmpty === 'fail') return this.#fail(index, rule, list, entry, `There is no value for "${rule.target}".`, input.value, null, { empty: true }) // prettier-ignore
      if (rule.onEmpty === 'clear') write(drafts, rule, on, null)
      return !mine ? 'skipped_update' : rule.onEmpty === 'clear' ? 'cleared' : 'left_out'
    }
    if (!isWritable(value)) {
      const text = `${show(value)} cannot be written; choose a field inside it.`
      return this.#fail(index, rule, list, entry, text, value, null)
    }
    write(drafts, rule, on, value)
    return mine ? 'written' : 'skipped_update'
  }

  #fail(
    index: number,
    rule: ReadyRule,
    list: InList | undefined,
    entry: unknown[] | null,
    problem: string,
    value: unknown,
    use: string | null,
    more: Pick<PartFailure, 'empty' | 'broken'> = {},
  ): 'failed' {
    entry?.push(problem)
    const where = list ? { list: { target: list.target, item: list.item } } : {}
    this.failure ??= { index, ...where, target: rule.target, use, value, problem, ...more }
    return 'failed'
  }
}

/** Drafts hold scalars and lists of scalars; whole objects come only from list rules. */
function isWritable(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((element) => !Array.isArray(element) && isWritable(element))
  return (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  )
}
