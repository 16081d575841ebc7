import { timed, type BatchContext } from '../pipeline/batch.ts'
import { link } from '../pipeline/link.ts'
import type { RecordWork } from '../pipeline/work.ts'
import { noteUntold } from '../store/reach.ts'
import { raiseWant } from '../store/records.ts'
import type { Executor } from '../store/schema.ts'
import type { LiveDeps } from './live.ts'
import { endsOf } from './page-records.ts'
import { BUSY_MS, type OpenPage, type PageCounts, type PageProgress, type SaveProgress } from './stretch.ts'
import { recordJob } from './sync-jobs.ts'
import { countUntold } from './untold.ts'

/**
 * What a page came to. With `again` it must be done once more: what was finished is remembered, so that it is not
 * counted twice.
 */
export function progressOf(
  open: OpenPage,
  works: readonly RecordWork[],
  level: readonly string[],
  elsewhere: readonly string[],
  counted: readonly string[],
  again: boolean,
): PageProgress {
  const before = new Set(counted)
  const counts: PageCounts = { done: 0, created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 }
  const ended: string[] = []
  const count = (externalId: string, column: Exclude<keyof PageCounts, 'done'> | null): void => {
    ended.push(externalId)
    if (before.has(externalId)) return
    counts.done += 1
    if (column) counts[column] += 1
  }
  for (const externalId of level) count(externalId, 'unchanged')
  for (const work of works) {
    const result = work.outcome?.result
    if (result === undefined || (again && result === 'waiting')) continue
    count(work.externalId, result === 'waiting' ? null : result === 'deleted' ? 'updated' : result)
  }
  if (!again) for (const externalId of elsewhere) count(externalId, null)
  return {
    position: open.position,
    next: again ? open.position : open.page.next,
    finished: !again && open.page.next === null,
    counted: again ? ended : [],
    counts,
    total: open.page.total,
    sourceClock: open.page.sourceClock,
  }
}

/**
 * One transaction: links, history, progress, and jobs for the records that cannot be finished here. Those that wait are
 * marked in any case: should nobody come back to this page (a run that is cancelled), they are finished all the same.
 */
export async function storePage(
  works: readonly RecordWork[],
  context: BatchContext,
  more: { progress: PageProgress; save: SaveProgress; again: boolean } | null,
  deps: LiveDeps,
): Promise<void> {
  const { flow } = context
  const ends = endsOf(flow)
  const store = async (tx: Executor): Promise<void> => {
    if (works.length > 0) {
      const { again, fenced } = await link(tx, works, context)
      const jobs = again.map((externalId) => recordJob(ends, externalId))
      for (const externalId of fenced) jobs.push(recordJob(ends, externalId, { startAfterMs: BUSY_MS }))
      await noteUntold(tx, flow.source.connection.id, countUntold(works, context))
      const waiting = works.filter((work) => work.outcome?.result === 'waiting')
      const marked = [...new Set([...waiting.map((work) => work.externalId), ...fenced])]
      await raiseWant(tx, flow.source.connection.id, flow.entity, marked)
      for (const work of more === null || more.again ? [] : waiting) {
        const ms = work.outcome?.result === 'waiting' ? work.outcome.retryInMs : 0
        jobs.push(recordJob(ends, work.externalId, { startAfterMs: ms }))
      }
      if (jobs.length > 0) await deps.engine.send(tx, jobs)
    }
    if (more) await more.save(tx, more.progress)
  }
  await timed('link', context, () => deps.store.db.transaction().execute(store))
  deps.metrics?.outcomes(flow.id, works)
}
