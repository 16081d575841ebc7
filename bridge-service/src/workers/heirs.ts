import { sql } from 'kysely'
import { listActiveFlows } from '../store/flows.ts'
import { ownProcessName } from '../store/process-name.ts'
import { findEnded, signRoll, strikeOff } from '../store/process-roll.ts'
import { voidLeasesOf } from '../store/records.ts'
import type { Executor } from '../store/schema.ts'
import { requeueAllBehind } from './behind.ts'
import type { LiveDeps } from './live.ts'
import { createRuns } from './runs.ts'
import { sweepJob } from './sync-jobs.ts'

/** How often a process looks for others of its machine that have died. One short query. */
const LOOK_MS = 2_000
/** How often it says that it lives; must be well below what the roll forgets after. */
const SIGN_MS = 60_000

/** Frees what a process held: leases, and places of customers and products it was making. */
async function freeHoldings(db: Executor, name: string): Promise<void> {
  const batches = `${name}/`
  await voidLeasesOf(db, batches)
  await sql`update dependency set updated_at = '-infinity', holder = null
    where state = 'creating' and starts_with(holder, ${batches})`.execute(db)
}

/**
 * Takes over from processes of this machine that died: frees what they held and gives everything they may have been at a
 * job again, so that work goes on within seconds instead of when leases and heartbeats run out. Two heirs at once do
 * no harm. Of processes on other machines nothing is known: there leases and heartbeats decide.
 * @returns the names of the dead
 */
export async function inherit(deps: Pick<LiveDeps, 'store' | 'engine'>): Promise<string[]> {
  const { store, engine } = deps
  const ended = await findEnded(store.db)
  if (ended.length === 0) return []
  for (const name of ended) await freeHoldings(store.db, name)
  await requeueAllBehind(deps)
  const flows = await listActiveFlows(store.db)
  await engine.send(
    null,
    flows.map((flow) => sweepJob(flow.id, flow.target_connection_id)),
  )
  await createRuns(deps).reviveOpen()
  // Last: an heir that dies on the way leaves the rest to the next one.
  for (const name of ended) await strikeOff(store.db, name)
  return ended
}

/**
 * Keeps this process on the roll and looks after those that died, on a store that several may use.
 * @returns ends it and strikes this process off, after its work has ended
 */
export async function startInheriting(
  deps: Pick<LiveDeps, 'store' | 'engine' | 'log'>,
): Promise<() => Promise<void>> {
  const { store, log } = deps
  const own = ownProcessName()
  await signRoll(store.db, own)
  let round: Promise<void> = Promise.resolve()
  let running = false
  let signedAt = performance.now()
  async function look(): Promise<void> {
    running = true
    try {
      if (performance.now() - signedAt > SIGN_MS) {
        await signRoll(store.db, own)
        signedAt = performance.now()
      }
      const dead = await inherit(deps)
      if (dead.length > 0) log.warn({ dead }, 'processes died; their work goes on here')
    } catch (error) {
      log.error({ err: error }, 'what processes that died left behind could not be looked for')
    }
    running = false
  }
  await look()
  const timer = setInterval(() => {
    if (!running) round = look()
  }, LOOK_MS)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await round
    await strikeOff(store.db, own)
  }
}
