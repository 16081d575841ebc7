import type { JobOutcome } from '../jobs/pump.ts'
import { loadLinks } from '../store/links.ts'
import type { Lease } from '../store/records.ts'
import { AccountTrouble, LeaseLost, timed, type BatchContext } from '../pipeline/batch.ts'
import { batchContext, claim, dropLeases, orDrop, type PipelineDeps } from '../pipeline/context.ts'
import { takeEdits } from '../pipeline/edits.ts'
import { link } from '../pipeline/link.ts'
import { brokenMapping, syncRecords } from '../pipeline/sync-records.ts'
import { newWork, type RecordWork } from '../pipeline/work.ts'
import { FlowNotReady, type FlowRuntime, type FlowRuntimes } from '../runtime/flow-runtime.ts'
import type { JobEngine } from '../jobs/types.ts'
import type { Executor } from '../store/schema.ts'
import { recordJob, type RecordJob } from './sync-jobs.ts'
import { noteHealthy, pauseFlow, PROBE_WAIT_MS, takeTurn, waitForAccount } from './trouble.ts'

export interface LiveDeps extends PipelineDeps {
  engine: JobEngine
  flows: FlowRuntimes
}

/** How soon a record that another worker holds is looked at again. */
const BUSY_MS = 1_000

/**
 * Works on `record` jobs of one flow: brings their records up to date. The job ends in the transaction that stores the
 * outcome; a record that changed meanwhile, or must wait, gets its next job there as well.
 */
export async function workLive(
  jobs: readonly RecordJob[],
  signal: AbortSignal,
  deps: LiveDeps,
): Promise<JobOutcome[]> {
  const first = jobs[0]
  if (!first) return []
  let flow: FlowRuntime
  try {
    flow = await deps.flows.get(first.data.flowId)
  } catch (error) {
    if (error instanceof FlowNotReady) return jobs.map((job) => ({ id: job.id, state: 'done' }))
    throw error
  }
  // Marks stay on the records: when the flow goes on, what is behind gets its jobs back.
  const due = flow.row.state === 'active' ? jobs : jobs.filter((job) => job.data.force)
  const outcomes: JobOutcome[] = jobs
    .filter((job) => !due.includes(job))
    .map((job) => ({ id: job.id, state: 'done' }))
  if (due.length === 0) return outcomes
  const held = await waitForAccount(flow, deps)
  if (held === 'stopped') return jobs.map((job) => ({ id: job.id, state: 'done' }))
  if (held !== null) return outcomes.concat(due.map((job) => ({ id: job.id, state: 'again', afterMs: held })))
  const endTurn = takeTurn(flow)
  if (endTurn === null) {
    return outcomes.concat(due.map((job) => ({ id: job.id, state: 'again', afterMs: PROBE_WAIT_MS })))
  }
  try {
    return outcomes.concat(await workDue(due, flow, signal, deps))
  } finally {
    endTurn()
  }
}

/** Works on jobs of a flow that goes and whose accounts may be used. */
async function workDue(
  due: readonly RecordJob[],
  flow: FlowRuntime,
  signal: AbortSignal,
  deps: LiveDeps,
): Promise<JobOutcome[]> {
  const outcomes: JobOutcome[] = []
  // A forced job of a record beside an ordinary one: both are one go, and it is forced.
  const byId = new Map<string, RecordJob>()
  for (const job of due) {
    const other = byId.get(job.data.externalId)
    if (!other || job.data.force) byId.set(job.data.externalId, job)
    const spare = job.data.force ? other : other && job
    if (spare) outcomes.push({ id: spare.id, state: 'done' })
  }
  const step = deps.metrics ? { onStep: deps.metrics.step } : {}
  const { leases, elsewhere } = await timed('claim', step, () => claim(flow, [...byId.keys()], deps))
  for (const id of elsewhere) outcomes.push({ id: jobId(byId, id), state: 'again', afterMs: BUSY_MS })
  if (leases.size === 0) return outcomes
  deps.faultPoint('after-claim')

  const links = await orDrop([...leases.values()], deps, () => loadLinks(deps.store.db, flow.id, [...leases.keys()])) // prettier-ignore
  const started = deps.clock.now()
  const works: RecordWork[] = []
  for (const [externalId, lease] of leases) {
    const work = newWork(externalId, lease, links.get(externalId) ?? null, started)
    work.force = byId.get(externalId)?.data.force === true
    works.push(work)
  }
  await orDrop([...leases.values()], deps, () => takeEdits(deps.store.db, flow, works, deps.vault))
  // What was edited has gone out with another job of the record: this one is an ordinary one now.
  for (const work of works) {
    if (work.edits === null && byId.get(work.externalId)?.data.edited) work.force = false
  }
  const context = batchContext(
    flow,
    [...leases.values()],
    { lane: 'live', runId: null, trace: true, signal },
    deps,
  )
  let trouble: AccountTrouble | null
  try {
    trouble = await syncRecords(works, context)
  } catch (error) {
    return outcomes.concat(await giveBack(error, works, context, byId, deps))
  }
  const broken = brokenMapping(works, context)
  if (broken !== null) {
    await pauseFlow(flow, broken, deps)
    return outcomes.concat(await putBack(works, context, byId))
  }
  let finished: JobOutcome[]
  try {
    finished = await finish(works, context, byId, deps)
  } catch (error) {
    // What was written stands in no link: the next try looks, and need not wait for the leases to run out.
    await dropLeases(leasesOf(works), context).catch(() => undefined)
    throw error
  }
  if (trouble) await waitForAccount(flow, deps, trouble)
  else {
    noteHealthy(flow.source.connection.id, flow.id, deps.reach)
    noteHealthy(flow.target.connection.id, flow.id, deps.reach)
  }
  return outcomes.concat(finished)
}

const leasesOf = (works: readonly RecordWork[]): Lease[] =>
  works.flatMap((work) => (work.lease ? [work.lease] : []))

const jobId = (byId: ReadonlyMap<string, RecordJob>, externalId: string): string =>
  byId.get(externalId)?.id ?? ''

/** Stores the outcomes, ends the jobs and sends what follows, in one transaction. */
async function finish(
  works: readonly RecordWork[],
  context: BatchContext,
  byId: ReadonlyMap<string, RecordJob>,
  deps: LiveDeps,
): Promise<JobOutcome[]> {
  const { flow } = context
  const ends = { id: flow.id, entity: flow.entity, targetConnectionId: flow.target.connection.id }
  const cameAt = (externalId: string): number | undefined => byId.get(externalId)?.data.at
  const store = async (tx: Executor): Promise<void> => {
    const linked = await link(tx, works, context)
    const next = linked.again.map((externalId) => recordJob(ends, externalId))
    for (const externalId of linked.fenced) {
      next.push(recordJob(ends, externalId, { startAfterMs: BUSY_MS, at: cameAt(externalId) }))
    }
    const fenced = new Set(linked.fenced)
    for (const work of works) {
      if (work.outcome?.result !== 'waiting' || fenced.has(work.externalId)) continue
      next.push(
        recordJob(ends, work.externalId, {
          startAfterMs: work.outcome.retryInMs,
          at: cameAt(work.externalId),
        }),
      )
    }
    await deps.engine.complete(
      works.flatMap((work) => byId.get(work.externalId) ?? []),
      tx,
    )
    if (next.length > 0) await deps.engine.send(tx, next)
  }
  await timed('link', context, () => deps.store.db.transaction().execute(store))
  deps.faultPoint('after-link')
  deps.metrics?.outcomes(flow.id, works)
  const ended = works.filter((work) => work.outcome !== null && work.outcome.result !== 'waiting')
  const now = deps.clock.now()
  deps.metrics?.finished(
    flow.id,
    ended.flatMap(({ externalId }) => (now - (cameAt(externalId) ?? NaN)) / 1_000).filter(Number.isFinite),
  )
  return works.map((work) => ({ id: jobId(byId, work.externalId), state: 'settled' }))
}

/** Trouble of an account or a lost lease: nothing is decided, every mark stays, the jobs come back later. */
async function giveBack(
  error: unknown,
  works: readonly RecordWork[],
  context: BatchContext,
  byId: ReadonlyMap<string, RecordJob>,
  deps: LiveDeps,
): Promise<JobOutcome[]> {
  await dropLeases(leasesOf(works), context)
  let afterMs = BUSY_MS
  if (error instanceof AccountTrouble) {
    const wait = await waitForAccount(context.flow, deps, error)
    if (wait === 'stopped') return works.map((work) => ({ id: jobId(byId, work.externalId), state: 'done' }))
    afterMs = wait ?? BUSY_MS
  } else if (!(error instanceof LeaseLost)) throw error
  return works.map((work) => ({ id: jobId(byId, work.externalId), state: 'again', afterMs }))
}

async function putBack(
  works: readonly RecordWork[],
  context: BatchContext,
  byId: ReadonlyMap<string, RecordJob>,
): Promise<JobOutcome[]> {
  await dropLeases(leasesOf(works), context)
  return works.map((work) => ({ id: jobId(byId, work.externalId), state: 'done' }))
}
