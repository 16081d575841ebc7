import { claim, orDrop } from '../pipeline/context.ts'
import { isLevel, sourceHashOf } from '../pipeline/select.ts'
import { newWork, type RecordWork } from '../pipeline/work.ts'
import type { FlowRuntime } from '../runtime/flow-runtime.ts'
import { loadLinks } from '../store/links.ts'
import { findUnsettled, raiseWant } from '../store/records.ts'
import type { LiveDeps } from './live.ts'
import { BUSY_MS, type OpenPage, type Stretch } from './stretch.ts'
import { recordJob } from './sync-jobs.ts'

/** Between reading a page and looking at its links, clocks of two machines may differ by this. */
const CLOCK_SLACK_MS = 5_000

/** Sorts a page's records: level ones, ours to work on, held elsewhere. */
export async function takeRecords(
  stretch: Stretch,
  open: OpenPage,
  level: string[],
  deps: LiveDeps,
): Promise<{ works: RecordWork[]; elsewhere: string[] }> {
  const { flow } = stretch
  const key = flow.source.definition.key
  const natives = new Map(open.page.records.map((native) => [key(native), native]))
  const known = await loadLinks(deps.store.db, flow.id, [...natives.keys()])
  const hashes = new Map<string, string>()
  const rest: string[] = []
  const same: string[] = []
  for (const [externalId, native] of natives) {
    const hash = sourceHashOf(native, flow, deps.vault)
    hashes.set(externalId, hash)
    const linkRow = known.get(externalId) ?? null
    const never = linkRow === null || (linkRow.state === 'skipped' && linkRow.target_id === null)
    if (stretch.knownOnly && never) {
      level.push(externalId)
      continue
    }
    const again = stretch.reconsiderSkipped && linkRow?.state === 'skipped'
    if (!again && isLevel(linkRow, hash, flow.rulesHash)) same.push(externalId)
    else rest.push(externalId)
  }
  // A go on it may have changed the target meanwhile, or before it died; then back to what it was at the source.
  const unsettled = await findUnsettled(deps.store.db, flow.source.connection.id, flow.entity, same)
  for (const externalId of same) (unsettled.has(externalId) ? rest : level).push(externalId)
  if (rest.length === 0) return { works: [], elsewhere: [] }
  const { leases, elsewhere } = await claim(flow, rest, deps)
  const links = await orDrop([...leases.values()], deps, async () => {
    await leaveToJobs(elsewhere, flow, deps)
    return loadLinks(deps.store.db, flow.id, [...leases.keys()])
  })
  const works = [...leases].map(([externalId, lease]) => {
    const linkRow = links.get(externalId) ?? null
    const work = newWork(externalId, lease, linkRow, open.readAt)
    work.reconsider = stretch.reconsiderSkipped
    const movedSince = linkRow !== null && linkRow.updated_at.getTime() > open.readAt - CLOCK_SLACK_MS
    // Changed after the page was read, or not known whether: read again under the lease.
    const newer = lease.wantVersion > Math.max(0, linkRow?.have_version ?? 0)
    if (!movedSince && !newer) {
      work.native = natives.get(externalId)
      work.sourceHash = hashes.get(externalId) ?? null
    }
    return work
  })
  return { works, elsewhere }
}

/** What a record's job needs to know of its flow. */
export const endsOf = (flow: FlowRuntime) => ({
  id: flow.id,
  entity: flow.entity,
  targetConnectionId: flow.target.connection.id,
})

/**
 * Records that somebody else holds are marked, and get a job. Not in the page's own transaction: that one holds records
 * already, and two pages that wait for each other's would both fail.
 */
export async function leaveToJobs(
  externalIds: readonly string[],
  flow: FlowRuntime,
  deps: LiveDeps,
): Promise<void> {
  if (externalIds.length === 0) return
  await deps.store.db.transaction().execute(async (tx) => {
    await raiseWant(tx, flow.source.connection.id, flow.entity, externalIds)
    await deps.engine.send(
      tx,
      externalIds.map((externalId) => recordJob(endsOf(flow), externalId, { startAfterMs: BUSY_MS })),
    )
  })
}
