import type { SimRequest } from '../server.ts'
import { ApiError, noRoute, notAllowed } from './errors.ts'
import { checkParams, parseQuery, type ParamRules } from './params.ts'
import { isObject, phpJson, type Json } from './php.ts'
import { recordedRoutes } from './recordings.ts'
import { restUrl, type ApiKey, type Shop } from './state.ts'

/** A call that has been matched to a route. */
export interface Call {
  shop: Shop
  method: string
  /** e.g. `/wc/v3/orders/26`. */
  path: string
  /** What the route's pattern caught, by name. */
  ids: Record<string, string>
  query: Json
  /** Query and JSON body together; the body wins. */
  params: Json
  /** The JSON body, an empty object where there is none. */
  body: unknown
  rules: ParamRules
  key: ApiKey | null
}

/** `texts` are JSON texts of the members of a list: the quick way for a long one. */
export interface Answer {
  status?: number
  headers?: Record<string, string>
  body?: unknown
  texts?: string[]
}

export interface Operation {
  run: (call: Call) => Answer
  rules?: ParamRules
  required?: string[]
  /** Needs no key. */
  open?: boolean
}

/** What a route does. Its `Allow` header follows from these. */
export interface Operations {
  list?: Operation
  view?: Operation
  create?: Operation
  edit?: Operation
  batch?: Operation
  remove?: Operation
}
export type Verb = keyof Operations

export interface Route {
  pattern: RegExp
  operations: Operations
  allow: string
}

const verbMethods: Record<Verb, string[]> = {
  list: ['GET'],
  view: ['GET'],
  create: ['POST'],
  edit: ['POST', 'PUT', 'PATCH'],
  batch: ['POST', 'PUT', 'PATCH'],
  remove: ['DELETE'],
}
const listed = recordedRoutes()
const order: Verb[] = ['list', 'view', 'create', 'edit', 'batch', 'remove']

/** `template` is the pattern as WordPress lists it, e.g. `/wc/v3/orders/(?P<id>[\d]+)`. */
export function route(template: string, operations: Operations): Route {
  const own = order.filter((verb) => operations[verb]).flatMap((verb) => verbMethods[verb])
  // The header names what WooCommerce offers, also where the simulator has no use for it.
  const methods = listed[template] ?? own
  return {
    pattern: new RegExp(`^${template.replaceAll('(?P<', '(?<')}/?$`, 'i'),
    operations,
    allow: [...new Set(methods)].join(', '),
  }
}

interface Matched {
  route: Route
  verb: Verb
  operation: Operation
  ids: Record<string, string>
}

function match(routes: Route[], method: string, path: string): Matched {
  const wanted = method === 'HEAD' ? 'GET' : method
  for (const one of routes) {
    const found = one.pattern.exec(path)
    if (!found) continue
    for (const verb of order) {
      const operation = one.operations[verb]
      if (operation && verbMethods[verb].includes(wanted)) {
        return { route: one, verb, operation, ids: { ...found.groups } }
      }
    }
  }
  throw noRoute()
}

/** The JSON body; any other content type is ignored, as WordPress ignores it. */
function readBody(request: SimRequest): unknown {
  if (
    request.raw.length === 0 ||
    !/^application\/([\w.+-]+\+)?json/i.test(request.headers['content-type'] ?? '')
  ) {
    return {}
  }
  try {
    return JSON.parse(request.raw.toString('utf8')) as unknown
  } catch {
    throw new ApiError(400, 'rest_invalid_json', 'Invalid JSON body passed.', {
      status: 400,
      json_error_code: 4,
      json_error_message: 'Syntax error',
    })
  }
}

const verbOfRefusal = {
  list: 'list',
  view: 'view',
  create: 'create',
  edit: 'edit',
  batch: 'batch',
  remove: 'delete',
} as const

/** Runs the route that fits. Order as in WordPress: route, JSON, parameters, rights, work. */
export function dispatch(
  shop: Shop,
  routes: Route[],
  request: SimRequest,
  path: string,
  key: ApiKey | null,
): Answer {
  const method = methodOf(request)
  if (method === 'OPTIONS') return describe(routes, path)
  const matched = match(routes, method, path)
  const headers: Record<string, string> = { allow: matched.route.allow }
  const { operation } = matched
  try {
    const query = parseQuery(request.query)
    delete query['rest_route']
    const body = method === 'GET' || method === 'HEAD' ? {} : readBody(request)
    const params = isObject(body) ? { ...query, ...body } : query
    const rules = operation.rules ?? {}
    checkParams(params, rules, operation.required)
    const refused = !key || shop.powerless.has(key.key)
    if (refused && !operation.open) throw notAllowed(verbOfRefusal[matched.verb], key ? 403 : 401)
    const answer = operation.run({ shop, method, path, ids: matched.ids, query, params, body, rules, key })
    return { ...answer, headers: { ...headers, ...answer.headers } }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { status: error.status, body: error.body(), headers: error.allow ? headers : {} }
  }
}

function methodOf(request: SimRequest): string {
  const override = request.query.get('_method') ?? request.headers['x-http-method-override']
  return request.method === 'POST' && typeof override === 'string' ? override.toUpperCase() : request.method
}

function describe(routes: Route[], path: string): Answer {
  const found = routes.find((one) => one.pattern.test(path))
  if (!found) throw noRoute()
  const methods = found.allow.split(', ')
  return { body: { namespace: 'wc/v3', methods, endpoints: [{ methods }] }, headers: { allow: found.allow } }
}

/** The body of an answer as text, cut to `_fields` where asked; products come in the order asked for. */
export function answerText(answer: Answer, path: string, fields: string | null): string {
  if (answer.texts) return `[${answer.texts.join(',')}]`
  const body =
    fields === null || (answer.status ?? 200) >= 400
      ? answer.body
      : pick(answer.body, fields.split(','), path.startsWith('/wc/v3/products'))
  return phpJson(body ?? null)
}

/** `_fields`: top-level names, or nested ones with a point. */
function pick(body: unknown, fields: string[], asAsked: boolean): unknown {
  if (Array.isArray(body)) return body.map((one: unknown) => pick(one, fields, asAsked))
  if (!isObject(body)) return body
  const kept: Json = {}
  const asked = fields.map((field) => field.trim().split('.')[0] ?? '').filter((name) => name in body)
  for (const name of asAsked ? new Set(asked) : Object.keys(body)) {
    const value = body[name]
    const inner = fields.filter((field) => field.trim().startsWith(`${name}.`))
    if (fields.some((field) => field.trim() === name)) kept[name] = value
    else if (inner.length > 0)
      kept[name] = pick(
        value,
        inner.map((field) => field.trim().slice(name.length + 1)),
        false,
      )
  }
  return kept
}

/** The route list of `wc/v3` as this shop shows it at `/wc/v3`. */
export function routeIndex(shop: Shop): Json {
  const routes = Object.entries(recordedRoutes()).map(([template, methods]) => [
    template,
    {
      namespace: 'wc/v3',
      methods,
      endpoints: [{ methods, args: [] }],
      ...(template.includes('(') ? {} : { _links: { self: [{ href: restUrl(shop, template) }] } }),
    },
  ])
  return { namespace: 'wc/v3', routes: Object.fromEntries(routes) as Json }
}
