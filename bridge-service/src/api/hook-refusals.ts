import type { Response } from 'express'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { senderOf } from './sender.ts'

/** Refusals per address within the time before it is told to wait. */
const REFUSALS = 100
const SECONDS = 60

/**
 * Counts refused webhooks per sender. Beyond the limit a refusal is a 429; a delivery that is signed well is never refused
 * for it, since many shops may come from one address: that of a proxy in front of us.
 */
export function createHookRefusals() {
  const refused = new RateLimiterMemory({ points: REFUSALS, duration: SECONDS })

  /** Counts one. @returns seconds to wait when it was one too many, else null */
  return async function refuse(sender: string): Promise<number | null> {
    const now = await refused.penalty(sender)
    return now.consumedPoints > REFUSALS ? Math.max(1, Math.ceil(now.msBeforeNext / 1_000)) : null
  }
}

/** Ends a refused delivery: with its own answer, or with 429 where too many came before it. */
export async function endRefused(
  response: Response,
  refuse: ReturnType<typeof createHookRefusals>,
  answer: { status: number; body?: unknown },
): Promise<void> {
  const wait = await refuse(senderOf(response.req))
  if (wait === null) {
    response.status(answer.status).json(answer.body)
    return
  }
  response.status(429).set('retry-after', String(wait))
  response.json({ error: { code: 'rate_limited', message: 'Too many refused deliveries came from your address.' } }) // prettier-ignore
}
