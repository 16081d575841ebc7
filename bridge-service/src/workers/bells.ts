import { schedule, type ScheduledTask } from 'node-cron'
import { listActiveFlows } from '../store/flows.ts'
import { ringBehind } from './behind.ts'
import type { LiveDeps } from './live.ts'
import { ringReconcile } from './reconcile-bell.ts'
import { mayRing, underLease } from './stretch-lease.ts'
import { ringSweeps } from './sweep-bell.ts'
import { sweepJob } from './sync-jobs.ts'
import { ringWatch, type WatchDeps } from './watch.ts'

type BellDeps = LiveDeps & WatchDeps

/** At start: every live flow reads what changed since it last looked, and webhooks are looked after. */
async function catchUp(deps: BellDeps): Promise<void> {
  const flows = await listActiveFlows(deps.store.db)
  await deps.engine.send(
    null,
    flows.map((flow) => sweepJob(flow.id, flow.target_connection_id)),
  )
  await ringAlone('watch', ringWatch, deps)
}

type Ring = (deps: BellDeps, signal: AbortSignal) => Promise<void>

/** Rings where no process is at it: a round that takes longer than its period is not begun anew while it goes on. */
async function ringAlone(name: string, ring: Ring, deps: BellDeps): Promise<void> {
  const leaving = deps.leaving ?? new AbortController().signal
  await underLease(deps.store.db, '~service', name, deps.holder, leaving, (signal) => ring(deps, signal))
}

export interface Bells {
  /** The clock was set: they ring from now on by what it says, instead of when it comes back to where it was. */
  clockWasSet(): void
  /** Ends all. */
  stop(): Promise<void>
}

/** What is missed rings at the next time; whatever else it says is of no use to anybody. */
const silent = { info() {}, warn() {}, error() {}, debug() {} }

/**
 * The service's clockwork. A bell only rings: what is due becomes a job or a short look, and of several processes one
 * rings per period.
 */
export function startBells(deps: BellDeps): Bells {
  const running = new Set<Promise<void>>()
  const bells: [string, string, number, Ring][] = [
    ['sweeps', '*/10 * * * * *', 8_000, ringSweeps],
    ['behind', '20 */5 * * * *', 200_000, ringBehind],
    ['watch', '40 */10 * * * *', 500_000, ringWatch],
    ['reconcile', '50 * * * * *', 50_000, ringReconcile],
  ]
  // After a standstill notices may be lost and webhooks switched off; that must not wait for the next round.
  const first = catchUp(deps).catch((error: unknown) =>
    deps.log.error({ err: error }, 'what was missed meanwhile could not be looked for'),
  )
  running.add(first)
  void first.finally(() => running.delete(first))
  const tasks = bells.map(([name, cron, periodMs, ring]): ScheduledTask =>
    schedule(
      cron,
      () => {
        const done = mayRing(deps.store.db, name, deps.holder, periodMs)
          .then((mine) => (mine ? ringAlone(name, ring, deps) : undefined))
          .catch((error: unknown) => deps.log.error({ err: error, bell: name }, 'a bell failed'))
          .finally(() => running.delete(done))
        running.add(done)
      },
      { logger: silent },
    ),
  )
  return {
    clockWasSet() {
      for (const task of tasks) {
        void task.stop()
        void task.start()
      }
    },
    async stop() {
      for (const task of tasks) await task.stop()
      await Promise.all(running)
    },
  }
}
