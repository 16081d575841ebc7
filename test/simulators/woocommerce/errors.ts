import type { Json } from './php.ts'

/** An error as the REST API answers it: `{code, message, data}` under `status`. */
export class ApiError extends Error {
  code: string
  status: number
  data: unknown
  /** Whether the answer carries the route's `Allow` header: not where the call was refused before its route ran. */
  allow: boolean

  constructor(status: number, code: string, message: string, data?: unknown, allow = true) {
    super(message)
    this.status = status
    this.code = code
    this.data = data ?? { status }
    this.allow = allow
  }

  body(): Json {
    return { code: this.code, message: this.message, data: this.data }
  }
}

export const noRoute = (): ApiError =>
  new ApiError(
    404,
    'rest_no_route',
    'No route was found matching the URL and request method.',
    undefined,
    false,
  )

export const authError = (message: string, code = 'woocommerce_rest_authentication_error'): ApiError =>
  new ApiError(401, code, message, undefined, false)

export const invalidId = (resource: string): ApiError =>
  new ApiError(404, `woocommerce_rest_${resource}_invalid_id`, 'Invalid ID.')

export const noTrash = (plural: string): ApiError =>
  new ApiError(501, 'woocommerce_rest_trash_not_supported', `${plural} do not support trashing.`)

/** A refusal of one parameter, before it is wrapped by `invalidParams`. */
export interface ParamFault {
  name: string
  code: string
  message: string
  data: unknown
}

/** 400 `rest_invalid_param` that names every faulty parameter. */
export function invalidParams(faults: ParamFault[]): ApiError {
  const names = faults.map((fault) => fault.name)
  const params = Object.fromEntries(faults.map((fault) => [fault.name, fault.message]))
  const details = Object.fromEntries(
    faults.map(({ name, code, message, data }) => [name, { code, message, data }]),
  )
  return new ApiError(400, 'rest_invalid_param', `Invalid parameter(s): ${names.join(', ')}`, {
    status: 400,
    params,
    details,
  })
}

export const missingParams = (names: string[]): ApiError =>
  new ApiError(400, 'rest_missing_callback_param', `Missing parameter(s): ${names.join(', ')}`, {
    status: 400,
    params: names,
  })

export const badRequest = (code: string, message: string, extra: Json = {}): ApiError =>
  new ApiError(400, code, message, { status: 400, ...extra })

type Verb = 'list' | 'view' | 'create' | 'edit' | 'delete' | 'batch'

const refusals: Record<Verb, [string, string]> = {
  list: ['cannot_view', 'Sorry, you cannot list resources.'],
  view: ['cannot_view', 'Sorry, you cannot view this resource.'],
  create: ['cannot_create', 'Sorry, you are not allowed to create resources.'],
  edit: ['cannot_edit', 'Sorry, you are not allowed to edit this resource.'],
  delete: ['cannot_delete', 'Sorry, you are not allowed to delete this resource.'],
  batch: ['cannot_batch', 'Sorry, you are not allowed to batch manipulate this resource.'],
}

/** 401 for a call that came without a usable key, 403 for one of a user without the right. */
export function notAllowed(verb: Verb, status: 401 | 403 = 401): ApiError {
  const [code, message] = refusals[verb]
  return new ApiError(status, `woocommerce_rest_${code}`, message, undefined, false)
}
