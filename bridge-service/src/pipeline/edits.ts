import type { Step } from '@crosswalk/connectors/sdk'
import type { Executor } from '../store/schema.ts'
import { readEdits, type EditedValue } from '../store/record-edits.ts'
import type { Vault } from '../store/vault.ts'
import type { RecordWork } from './work.ts'

/** Corrected values by part of the record (`document`, `line:product:17`, `contact:…`) and field of the target. */
export type Edits = ReadonlyMap<string, ReadonlyMap<string, EditedValue['value']>>

/** What is edited of one part; by its role alone only a part is meant that the record has one of. */
export const editsOf = (edits: Edits | null, partKey: string, { role, each }: Pick<Step, 'role' | 'each'>) =>
  edits?.get(partKey) ?? (each === 'one' ? edits?.get(role) : undefined)

/**
 * Gives records the values that somebody corrected for their next go. Only records that are tried on purpose, or have
 * failed or waited, can have some.
 */
export async function takeEdits(
  db: Executor,
  flow: { id: string; workspaceId: string },
  works: readonly RecordWork[],
  vault: Vault,
): Promise<void> {
  const tried = works.filter(
    ({ force, link }) => force || link?.state === 'failed' || link?.state === 'pending',
  )
  const found = await readEdits(db, flow, tried.map(({ externalId }) => externalId), vault) // prettier-ignore
  for (const work of tried) {
    const values = found.get(work.externalId)
    if (values === undefined) continue
    const edits = new Map<string, Map<string, EditedValue['value']>>()
    for (const { part, field, value } of values) {
      edits.set(part, (edits.get(part) ?? new Map<string, EditedValue['value']>()).set(field, value))
    }
    work.edits = edits
  }
}
