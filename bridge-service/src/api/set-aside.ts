import { setTimeout as sleep } from 'node:timers/promises'
import { addAudit } from '../store/audit.ts'
import { countFailures, listFailures } from '../store/failure-lists.ts'
import { ignoreFailures } from '../store/failures.ts'
import { getFlow } from '../store/flows.ts'
import type { Executor, FlowRow } from '../store/schema.ts'
import type { Caller } from './callers.ts'

/** Records that are set aside in one transaction. */
const AT_ONCE = 500
/** How often, and at which distance, it is looked whether a record that is being tried is free. */
const LOOKS = 20
const LOOK_MS = 250

/** The flows in which a cause is open, with how many records each has of it. */
export async function openIn(
  db: Executor,
  workspaceId: string,
  groupId: string,
): Promise<{ flow: FlowRow; count: number }[]> {
  const counted = (await countFailures(db, workspaceId, 'open')).filter((one) => one.groupId === groupId)
  const flows = await Promise.all(
    counted.map(async ({ flowId, count }) => ({ flow: await getFlow(db, workspaceId, flowId), count })),
  )
  return flows.flatMap(({ flow, count }) => (flow ? [{ flow, count }] : []))
}

async function setAside(
  db: Executor,
  caller: Caller,
  flow: FlowRow,
  externalIds: readonly string[],
  note: string,
): Promise<{ ignored: string[]; held: string[] }> {
  return db.transaction().execute(async (tx) => {
    const done = await ignoreFailures(tx, flow, externalIds, { note, by: caller.actor })
    const detail = { ids: done.ignored, note }
    if (done.ignored.length > 0)
      await addAudit(tx, { ...caller, action: 'failure.ignored', subject: flow.id, detail })
    return done
  })
}

/** Sets records aside; waits a while for those that are being tried just now. @returns how many, and how many are held still */
export async function ignoreRecords(
  db: Executor,
  caller: Caller,
  flow: FlowRow,
  externalIds: readonly string[],
  note: string,
): Promise<{ ignored: number; held: number }> {
  let ignored = 0
  let left: readonly string[] = [...new Set(externalIds)]
  for (let look = 0; look < LOOKS && left.length > 0; look += 1) {
    if (look > 0) await sleep(LOOK_MS)
    const done = await setAside(db, caller, flow, left, note)
    ignored += done.ignored.length
    left = done.held
  }
  return { ignored, held: left.length }
}

/** Sets all that is open of a cause aside, page by page; what is being tried just now is left to that. @returns how many */
export async function ignoreGroup(
  db: Executor,
  caller: Caller,
  groupId: string,
  note: string,
): Promise<number> {
  const { workspaceId } = caller
  let ignored = 0
  for (const { flow } of await openIn(db, workspaceId, groupId)) {
    for (let done = -1; done !== 0; ignored += done) {
      const rows = await listFailures(db, { workspaceId, flowId: flow.id, state: 'open', groupId, limit: AT_ONCE }) // prettier-ignore
      const ids = rows.map((row) => row.external_id)
      done = ids.length === 0 ? 0 : (await setAside(db, caller, flow, ids, note)).ignored.length
    }
  }
  return ignored
}
