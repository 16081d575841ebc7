import { setTimeout as wait } from 'node:timers/promises'

/** Source of time of the service. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Waits by this clock; throws the signal's reason when aborted. Without it the machine's own timers count. */
  sleep?(ms: number, signal: AbortSignal | undefined): Promise<void>
}
export const systemClock: Clock = { now: () => Date.now() }

/** Waits `ms` milliseconds by the clock. Throws the signal's reason when aborted. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  await (clock.sleep ? clock.sleep(ms, signal) : wait(ms, undefined, { signal }))
}
