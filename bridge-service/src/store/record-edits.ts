import type { Executor } from './schema.ts'
import { UnsealError, type SealedPlace, type Vault } from './vault.ts'

/** A value that goes out in place of what the rules make of it: of a part of the record, a field of the target. */
export interface EditedValue {
  part: string
  field: string
  value: string | number | boolean | null
}

interface Flow {
  id: string
  workspaceId: string
}

const placeOf = (flow: Flow, externalId: string): SealedPlace => ({
  workspaceId: flow.workspaceId,
  rowId: `${flow.id}/${externalId}`,
  field: 'record_edit.sealed',
})

/** Keeps corrected values for a record's next try; those of an earlier correction that has not gone out are replaced. */
export async function keepEdits(
  db: Executor,
  flow: Flow,
  edit: { externalId: string; values: readonly EditedValue[]; editedBy: string },
  vault: Vault,
): Promise<void> {
  const sealed = vault.sealJson(edit.values, placeOf(flow, edit.externalId))
  await db
    .insertInto('record_edit')
    .values({
      flow_id: flow.id,
      external_id: edit.externalId,
      workspace_id: flow.workspaceId,
      sealed,
      edited_by: edit.editedBy,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['flow_id', 'external_id'])
        .doUpdateSet({ sealed, edited_by: edit.editedBy, at: new Date() }),
    )
    .execute()
}

/** Corrected values that wait for records' next try, by external id. Those sealed with a key that is gone are left out. */
export async function readEdits(
  db: Executor,
  flow: Flow,
  externalIds: readonly string[],
  vault: Vault,
): Promise<Map<string, readonly EditedValue[]>> {
  const found = new Map<string, readonly EditedValue[]>()
  if (externalIds.length === 0) return found
  const rows = await db
    .selectFrom('record_edit')
    .select(['external_id', 'sealed'])
    .where('flow_id', '=', flow.id)
    .where('external_id', 'in', [...externalIds])
    .execute()
  for (const row of rows) {
    try {
      found.set(row.external_id, vault.openJson(row.sealed, placeOf(flow, row.external_id)))
    } catch (error) {
      if (!(error instanceof UnsealError)) throw error
    }
  }
  return found
}

/** Corrected values that have gone out, or were refused: the next try goes by the rules again. */
export async function dropEdits(db: Executor, flowId: string, externalIds: readonly string[]): Promise<void> {
  if (externalIds.length === 0) return
  await db
    .deleteFrom('record_edit')
    .where('flow_id', '=', flowId)
    .where('external_id', 'in', [...externalIds])
    .execute()
}
