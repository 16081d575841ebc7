import type { FlowRow } from '../store/schema.ts'
import { findAllBehind, findBehind, type BehindRow } from '../store/behind.ts'
import { PRIORITY } from '../jobs/types.ts'
import type { LiveDeps } from './live.ts'
import { createRuns } from './runs.ts'
import { recordJob } from './sync-jobs.ts'

/** Records that get their jobs at once. */
const PAGE = 1_000

type BehindDeps = Pick<LiveDeps, 'store' | 'engine'>

const jobFor = (row: BehindRow) =>
  recordJob(
    { id: row.flow_id, entity: row.entity as never, targetConnectionId: row.target_connection_id },
    row.external_id,
    { priority: PRIORITY.retry },
  )

/**
 * Jobs for every record of a flow whose mark is ahead of its link: what was left while the flow or an account stood. With
 * `waiting` also for those that wait for a time of their own, for what they waited for is over.
 * @returns how many
 */
export async function requeueBehind(
  flow: FlowRow,
  deps: BehindDeps,
  options: { waiting?: boolean } = {},
): Promise<number> {
  let after = ''
  let sent = 0
  for (;;) {
    const ids = await findBehind(deps.store.db, flow, { ...options, after, limit: PAGE })
    if (ids.length === 0) return sent
    await deps.engine.send(
      null,
      ids.map((external_id) => jobFor({ ...flow, flow_id: flow.id, external_id })),
    )
    sent += ids.length
    after = ids.at(-1) as string
  }
}

/** As `requeueBehind`, for all active flows whose accounts are in use: statements by the records found, not by flows. */
export async function requeueAllBehind(deps: BehindDeps): Promise<number> {
  let after: BehindRow | undefined
  let sent = 0
  for (;;) {
    const rows = await findAllBehind(deps.store.db, { after, limit: PAGE })
    await deps.engine.send(null, rows.map(jobFor))
    sent += rows.length
    if (rows.length < PAGE) return sent
    after = rows.at(-1)
  }
}

/** Records that are behind, and runs, get back the jobs they lost; one that exists coalesces. */
export async function ringBehind(deps: Pick<LiveDeps, 'store' | 'engine' | 'log'>): Promise<void> {
  const sent = await requeueAllBehind(deps)
  if (sent > 0) deps.log.info({ sent }, 'records that were behind got their jobs back')
  await createRuns(deps).reviveOpen()
}
