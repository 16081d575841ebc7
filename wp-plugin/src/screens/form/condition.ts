import type { Condition } from '@crosswalk/shared/mapping'
import { decimalOf } from './numbers.ts'

export const TESTS = ['is', 'is_not', 'one_of', 'more', 'less', 'contains', 'filled', 'empty'] as const
export type TestName = (typeof TESTS)[number]

/** One line of a filter: a field, a test and, for most tests, a value as it was typed. */
export interface Line {
  field: string
  test: TestName
  value: string
}

/** A filter as lines: all of them hold, or any. */
export interface Filter {
  all: boolean
  lines: readonly Line[]
}

type Path = (string | number)[]

/** `lines[0].sku` for a path, and back: as the list of fields writes it. */
export const nameOfPath = (path: readonly (string | number)[]): string =>
  path.map((part, at) => (typeof part === 'number' ? `[${part}]` : at === 0 ? part : `.${part}`)).join('')
export const pathOfName = (name: string): Path =>
  [...name.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, word, at]) =>
    at === undefined ? (word ?? '') : Number(at),
  )

/** A condition as lines; null for one that is too deep for them. */
export function filterOf(condition: Condition | null): Filter | null {
  if (condition === null) return { all: true, lines: [] }
  const [all, parts] =
    'all' in condition ? [true, condition.all] : 'any' in condition ? [false, condition.any] : [true, [condition]]
  const lines = parts.map(lineOf)
  return lines.every((line) => line !== null) ? { all, lines } : null
} // prettier-ignore

function lineOf(condition: Condition): Line | null {
  if ('not' in condition) {
    const line = lineOf(condition.not)
    if (line?.test === 'is') return { ...line, test: 'is_not' }
    return line?.test === 'filled' ? { ...line, test: 'empty' } : null
  }
  if ('exists' in condition) return { field: nameOfPath(condition.exists), test: 'filled', value: '' }
  if ('equals' in condition) return line(condition.equals.path, 'is', condition.equals.value)
  if ('in' in condition) return line(condition.in.path, 'one_of', condition.in.values.join(', '))
  if ('greater' in condition) return line(condition.greater.path, 'more', condition.greater.value)
  if ('less' in condition) return line(condition.less.path, 'less', condition.less.value)
  if ('contains' in condition) return line(condition.contains.path, 'contains', condition.contains.text)
  return null
}

const line = (path: Path, test: TestName, value: unknown): Line => ({
  field: nameOfPath(path),
  test,
  value: value === null ? '' : String(value),
})

/** The condition that the lines make; null where there are none. Numbers are compared as numbers. */
export function conditionOf({ all, lines }: Filter): Condition | null {
  const parts = lines.map(partOf)
  if (parts.length === 0) return null
  return all ? { all: parts } : { any: parts }
}

function partOf({ field, test, value }: Line): Condition {
  const path = pathOfName(field)
  switch (test) {
    case 'is':
      return { equals: { path, value: scalar(value) } }
    case 'is_not':
      return { not: { equals: { path, value: scalar(value) } } }
    case 'one_of':
      return { in: { path, values: value.split(',').map((one) => scalar(one.trim())) } }
    case 'more':
      return { greater: { path, value: decimalOf(value) ?? value } }
    case 'less':
      return { less: { path, value: decimalOf(value) ?? value } }
    case 'contains':
      return { contains: { path, text: value } }
    case 'filled':
      return { exists: path }
    default:
      return { not: { exists: path } }
  }
}

/** What looks like a number in its usual form is compared as one: 10 is 10.00. A number with a leading zero is text. */
const scalar = (text: string): string | number =>
  /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text) && String(Number(text)) === text ? Number(text) : text
