import type { Logger } from 'pino'
import type { Clock } from '../runtime/clock.ts'

/** How often the same thing is said again. */
const SAY_AGAIN_MS = 60_000

type Level = 'warn' | 'info'

/**
 * Says what comes in that leads to nothing: the first of a kind at once, those after it as a number, once a minute. A
 * sender that repeats itself fills no log.
 */
export function createHookTally(log: Pick<Logger, Level>, clock: Pick<Clock, 'now'>) {
  const kinds = new Map<string, { saidAt: number; unsaid: number }>()

  return function note(level: Level, connectionId: string, what: string, why: string): void {
    const name = `${connectionId}\n${what}\n${why}`
    const kind = kinds.get(name) ?? { saidAt: Number.NEGATIVE_INFINITY, unsaid: 0 }
    kinds.set(name, kind)
    kind.unsaid += 1
    if (clock.now() - kind.saidAt < SAY_AGAIN_MS) return
    log[level]({ connection: connectionId, why, count: kind.unsaid }, what)
    kind.saidAt = clock.now()
    kind.unsaid = 0
  }
}
