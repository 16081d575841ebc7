import { randomUUID } from 'node:crypto'
import type { NextFunction, Request, Response } from 'express'
import type { Logger } from 'pino'
import { ConnectorError } from '@crosswalk/connectors/sdk'
import { ERROR_STATUS, type ErrorBody } from '@crosswalk/shared/contract'
import { requestId } from '../log.ts'
import { notFound, Problem } from '../problem.ts'
import { FlowNotReady } from '../runtime/flow-runtime.ts'
import { IllegalRunTransition } from '../store/runs.ts'
import { RunRefused } from '../workers/runs.ts'

/** What Express and its body parsers throw: a status and a type. */
const PARSER: Readonly<Record<string, Problem>> = {
  'entity.too.large': new Problem('too_large', 'The body is too large.'),
  'entity.parse.failed': new Problem('bad_request', 'The body is not valid JSON.'),
  'encoding.unsupported': new Problem('unsupported_media_type', 'Send the body uncompressed.'),
  'charset.unsupported': new Problem('unsupported_media_type', 'Send the body as UTF-8.'),
  'request.aborted': new Problem('bad_request', 'The request was broken off.'),
  'request.size.invalid': new Problem('bad_request', 'The body is not as long as its header says.'),
}

/** Errors of all layers as problems; undefined for failures of ours. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error
  if (error instanceof ConnectorError) {
    return error.kind === 'unsafe'
      ? new Problem('unsafe_address', error.publicMessage)
      : new Problem('other_system_failed', error.publicMessage)
  }
  if (error instanceof FlowNotReady) return new Problem('not_applicable', error.message)
  if (error instanceof RunRefused || error instanceof IllegalRunTransition)
    return new Problem('conflict', error.message)
  const { type, status } = (error ?? {}) as { type?: unknown; status?: unknown }
  if (typeof type === 'string' && PARSER[type]) return PARSER[type]
  // An address that cannot be decoded (%ff) and the like.
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Problem('bad_request', 'The request cannot be understood.')
  }
  return undefined
}

/** The one place where errors become answers. Failures of ours show an id; the log has the rest under it. */
export const errorHandler =
  (log: Logger) =>
  (error: unknown, request: Request, response: Response, next: NextFunction): void => {
    if (response.headersSent) return next(error)
    const problem = problemOf(error)
    if (problem) return sendProblem(response, problem)
    const id = requestId() ?? randomUUID()
    const err = error instanceof Error ? error : new Error('not an error')
    log.error({ id, method: request.method, route: request.route?.path as unknown, err }, 'request failed')
    sendBody(response, 500, {
      error: { code: 'internal', message: `Something went wrong here. Tell the operator this id: ${id}`, id },
    })
  }

function sendProblem(response: Response, problem: Problem): void {
  if (problem.retryAfter !== undefined) response.setHeader('retry-after', String(problem.retryAfter))
  if (problem.code === 'unauthorized') response.setHeader('www-authenticate', 'Bearer')
  sendBody(response, ERROR_STATUS[problem.code], {
    error: {
      code: problem.code,
      message: problem.message,
      ...(problem.issues === undefined ? {} : { issues: [...problem.issues] }),
    },
  })
}

const sendBody = (response: Response, status: number, body: ErrorBody): void =>
  void response.status(status).json(body)

/** Ends every way that leads nowhere. */
export const nothingHere = (_request: Request, _response: Response, next: NextFunction): void =>
  next(notFound('address'))
