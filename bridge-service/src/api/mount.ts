import { json as parseJson, type NextFunction, type Request, type Response, type Router } from 'express'
import type { z } from 'zod'
import type { Contract, Endpoint, Issue } from '@crosswalk/shared/contract'
import { issuesOf, Problem } from '../problem.ts'
import { mayAct, type Caller, type CallerOf } from './callers.ts'
import { verifyBody, verifyNoBody } from './signed-body.ts'

/** What a handler gets: parsed members the endpoint has, undefined for the others, and who calls. */
export interface HandlerInput<E extends Endpoint> {
  params: E['params'] extends z.ZodType ? z.output<E['params']> : undefined
  query: E['query'] extends z.ZodType ? z.output<E['query']> : undefined
  body: E['body'] extends z.ZodType ? z.output<E['body']> : undefined
  caller: Caller
}

export type Handler<E extends Endpoint> = (input: HandlerInput<E>) => Promise<z.input<E['response']>>

/** A handler for every endpoint of a group, and for every group of a contract. */
export type GroupHandlers<G extends Readonly<Record<string, Endpoint>>> = { [N in keyof G]: Handler<G[N]> }
export type Handlers<C extends Contract> = { [G in keyof C]: GroupHandlers<C[G]> }

/** An answer of ours that breaks its own schema: told to the log, not to the caller. */
export class BrokenAnswer extends Error {
  override readonly name = 'BrokenAnswer'
}

const BODY_LIMIT = '1mb'
/** Deeper bodies are none of ours; parsers that call themselves would run out of stack. */
const MAX_DEPTH = 40

/** Puts every endpoint of a contract on a router: caller, role, input, handler, answer, in this order. */
export function mount<C extends Contract>(
  router: Router,
  contract: C,
  handlers: Handlers<C>,
  callerOf: CallerOf,
): void {
  for (const [group, endpoints] of Object.entries(contract)) {
    for (const [name, endpoint] of Object.entries(endpoints)) {
      const handler = (handlers[group] as Record<string, Handler<Endpoint>>)[name] as Handler<Endpoint>
      const verb = endpoint.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete'
      // Who calls comes before the body is read: strangers send nothing that is parsed.
      const identify = async (request: Request, response: Response, next: NextFunction) => {
        const caller = await callerOf(request)
        if (!mayAct(caller.role, endpoint.role)) {
          throw new Problem('forbidden', `This needs the role ${endpoint.role}; yours is ${caller.role}.`)
        }
        if (caller.siteId !== undefined && !endpoint.sites) {
          throw new Problem('forbidden', 'This is not done from a paired site: do it in the console.')
        }
        response.locals['caller'] = caller
        next()
      }
      const answer = async (request: Request, response: Response) => {
        const input = { ...inputOf(endpoint, request), caller: response.locals['caller'] as Caller }
        const result = await handler(input as HandlerInput<Endpoint>)
        response.status(endpoint.status).json(checkedAnswer(endpoint, `${group}.${name}`, result))
      }
      router[verb](endpoint.path, identify, ...(endpoint.body === undefined ? [] : bodySteps), answer)
    }
  }
}

/** What an endpoint answers, as its schema has it. @throws BrokenAnswer */
export function checkedAnswer(endpoint: Endpoint, name: string, result: unknown): unknown {
  const parsed = endpoint.response.safeParse(result)
  if (parsed.success) return parsed.data
  const where = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
  throw new BrokenAnswer(`${name} answered with something else than its schema: ${where}`)
}

function requireJson(request: Request, _response: Response, next: NextFunction): void {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
  if (hasBody && !request.is('application/json')) {
    throw new Problem('unsupported_media_type', 'Send JSON, with Content-Type: application/json.')
  }
  next()
}

/** Reads a JSON body; other kinds are refused. */
export const bodySteps = [
  requireJson,
  parseJson({ limit: BODY_LIMIT, inflate: false, strict: false, verify: verifyBody }),
  verifyNoBody,
]

/** The parts of a request as the endpoint's schemas have them. @throws Problem `bad_request` with every issue */
export function inputOf(endpoint: Endpoint, request: Request): Record<'params' | 'query' | 'body', unknown> {
  const issues: Issue[] = []
  const read = (place: 'params' | 'query' | 'body', value: unknown): unknown => {
    const schema = endpoint[place]
    if (schema === undefined) return undefined
    const parsed = schema.safeParse(value)
    if (parsed.success) return parsed.data
    issues.push(...issuesOf(parsed.error, [place]))
    return undefined
  }
  if (!isShallow(request.body))
    throw new Problem('bad_request', `The body nests deeper than ${MAX_DEPTH} levels.`)
  const input = {
    params: read('params', { ...request.params }),
    query: read('query', { ...request.query }),
    body: read('body', request.body ?? (endpoint.body === undefined ? undefined : {})),
  }
  if (issues.length > 0) {
    throw new Problem('bad_request', `${issues[0]?.message ?? 'The request is not right.'}`, { issues })
  }
  return input
}

/** Level by level, so that depth costs no stack here either. */
function isShallow(value: unknown): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    level = level.flatMap((entry) =>
      entry !== null && typeof entry === 'object' ? Object.values(entry) : [],
    )
    if (level.length === 0) return true
  }
  return false
}
