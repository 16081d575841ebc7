import type { z } from 'zod'
import { show } from '../mapping/transforms/values.ts'
import { describeAll, type FormField } from './form.ts'

/** One thing wrong with an input, for the field it belongs to. */
export interface SettingIssue {
  path: (string | number)[]
  /** Title of the field, empty where the input as a whole is meant. */
  title: string
  message: string
  remedy: string
}

type Issue = z.core.$ZodIssue

const KINDS: Readonly<Record<string, string>> = {
  string: 'text', number: 'a number', int: 'a whole number', boolean: 'yes or no', array: 'a list', object: 'a group of fields',
  record: 'a table', null: 'nothing',
} // prettier-ignore

/** The field of a form a path leads to. */
function fieldAt(fields: readonly FormField[], path: readonly PropertyKey[]): FormField | null {
  let at = fields
  let found: FormField | null = null
  for (const part of path) {
    if (typeof part === 'number') continue
    const next = at.find((field) => field.name === part)
    if (!next) break
    found = next
    at = next.fields
  }
  return found
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input
  for (const part of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, part)) return undefined
    value = (value as Record<PropertyKey, unknown>)[part]
  }
  return value
}

/** True for words of our own schemas, which say it better than anything made from the issue's kind. */
const isOwnMessage = (message: string): boolean =>
  !/^(?:Invalid|Too (?:big|small)|Unrecognized)/.test(message)

const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`

/** What would be right, from what the schema asked for. */
function remedyOf(issue: Issue, field: FormField | null): string {
  if (field && field.options.length > 0 && issue.code !== 'custom')
    return `Choose one of: ${field.options.map((option) => option.value).join(', ')}.`
  if (isOwnMessage(issue.message)) return sentence(issue.message)
  switch (issue.code) {
    case 'invalid_type':
      return `Give ${KINDS[issue.expected] ?? issue.expected}.`
    case 'invalid_value':
      return `Choose one of: ${issue.values.map(String).join(', ')}.`
    case 'too_small':
      return `Give at least ${issue.minimum}${unitOf(issue.origin, issue.minimum)}.`
    case 'too_big':
      return `Give at most ${issue.maximum}${unitOf(issue.origin, issue.maximum)}.`
    case 'invalid_format':
      return formatWords(issue.format)
    case 'unrecognized_keys':
      return 'Take it out.'
    case 'invalid_union':
      return unionWords(issue, field)
    default:
      return sentence(issue.message)
  }
}

function unitOf(origin: string, count: number | bigint): string {
  const word = origin === 'string' ? ' character' : origin === 'array' ? ' entry' : ''
  if (word === '' || Number(count) === 1) return word
  return word === ' entry' ? ' entries' : `${word}s`
}

function formatWords(format: string): string {
  if (format === 'email') return 'Write an e-mail address such as shop@example.com.'
  if (format === 'url') return 'Write an address such as https://shop.example.com.'
  if (format === 'date') return 'Write a day such as 2026-05-01.'
  if (format === 'datetime') return 'Write a moment such as 2026-05-01T00:00:00Z.'
  return 'Write it in the form shown beside the field.'
}

function unionWords(issue: Extract<Issue, { code: 'invalid_union' }>, field: FormField | null): string {
  if (field?.widget === 'date')
    return 'Write a day such as 2026-05-01, or a moment such as 2026-05-01T00:00:00Z.'
  if (field?.widget === 'condition') return 'Choose a field and a test, such as "is" or "is more than".'
  const first = issue.errors[0]?.[0]
  return first ? remedyOf(first, null) : 'Write it in the form shown beside the field.'
}

/** Says a schema's issues in plain words: what was wrong, and what would be right. */
export function sayIssues(error: z.ZodError, schema: z.ZodObject, input: unknown): SettingIssue[] {
  const fields = describeAll(schema)
  return error.issues.map((issue) => {
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
    const field = fieldAt(fields, path)
    const title = field?.title ?? ''
    return {
      path,
      title,
      message: messageOf(issue, title, valueAt(input, path)),
      remedy: remedyOf(issue, field),
    }
  })
}

function messageOf(issue: Issue, title: string, value: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    return `There is no setting named ${issue.keys.map((key) => show(key)).join(', ')}.`
  }
  const name = title === '' ? 'The input' : `"${title}"`
  if (value === undefined) return `${name} is missing.`
  return value === null || value === '' ? `${name} is empty.` : `${name} is set to ${show(value)}.`
}
