import { AsyncLocalStorage } from 'node:async_hooks'
import { pino, type DestinationStream, type Logger } from 'pino'

/** What of an error may stand in a log. */
interface LoggedError {
  type: string
  message: string
  code?: string
  /** Of database errors: names of our own, never values. */
  table?: string
  column?: string
  constraint?: string
  stack?: string
  cause?: LoggedError
}

const LONGEST_MESSAGE = 500
const NAMES = ['table', 'column', 'constraint'] as const

/** PostgreSQL's class 22 is about values, and its messages repeat them: `invalid input syntax for type json: "…"`. */
const withoutValues = (message: string, code: string | undefined): string =>
  code?.startsWith('22') === true ? message.replace(/"[^"]*"/g, '"…"') : message

/**
 * An error as the log holds it: its kind, message and where it came from. Nothing else of the object: errors of the
 * database carry the statement's parameters, those of a connector the answer's body, and both may name a person.
 */
export function errorForLog(error: unknown): LoggedError {
  if (!(error instanceof Error)) {
    const { message } = (error ?? {}) as { message?: unknown }
    return { type: typeof error, message: String(message ?? 'not an error').slice(0, LONGEST_MESSAGE) }
  }
  const fields = error as Error & Record<string, unknown>
  const code = typeof fields['code'] === 'string' ? fields['code'] : undefined
  const logged: LoggedError = {
    type: error.name,
    message: withoutValues(error.message, code).slice(0, LONGEST_MESSAGE),
  }
  if (code !== undefined) logged.code = code
  for (const name of NAMES) if (typeof fields[name] === 'string') logged[name] = fields[name]
  // The frames only: the first lines of a stack repeat the message.
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line))
  if (frames && frames.length > 0) logged.stack = frames.join('\n')
  // A parser's complaint repeats what it could not read.
  if (error.cause instanceof Error && error.cause.name !== 'SyntaxError') {
    logged.cause = errorForLog(error.cause)
  }
  return logged
}

const requests = new AsyncLocalStorage<string>()

/** Runs `work` so that every line logged in it, also later, carries the request's id. */
export const withRequestId = <T>(id: string, work: () => T): T => requests.run(id, work)

/** The id of the request that is being answered, where one is. */
export const requestId = (): string | undefined => requests.getStore()

/** The service's log: one JSON object a line, ids only, to standard output. */
export function createLog(level: string, to?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    serializers: { err: errorForLog, error: errorForLog },
    mixin: () => {
      const request = requestId()
      return request === undefined ? {} : { request }
    },
  }
  return to === undefined ? pino(options) : pino(options, to)
}
