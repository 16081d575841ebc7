import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import { sql } from 'kysely'
import { newId } from './ids.ts'
import type { Executor } from './schema.ts'
import { UnsealError, type SealedPlace, type Vault } from './vault.ts'

interface Owner {
  workspaceId: string
  flowId: string
  /** For the pack of a single failed record: which. It is kept until that record is well. */
  failedId?: string
}

interface PackRow {
  id: string
  workspace_id: string
  flow_id: string
  sealed: Uint8Array
}

const placeOf = (id: string, owner: Owner): SealedPlace => ({
  workspaceId: owner.workspaceId,
  rowId: `${owner.flowId}/${id}`,
  field: 'attempt_pack.sealed',
})

/** A pack grown far beyond this was not made by us. */
const LARGEST_BYTES = 256 * 2 ** 20

interface Content {
  common: unknown
  records: Record<string, unknown>
}

/** What is kept of the attempts of one batch: packed (drafts repeat themselves), then sealed. */
const seal = (content: Content, id: string, owner: Owner, vault: Vault): Buffer =>
  vault.seal(deflateRawSync(JSON.stringify(content), { level: constants.Z_BEST_SPEED }), placeOf(id, owner))

function open(row: PackRow, vault: Vault): Content {
  const place = placeOf(row.id, { workspaceId: row.workspace_id, flowId: row.flow_id })
  const packed = vault.open(row.sealed, place)
  return JSON.parse(inflateRawSync(packed, { maxOutputLength: LARGEST_BYTES }).toString()) as never
}

/**
 * Stores the details of a batch's attempts as one pack.
 * @param details `common`: what they share; `records`: by external id, one attempt each
 * @returns the pack's id, for the attempts
 */
export async function addPack(
  db: Executor,
  owner: Owner,
  details: { common: unknown; records: ReadonlyMap<string, unknown> },
  vault: Vault,
): Promise<string> {
  const id = newId('pack')
  const content = { common: details.common, records: Object.fromEntries(details.records) }
  const sealed = seal(content, id, owner, vault)
  await sql`insert into attempt_pack (id, workspace_id, flow_id, failed_id, sealed)
    values (${id}, ${owner.workspaceId}, ${owner.flowId}, ${owner.failedId ?? null}, ${sealed})`.execute(db)
  return id
}

/**
 * What a pack keeps of a record, or null: erased, or past its time.
 * @throws UnsealError when the pack was moved, changed, or sealed with a key that is gone
 */
export async function readPack(
  db: Executor,
  workspaceId: string,
  id: string,
  externalId: string,
  vault: Vault,
): Promise<{ common: unknown; record: unknown } | null> {
  const row = await db
    .selectFrom('attempt_pack')
    .select(['id', 'workspace_id', 'flow_id', 'sealed'])
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return null
  const { common, records } = open(row, vault)
  return Object.hasOwn(records, externalId) ? { common, record: records[externalId] } : null
}

/**
 * Takes what is kept of some attempts out of their packs; a pack that does not open any more is erased whole. The
 * packs stay locked until the caller's transaction ends.
 */
export async function eraseFromPacks(
  tx: Executor,
  attempts: readonly { pack: string; externalId: string }[],
  vault: Vault,
): Promise<void> {
  const byPack = Map.groupBy(attempts, (attempt) => attempt.pack)
  if (byPack.size === 0) return
  const rows = await tx
    .selectFrom('attempt_pack')
    .select(['id', 'workspace_id', 'flow_id', 'sealed'])
    .where('id', 'in', [...byPack.keys()])
    .orderBy('id')
    .forUpdate()
    .execute()
  for (const row of rows) {
    const rest = without(row, new Set(byPack.get(row.id)?.map((attempt) => attempt.externalId)), vault)
    if (rest === null) await tx.deleteFrom('attempt_pack').where('id', '=', row.id).execute()
    else await tx.updateTable('attempt_pack').set({ sealed: rest }).where('id', '=', row.id).execute()
  }
}

/** The pack sealed again without some records; null when nothing is left of it. */
function without(row: PackRow, externalIds: ReadonlySet<string>, vault: Vault): Buffer | null {
  try {
    const { common, records } = open(row, vault)
    const kept = Object.entries(records).filter(([externalId]) => !externalIds.has(externalId))
    const owner = { workspaceId: row.workspace_id, flowId: row.flow_id }
    return kept.length === 0
      ? null
      : seal({ common, records: Object.fromEntries(kept) }, row.id, owner, vault)
  } catch (error) {
    if (error instanceof UnsealError) return null
    throw error
  }
}
