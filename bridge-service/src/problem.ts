import type { z } from 'zod'
import type { ErrorCode, Issue } from '@crosswalk/shared/contract'

/** Something a caller asked for that cannot be; becomes an answer with the code's status. Message is for the user. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ErrorCode
  readonly issues: readonly Issue[] | undefined
  /** Sent as Retry-After, in seconds. */
  readonly retryAfter: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    more: { issues?: readonly Issue[]; retryAfter?: number } = {},
  ) {
    super(message)
    this.code = code
    this.issues = more.issues
    this.retryAfter = more.retryAfter
  }
}

/** The same words whether a thing does not exist or belongs to somebody else. */
export const notFound = (what: string): Problem => new Problem('not_found', `There is no such ${what}.`)

/** The value, or a 404 for what is missing. */
export function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw notFound(what)
  return value
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list', object: 'an object', record: 'an object',
} // prettier-ignore

function expectedOf(issue: z.core.$ZodIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return WORDS[issue.expected] ?? issue.expected
    case 'invalid_value':
      return `one of: ${issue.values.map(String).join(', ')}`
    case 'too_small':
      return `at least ${issue.minimum}${issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' entries' : ''}`
    case 'too_big':
      return `at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' entries' : ''}`
    case 'invalid_format':
      return issue.format === 'datetime' ? 'a UTC time such as 2026-01-31T12:00:00Z' : issue.format
    case 'unrecognized_keys':
      return 'no other fields'
    case 'invalid_union':
      return 'one of the known shapes'
    default:
      return undefined
  }
}

/** Issues of a parse as the API tells them; `at` leads to what was parsed. Values are not repeated: they may be secret. */
export const issuesOf = (error: z.ZodError, at: readonly (string | number)[]): Issue[] =>
  error.issues.map((issue) => {
    const expected = expectedOf(issue)
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
    return {
      path: [...at, ...path],
      message: messageOf(issue),
      ...(expected === undefined ? {} : { expected }),
    }
  })

function messageOf(issue: z.core.$ZodIssue): string {
  const name = String(issue.path.at(-1) ?? 'The input')
  if (issue.code === 'unrecognized_keys') return `There is no field ${issue.keys.join(', ')} here.`
  if (issue.code === 'invalid_type') {
    return /received undefined$/.test(issue.message) ? `${name} is missing.` : `${name} is of the wrong type.`
  }
  return issue.message
}
