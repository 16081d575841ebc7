import type { RequestHandler } from 'express'
import type { Service } from '../service-types.ts'

/** The process is alive and its event loop turns: a stuck one could not say so. */
export const alive: RequestHandler = (_request, response) =>
  void response.set('cache-control', 'no-store').json({ status: 'ok' })

/** The process can work; 503 with the reasons where it cannot. */
export const ready =
  (service: Pick<Service, 'health'>): RequestHandler =>
  async (_request, response) => {
    const reasons = await service.health.check()
    response.set('cache-control', 'no-store')
    if (reasons.length === 0) {
      response.json({ status: 'ready' })
      return
    }
    const message = reasons.map(({ text }) => text).join(' ')
    response.status(503).json({ error: { code: 'not_ready', message }, reasons })
  }
