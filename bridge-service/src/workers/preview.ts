import { AccountTrouble } from '../pipeline/batch.ts'
import { batchContext, type PipelineDeps } from '../pipeline/context.ts'
import { syncRecords } from '../pipeline/sync-records.ts'
import { partsOf, type RecordWork } from '../pipeline/work.ts'
import type { FlowRuntime } from '../runtime/flow-runtime.ts'
import { currentValues, previewRecord, type PreviewRecord } from './preview-record.ts'
import { lookingAt, readScope, type Scope, type ScopePosition } from './scope.ts'

export interface Preview {
  counts: { create: number; update: number; unchanged: number; skip: number; fail: number }
  records: PreviewRecord[]
}

/**
 * What would happen to a few records, by the same code as production up to `compare`: nothing is written anywhere.
 * Without ids the newest records are taken. Throws `ConnectorError` when an account cannot be read.
 */
export async function preview(
  flow: FlowRuntime,
  want: { limit: number; externalIds?: readonly string[] },
  signal: AbortSignal,
  deps: PipelineDeps,
): Promise<Preview> {
  const scope = want.externalIds ? { externalIds: want.externalIds } : { last: want.limit }
  try {
    const looked = lookingAt(flow, scope)
    const works = await readAll(looked, scope, signal, deps)
    const options = { lane: 'live', runId: null, dryRun: true, trace: true, signal } as const
    const context = batchContext(looked, [], options, deps)
    await syncRecords(works, context)
    const now = await currentValues(partsOf(works), context)
    const records = works.map((work) => previewRecord(work, now, context))
    const counts = { create: 0, update: 0, unchanged: 0, skip: 0, fail: 0 }
    for (const record of records) counts[record.action] += 1
    return { counts, records }
  } catch (error) {
    throw error instanceof AccountTrouble ? error.cause : error
  }
}

async function readAll(
  flow: FlowRuntime,
  scope: Scope,
  signal: AbortSignal,
  deps: PipelineDeps,
): Promise<RecordWork[]> {
  const works: RecordWork[] = []
  let position: ScopePosition | null = null
  do {
    const page = await readScope(flow, scope, position, { lane: 'live', signal }, deps)
    works.push(...page.works)
    position = page.next
  } while (position !== null)
  return works
}
