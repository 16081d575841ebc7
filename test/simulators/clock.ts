/** Source of time of a simulator: the real clock plus an offset that a test moves, or a clock that only a test moves. */
export interface SimClock {
  /** Milliseconds since the epoch. */
  now(): number
  /** Moves the clock ahead (or back, with a negative number) by `ms` milliseconds. */
  advance(ms: number): void
}

/** The real clock with a movable offset. */
export function realClock(): SimClock {
  let offset = 0
  return { now: () => Date.now() + offset, advance: (ms) => void (offset += ms) }
}

/** A clock that stands still until a test moves it. `start` in milliseconds since the epoch. */
export function manualClock(start: number): SimClock {
  let now = start
  return { now: () => now, advance: (ms) => void (now += ms) }
}
