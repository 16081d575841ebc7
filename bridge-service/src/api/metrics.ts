import { createHash, timingSafeEqual } from 'node:crypto'
import type { RequestHandler } from 'express'
import { notFound, Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/**
 * The figures for Prometheus. They are of all workspaces, so no workspace's key opens them: only the operator's
 * `METRICS_TOKEN`, as a bearer token. Without one set there is no such page.
 */
export const metricsPage =
  (service: Pick<Service, 'config' | 'metricsPage'>): RequestHandler =>
  async (request, response, next) => {
    const token = service.config.metricsToken
    if (token === null) return next(notFound('address'))
    const given = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
    if (given === undefined || !timingSafeEqual(digest(given), digest(token))) {
      return next(new Problem('unauthorized', 'Send the METRICS_TOKEN as Authorization: Bearer ….'))
    }
    const text = await service.metricsPage.text()
    response.set('cache-control', 'no-store').type(service.metricsPage.contentType).send(text)
  }
