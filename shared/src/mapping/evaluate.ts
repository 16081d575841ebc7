import { compare } from '../model/money.ts'
import type { Condition, Scalar } from './condition.ts'
import { readPath, type Path } from './path.ts'
import { asDecimal, asText, isEmpty } from './transforms/values.ts'

/** A condition ready for many records. */
export type Test = (scope: unknown) => boolean

/** An empty value equals `null` and ''; a number is compared as a decimal, everything else as exact text. */
function equals(value: unknown, wanted: Scalar): boolean {
  if (isEmpty(value)) return wanted === null || wanted === ''
  if (Array.isArray(value)) return value.some((element) => !Array.isArray(element) && equals(element, wanted))
  if (wanted === null || typeof value === 'object') return false
  if (typeof wanted === 'number') {
    const [left, right] = [asDecimal(value), asDecimal(wanted)]
    return left !== null && right !== null && compare(left, right) === 0
  }
  return value === wanted || asText(value) === String(wanted)
}

/** Order of a value and a bound: as decimals where both are, else as text (ISO dates sort so); null where neither. */
function order(value: unknown, bound: string | number): number | null {
  if (isEmpty(value)) return null
  const [left, right] = [asDecimal(value), asDecimal(bound)]
  if (left !== null && right !== null) return compare(left, right)
  if (typeof value !== 'string' || typeof bound !== 'string') return null
  return value < bound ? -1 : value > bound ? 1 : 0
}

/** Text inside text, or a list with such an element; capitals make no difference. */
function contains(value: unknown, text: string): boolean {
  if (Array.isArray(value)) return value.some((element) => !Array.isArray(element) && contains(element, text))
  return asText(value)?.toLowerCase().includes(text) ?? false
}

const at = (path: Path, test: (value: unknown) => boolean): Test => {
  return (scope) => test(readPath(scope, path))
}

/** Makes a condition ready. It never throws, whatever the record holds. */
export function compileCondition(condition: Condition): Test {
  if ('all' in condition) {
    const tests = condition.all.map(compileCondition)
    return (scope) => tests.every((test) => test(scope))
  }
  if ('any' in condition) {
    const tests = condition.any.map(compileCondition)
    return (scope) => tests.some((test) => test(scope))
  }
  if ('not' in condition) {
    const test = compileCondition(condition.not)
    return (scope) => !test(scope)
  }
  if ('exists' in condition) return at(condition.exists, (value) => !isEmpty(value))
  if ('equals' in condition) {
    const { path, value: wanted } = condition.equals
    return at(path, (value) => equals(value, wanted))
  }
  if ('in' in condition) {
    const { path, values } = condition.in
    return at(path, (value) => values.some((wanted) => equals(value, wanted)))
  }
  if ('greater' in condition) {
    const { path, value: bound } = condition.greater
    return at(path, (value) => (order(value, bound) ?? 0) > 0)
  }
  if ('less' in condition) {
    const { path, value: bound } = condition.less
    return at(path, (value) => (order(value, bound) ?? 0) < 0)
  }
  const { path } = condition.contains
  const text = condition.contains.text.toLowerCase()
  return at(path, (value) => contains(value, text))
}

const ready = new WeakMap<Condition, Test>()

/**
 * True when a condition holds for a record or scope. `exists` means "has a value": empty text and empty lists have
 * none. A test on a list holds when it holds for one element. The condition must not be changed afterwards.
 */
export function holds(condition: Condition, scope: unknown): boolean {
  let test = ready.get(condition)
  if (!test) {
    test = compileCondition(condition)
    ready.set(condition, test)
  }
  return test(scope)
}
