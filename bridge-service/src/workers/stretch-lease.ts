import { leaseRecords, releaseLeases, renewLeases, type Lease } from '../store/records.ts'
import type { Executor } from '../store/schema.ts'

/** A run or sweep is advanced by one worker at a time; a dead one's place is free after this. */
const TTL_MS = 30_000
const RENEW_MS = 8_000

/**
 * Runs `work` under the only lease of that name. `work` gets a signal that aborts when the lease is lost (a paused
 * machine): whatever it would store then belongs to another worker.
 * @returns undefined when somebody else holds it
 */
export async function underLease<T>(
  db: Executor,
  scope: string,
  name: string,
  holder: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const key = { connectionId: scope, entity: '~stretch', externalId: name }
  const { leased } = await leaseRecords(db, [key], holder, TTL_MS)
  let lease = leased[0]
  if (!lease) return undefined
  const lost = new AbortController()
  const timer = setInterval(() => {
    renewLeases(db, [lease as Lease], TTL_MS).then(
      ([renewed]) => {
        if (renewed) lease = renewed
        else lost.abort(new Error('another worker took this over'))
      },
      () => undefined,
    )
  }, RENEW_MS)
  try {
    return await work(AbortSignal.any([signal, lost.signal]))
  } finally {
    clearInterval(timer)
    // A lease that could not be given back runs out by itself.
    await releaseLeases(db, [lease]).catch(() => undefined)
  }
}

/** True for the one process that may ring this bell in this period. */
export async function mayRing(
  db: Executor,
  bell: string,
  holder: string,
  periodMs: number,
): Promise<boolean> {
  const key = { connectionId: '~service', entity: '~bell', externalId: bell }
  const { leased } = await leaseRecords(db, [key], holder, periodMs)
  return leased.length === 1
}
