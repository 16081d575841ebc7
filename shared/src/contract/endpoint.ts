import type { z } from 'zod'

/** Who may call: a viewer reads, an operator changes, an owner also handles secrets, connecting and deletion. */
export const CALLER_ROLES = ['viewer', 'operator', 'owner'] as const
export type CallerRole = (typeof CALLER_ROLES)[number]

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

type ObjectSchema = z.ZodObject | undefined
type AnySchema = z.ZodType | undefined

/** One call of the API. `path` has Express parameters (`:flowId`), below `API_PREFIX`. */
export interface Endpoint<
  P extends ObjectSchema = ObjectSchema,
  Q extends ObjectSchema = ObjectSchema,
  B extends AnySchema = AnySchema,
  R extends z.ZodType = z.ZodType,
> {
  method: Method
  path: string
  summary: string
  /** The least role that may call. */
  role: CallerRole
  /** False: not for paired sites, whose users are not ours. It could let somebody in who stays when the site is gone. */
  sites: boolean
  /** Status of a good answer. */
  status: number
  params: P
  query: Q
  body: B
  response: R
}

/** Paths of the contract begin here: the root serves the console. */
export const API_PREFIX = '/api'

/**
 * Describes an endpoint. Absent `params`, `query` and `body` stay undefined, so that a call without a body is told
 * from one whose body may be empty. Role: viewers may read and operators change, where nothing else is said.
 */
export const endpoint = <
  R extends z.ZodType,
  P extends ObjectSchema = undefined,
  Q extends ObjectSchema = undefined,
  B extends AnySchema = undefined,
>(of: {
  method: Method
  path: string
  summary: string
  role?: CallerRole
  sites?: boolean
  status?: number
  params?: P
  query?: Q
  body?: B
  response: R
}): Endpoint<P, Q, B, R> => ({
  method: of.method,
  path: of.path,
  summary: of.summary,
  role: of.role ?? (of.method === 'GET' ? 'viewer' : 'operator'),
  sites: of.sites ?? true,
  status: of.status ?? 200,
  params: of.params as P,
  query: of.query as Q,
  body: of.body as B,
  response: of.response,
})

/** Groups of endpoints by name. */
export type Contract = Readonly<Record<string, Readonly<Record<string, Endpoint>>>>

/** What a caller gives: only the members the endpoint has. */
export type InputOf<E> =
  E extends Endpoint<infer P, infer Q, infer B, z.ZodType>
    ? (P extends z.ZodObject ? { params: z.input<P> } : unknown) &
        (Q extends z.ZodObject
          ? Record<never, never> extends z.input<Q>
            ? { query?: z.input<Q> }
            : { query: z.input<Q> }
          : unknown) &
        (B extends z.ZodType ? { body: z.input<B> } : unknown)
    : never

/** What a caller gets. */
export type OutputOf<E> = E extends { response: infer R extends z.ZodType } ? z.output<R> : never
