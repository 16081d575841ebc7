import { randomUUID } from 'node:crypto'
import type { RequestHandler } from 'express'
import { withRequestId } from '../log.ts'

/** What a proxy may send: enough for any id of theirs, nothing that could be more than an id. */
const GIVEN = /^[\w-]{8,64}$/

/**
 * Gives every request an id: the one of `X-Request-Id` where a proxy sent a sound one, else a new one. The answer
 * carries it, and so does each line that is logged meanwhile.
 */
export const requestIds: RequestHandler = (request, response, next) => {
  const given = request.get('x-request-id')
  const id = given !== undefined && GIVEN.test(given) ? given : randomUUID()
  response.setHeader('x-request-id', id)
  withRequestId(id, () => next())
}
