import { json as parseJson, type Request, type RequestHandler, Router } from 'express'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { z } from 'zod'
import { handshake } from '@crosswalk/shared/contract'
import { finishPairing, startPairing } from '../pairing/handshake.ts'
import { issuesOf, Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { senderOf } from './sender.ts'

/** Codes that are not good ones, per address, before it has to wait, and for how long. */
const WRONG_TRIES = 20
const WRONG_SECONDS = 300

/** The part of pairing that anyone may call: who calls is what it finds out. */
export function handshakeRoutes(service: Pick<Service, 'store' | 'vault' | 'clock'>): Router {
  const wrong = new RateLimiterMemory({ points: WRONG_TRIES, duration: WRONG_SECONDS })

  /** Does it, unless the address has tried too many codes that are not good ones. */
  async function limited<T>(request: Request, work: () => Promise<T>): Promise<T> {
    const address = senderOf(request)
    const seen = await wrong.get(address)
    if (seen !== null && seen.consumedPoints >= WRONG_TRIES) {
      throw new Problem('rate_limited', 'Too many wrong codes came from your address. Wait a few minutes.', {
        retryAfter: Math.max(1, Math.ceil(seen.msBeforeNext / 1_000)),
      })
    }
    try {
      return await work()
    } catch (error) {
      if (error instanceof Problem && error.code.startsWith('pairing_code_')) await wrong.penalty(address)
      throw error
    }
  }

  const step =
    <B extends z.ZodType, R extends z.ZodType>(
      { body, response: schema }: { body: B; response: R },
      work: (input: z.output<B>) => Promise<z.input<R>>,
    ): RequestHandler =>
    async (request, response) => {
      const parsed = body.safeParse(request.body ?? {})
      if (!parsed.success) {
        const issues = issuesOf(parsed.error, ['body'])
        throw new Problem('bad_request', issues[0]?.message ?? 'The request is not right.', { issues })
      }
      response.json(schema.parse(await limited(request, () => work(parsed.data))))
    }

  const router = Router({ caseSensitive: true })
  const readBody = parseJson({ limit: '4kb', inflate: false })
  router.get(handshake.hello.path, (_request, response) => {
    response.json({ crosswalk: 'bridge', pairing: 1, time: Math.floor(service.clock.now() / 1_000) })
  })
  router.post(
    handshake.start.path,
    readBody,
    step(handshake.start, (input) => startPairing(service, input)),
  )
  router.post(
    handshake.finish.path,
    readBody,
    step(handshake.finish, (input) => finishPairing(service, input)),
  )
  return router
}
