import { compileCondition, type Test } from './evaluate.ts'
import { isSafeName, readPath, showPath } from './path.ts'
import type { FieldRule, RuleValue } from './rule.ts'
import { transformById } from './transforms/index.ts'
import { ok, problem, type Step, type TransformContext } from './transforms/transform.ts'
import { asText, isEmpty, MAX_TEXT, show } from './transforms/values.ts'

/** A transform with its parameters parsed. */
export interface ReadyStep {
  use: string
  params: unknown
  takesEmpty: boolean
  run: (value: unknown, params: unknown, context: TransformContext) => Step
}

/** A rule with everything about it decided that does not depend on the record. */
export interface ReadyRule {
  target: string
  on: FieldRule['on']
  onEmpty: FieldRule['onEmpty']
  when: Test | null
  read: (scope: unknown) => Step
  steps: readonly ReadyStep[]
  /** Why the rule can never work, in words, and the transform that is to blame. */
  broken: string | null
  brokenUse: string | null
}

/** Makes a rule ready for many records. Never throws: what cannot work is told in `broken`. */
export function compileRule(rule: FieldRule): ReadyRule {
  const steps: ReadyStep[] = []
  let broken = isSafeName(rule.target) ? null : `"${rule.target}" cannot be the name of a field.`
  let brokenUse: string | null = null
  for (const { use, with: given } of rule.transforms) {
    const transform = transformById(use)
    const params = transform?.params.safeParse(given)
    if (transform && params?.success) {
      steps.push({ use, params: params.data, takesEmpty: transform.takesEmpty === true, run: transform.run })
      continue
    }
    broken ??= transform
      ? `The settings of the step "${use}" are not right.`
      : `There is no step named "${use}".`
    brokenUse ??= use
  }
  const when = rule.when ? compileCondition(rule.when) : null
  const { target, on, onEmpty } = rule
  return { target, on, onEmpty, when, read: compileValue(rule.value), steps, broken, brokenUse }
}

function compileValue(value: RuleValue): (scope: unknown) => Step {
  switch (value.kind) {
    case 'field':
      return (scope) => ok(readPath(scope, value.path))
    case 'constant': {
      const constant = ok(value.value)
      return () => constant
    }
    case 'first_of':
      return (scope) => {
        for (const path of value.paths) {
          const found = readPath(scope, path)
          if (!isEmpty(found)) return ok(found)
        }
        return ok(undefined)
      }
    case 'template':
      return compileTemplate(value.parts)
  }
}

/** A template whose fields are all empty is empty itself, so that "Order {number}" never comes out as "Order ". */
function compileTemplate(parts: Extract<RuleValue, { kind: 'template' }>['parts']): (scope: unknown) => Step {
  const hasFields = parts.some((part) => typeof part !== 'string')
  return (scope) => {
    let text = ''
    let filled = !hasFields
    for (const part of parts) {
      if (typeof part === 'string') {
        text += part
        continue
      }
      const value = readPath(scope, part.path)
      if (isEmpty(value)) continue
      const piece = asText(value)
      if (piece === null) return problem(`${showPath(part.path)} is ${show(value)}, not text.`)
      filled = true
      text += piece
      if (text.length > MAX_TEXT) return problem(`The text is longer than ${MAX_TEXT} characters.`)
    }
    return ok(filled ? text : '')
  }
}
