import { randomUUID } from 'node:crypto'
import type { SimReply } from '../server.ts'

/** One entry of `errors` in an error answer. */
export interface ErrorDetail {
  message: string
  code?: string
  in?: string
  context?: Record<string, string[]>
}

export interface ErrorExtras {
  errors?: ErrorDetail[]
  context?: Record<string, string[]>
  links?: Record<string, string>
  subCategory?: string
}

/** A refusal in HubSpot's error envelope; a handler throws it, the router turns it into the answer. */
export class ApiError extends Error {
  readonly status: number
  readonly category: string
  readonly extras: ErrorExtras
  constructor(status: number, category: string, message: string, extras: ErrorExtras = {}) {
    super(message)
    this.status = status
    this.category = category
    this.extras = extras
  }
}

/** The envelope as an answer of its own. */
export function errorReply(error: ApiError): SimReply {
  const { message, category, extras } = error
  return {
    status: error.status,
    body: { status: 'error', message, correlationId: randomUUID(), ...extras, category },
  }
}

/** The same refusal as an entry of a batch answer's `errors` (StandardError: `context`, `errors`, `links` always there). */
export function standardError(error: ApiError, context: Record<string, string[]>) {
  return {
    status: 'error',
    category: error.category,
    message: error.message,
    errors: error.extras.errors ?? [],
    context: { ...error.extras.context, ...context },
    links: error.extras.links ?? {},
  }
}

export const validationError = (message: string, extras?: ErrorExtras): ApiError =>
  new ApiError(400, 'VALIDATION_ERROR', message, extras)

export const conflict = (message: string, extras?: ErrorExtras): ApiError =>
  new ApiError(409, 'CONFLICT', message, extras)

export const notFound = (message = 'resource not found', extras?: ErrorExtras): ApiError =>
  new ApiError(404, 'OBJECT_NOT_FOUND', message, extras)

export interface PropertyProblem {
  name: string
  code: string
  message: string
}

/** 400 for refused property values: the problems are listed in `errors` and, as HubSpot does, once more inside the message. */
export function invalidProperties(problems: PropertyProblem[], portalId: number): ApiError {
  const quoted = problems.map(({ name, code, message }) => ({
    isValid: false,
    message,
    error: code,
    name,
    localizedErrorMessage: message,
    portalId,
  }))
  return validationError(`Property values were not valid: ${JSON.stringify(quoted)}`, {
    errors: problems.map(({ name, code, message }) => ({ message, code, context: { propertyName: [name] } })),
  })
}
