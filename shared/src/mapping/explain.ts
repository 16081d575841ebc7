import type { Condition, Scalar } from './condition.ts'
import { holds } from './evaluate.ts'
import { readPath, showPath, type Path } from './path.ts'
import { isEmpty, show } from './transforms/values.ts'

const said = (value: Scalar): string => (value === null || value === '' ? 'empty' : show(value))
const list = (values: readonly Scalar[]): string => {
  const first = values.slice(0, 5).map(said).join(', ')
  return values.length > 5 ? `${first} and ${values.length - 5} more` : first
}

/** A condition in plain words, with the paths as people see them. */
export function describeCondition(condition: Condition): string {
  if ('all' in condition) return joined(condition.all, ' and ')
  if ('any' in condition) return joined(condition.any, ' or ')
  if ('not' in condition) return `not (${describeCondition(condition.not)})`
  if ('exists' in condition) return `${showPath(condition.exists)} has a value`
  if ('equals' in condition) return `${showPath(condition.equals.path)} is ${said(condition.equals.value)}`
  if ('in' in condition) return `${showPath(condition.in.path)} is one of ${list(condition.in.values)}`
  if ('greater' in condition)
    return `${showPath(condition.greater.path)} is more than ${said(condition.greater.value)}`
  if ('less' in condition)
    return `${showPath(condition.less.path)} is less than ${said(condition.less.value)}`
  return `${showPath(condition.contains.path)} contains ${said(condition.contains.text)}`
}

const joined = (parts: readonly Condition[], word: string): string =>
  parts
    .map((part) =>
      'all' in part || 'any' in part ? `(${describeCondition(part)})` : describeCondition(part),
    )
    .join(word)

function pathOf(condition: Condition): Path | null {
  if ('exists' in condition) return condition.exists
  if ('equals' in condition) return condition.equals.path
  if ('in' in condition) return condition.in.path
  if ('greater' in condition) return condition.greater.path
  if ('less' in condition) return condition.less.path
  if ('contains' in condition) return condition.contains.path
  return null
}

/** Why a condition does not hold for a record: the test that fails and the value it met. Null when it holds. */
export function whyNot(condition: Condition, scope: unknown): string | null {
  if (holds(condition, scope)) return null
  if ('all' in condition) {
    const failing = condition.all.find((part) => !holds(part, scope))
    return failing ? whyNot(failing, scope) : null
  }
  const path = pathOf('not' in condition ? condition.not : condition)
  const wanted = `wanted: ${describeCondition(condition)}`
  if (!path) return wanted
  const value = readPath(scope, path)
  return `${showPath(path)} is ${isEmpty(value) ? 'empty' : show(value)}; ${wanted}`
}
