/** Live work goes before bulk work (a backfill). */
export type Lane = 'live' | 'bulk'

interface Waiter {
  start: () => void
}

/** Places for calls in flight, so that a call never waits inside the transport while its time-out runs. */
export interface Slots {
  /** Waits for a place; answers what gives it back. Rejects with the signal's reason when aborted. */
  take: (lane: Lane, signal?: AbortSignal) => Promise<() => void>
}

export function createSlots(count: number): Slots {
  let free = count
  const waiting: Record<Lane, Waiter[]> = { live: [], bulk: [] }
  const release = (): void => {
    const next = waiting.live.shift() ?? waiting.bulk.shift()
    if (next === undefined) free += 1
    else next.start()
  }
  return {
    take: (lane, signal) => {
      if (signal?.aborted === true) return Promise.reject(signal.reason as Error)
      if (free > 0) {
        free -= 1
        return Promise.resolve(release)
      }
      return new Promise((resolve, reject) => {
        const waiter: Waiter = {
          start: () => {
            signal?.removeEventListener('abort', onAbort)
            resolve(release)
          },
        }
        const onAbort = (): void => {
          waiting[lane] = waiting[lane].filter((entry) => entry !== waiter)
          reject(signal?.reason as Error)
        }
        signal?.addEventListener('abort', onAbort, { once: true })
        waiting[lane].push(waiter)
      })
    },
  }
}
