import { raw, type Request, type RequestHandler } from 'express'
import type { RawWebhook } from '@crosswalk/connectors/sdk'
import { Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { createHookRefusals, endRefused } from './hook-refusals.ts'

type Place = { hookId: string }

const MAX_BYTES = 5 * 1024 * 1024
/** For a sender that tries again. */
const RETRY_AFTER_S = 60

const nothingThere = {
  status: 404,
  body: { error: { code: 'not_found', message: 'There is nothing here.' } },
}

/** The URL as the sender wrote it: what it signed. Only the configured public address counts, no forwarded header. */
const calledUrl = (request: Request, publicUrl: string | null): string =>
  `${publicUrl ?? `http://${request.headers.host ?? 'localhost'}`}${request.originalUrl}`

function rawOf(request: Request, publicUrl: string | null): RawWebhook {
  const headers = Object.entries(request.headersDistinct).map(([name, values]) => [
    name,
    values?.length === 1 ? values[0] : values,
  ])
  return {
    method: request.method,
    url: calledUrl(request, publicUrl),
    headers: Object.fromEntries(headers) as RawWebhook['headers'],
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  }
}

/**
 * Webhooks: only for an address that exists is a body read, and its raw bytes go to the service, which verifies, stores
 * and commits before it says 2xx.
 */
export function hookRoute(service: Pick<Service, 'hasHook' | 'receive' | 'config'>): RequestHandler<Place>[] {
  const refuse = createHookRefusals()
  const admit: RequestHandler<Place> = async (request, response, next) => {
    const isThere = await service.hasHook(request.params.hookId)
    if (isThere === null)
      throw new Problem('not_ready', 'The store does not answer now.', { retryAfter: RETRY_AFTER_S })
    if (!isThere) return endRefused(response, refuse, nothingThere)
    if (Number(request.headers['content-length'] ?? 0) <= MAX_BYTES) return next()
    // The parser would wait for all of it before it answers.
    throw new Problem('too_large', 'The body is too large.')
  }
  const take: RequestHandler<Place> = async (request, response) => {
    const answer = await service.receive(
      rawOf(request as Request, service.config.publicUrl),
      request.params.hookId,
    )
    if (answer.status === 401 || answer.status === 404) return endRefused(response, refuse, answer)
    response.status(answer.status).set(answer.headers ?? {})
    if (answer.body === undefined) response.end()
    else response.json(answer.body)
  }
  return [admit, raw({ type: () => true, limit: MAX_BYTES, inflate: false }), take]
}
