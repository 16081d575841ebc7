import { findErased } from '../store/payloads.ts'
import type { BatchContext } from './batch.ts'
import { subjectOf } from './history.ts'
import { open, type RecordWork } from './work.ts'

/**
 * Leaves out what speaks of a person who was erased, so that no sweep and no backfill brings the person back. What the
 * person did afterwards is another matter: a record that changed since goes on.
 */
export async function leaveOutErased(works: readonly RecordWork[], context: BatchContext): Promise<void> {
  const subjects = new Map<RecordWork, string>()
  for (const work of open(works)) {
    const subject = work.record === null ? null : subjectOf(work, context)
    if (subject !== null) subjects.set(work, subject)
  }
  if (subjects.size === 0) return
  const { workspaceId } = context.flow
  const erased = await findErased(context.store.db, workspaceId, [...subjects.values()])
  for (const [work, subject] of subjects) {
    const at = erased.get(subject)
    const modified = work.record?.modifiedAt ?? work.record?.createdAt
    if (at === undefined || (modified && Date.parse(modified) > at.getTime())) continue
    work.outcome = { result: 'skipped', reason: 'The person it speaks of was erased.' }
  }
}
