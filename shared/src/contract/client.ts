import type { Contract, Endpoint, InputOf, OutputOf } from './endpoint.ts'
import { ErrorBody, type ErrorCode, type Issue } from './errors.ts'

/** Carries one call to the service; `path` is below `API_PREFIX`, with its query. */
export type Transport = (request: {
  method: string
  path: string
  body?: unknown
}) => Promise<{ status: number; json: unknown }>

/** An answer that was not a good one. `issues` name the fields. */
export class ApiError extends Error {
  readonly status: number
  readonly code: ErrorCode | 'unknown'
  readonly issues: readonly Issue[]
  /** Names the log line of a failure of the service. */
  readonly id: string | undefined

  constructor(status: number, json: unknown) {
    const parsed = ErrorBody.safeParse(json)
    super(parsed.success ? parsed.data.error.message : `The bridge answered with status ${status}.`)
    this.name = 'ApiError'
    this.status = status
    this.code = parsed.success ? parsed.data.error.code : 'unknown'
    this.issues = parsed.success ? (parsed.data.error.issues ?? []) : []
    this.id = parsed.success ? parsed.data.error.id : undefined
  }
}

type Call<E> =
  Record<never, never> extends InputOf<E>
    ? (input?: InputOf<E>) => Promise<OutputOf<E>>
    : (input: InputOf<E>) => Promise<OutputOf<E>>

export type Client<C extends Contract> = { [G in keyof C]: { [N in keyof C[G]]: Call<C[G][N]> } }

interface AnyInput {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
}

/** The path of a call with parameters and query filled in. */
export function pathOf(endpoint: Pick<Endpoint, 'path'>, input: Omit<AnyInput, 'body'> = {}): string {
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(input.params?.[name])),
  )
  const query = Object.entries(input.query ?? {}).filter(([, value]) => value !== undefined && value !== null)
  // URLSearchParams is not everywhere the client runs.
  const text = query.map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  )
  return text.length === 0 ? path : `${path}?${text.join('&')}`
}

/**
 * A typed client of the whole contract. It never knows where it runs: the transport does.
 * Calls throw `ApiError` for answers that are not good ones, and what the transport throws.
 */
export function createClient<C extends Contract>(contract: C, transport: Transport): Client<C> {
  const call =
    (endpoint: Endpoint) =>
    async (input: AnyInput = {}): Promise<unknown> => {
      const { status, json } = await transport({
        method: endpoint.method,
        path: pathOf(endpoint, input),
        ...(input.body === undefined ? {} : { body: input.body }),
      })
      if (status < 200 || status >= 300) throw new ApiError(status, json)
      return endpoint.response.parse(json)
    }
  const groups = Object.entries(contract).map(([name, group]) => [
    name,
    Object.fromEntries(Object.entries(group).map(([verb, endpoint]) => [verb, call(endpoint)])),
  ])
  return Object.fromEntries(groups) as Client<C>
}
