import type { Logger } from 'pino'
import { addAudit } from '../store/audit.ts'
import type { Store } from '../store/database.ts'
import type { ConnectionRow } from '../store/schema.ts'
import type { Vault } from '../store/vault.ts'

/** Also how such a connection is known again when the right key is back. */
export const LOST_KEY_REASON =
  'The master key of this service is not the one this connection was saved with, so its secrets cannot be read. ' +
  'Put the former key back and start again, or connect this account again: its links are kept.'

/** Another process works on this store with another key; the message is for whoever starts this one. */
export class WrongMasterKey extends Error {
  override readonly name = 'WrongMasterKey'
}

interface KeyDeps {
  store: Store
  vault: Vault
  log: Logger
  /** Whether other processes work on this store now. */
  others: () => Promise<boolean>
}

type Sealed = Pick<ConnectionRow, 'id' | 'workspace_id' | 'credentials' | 'state' | 'state_reason'>

/**
 * At start: looks whether the master key opens what is stored. Connections it does not open wait for a person, with the
 * reason; those that waited for their key and open again go on. Links, mappings and settings need no key.
 * @throws WrongMasterKey where other processes are at work, for then the key is not lost: this process has a wrong one
 */
export async function checkMasterKey({ store, vault, log, others }: KeyDeps): Promise<void> {
  const rows: Sealed[] = await store.db
    .selectFrom('connection')
    .select(['id', 'workspace_id', 'credentials', 'state', 'state_reason'])
    .where('credentials', 'is not', null)
    .execute()
  const closed = rows.filter((row) => row.credentials !== null && !vault.knows(row.credentials))
  const back = rows.filter((row) => row.state_reason === LOST_KEY_REASON && !closed.includes(row))
  if (closed.length > 0 && (await others())) {
    throw new WrongMasterKey(
      'Other processes work on this database with another master key. Give this one the same: copy the key file beside their DATA_DIR, or set the same MASTER_KEY.',
    )
  }
  const news = closed.filter((row) => row.state === 'active' || row.state === 'unauthorized')
  await move(store, news.filter((row) => row.state_reason !== LOST_KEY_REASON), 'unauthorized') // prettier-ignore
  await move(store, back, 'active')
  if (closed.length > 0) {
    log.error(
      { connections: closed.map((row) => row.id), key: vault.keyId },
      `The master key does not open ${closed.length} of ${rows.length} connections. Put the former key back (MASTER_KEY, or the key file beside DATA_DIR) and start again. If it is lost, connect these accounts again: links are kept, so nothing is made twice.`,
    )
  }
  if (back.length > 0) log.info({ connections: back.map((row) => row.id) }, 'the master key opens them again')
}

async function move(store: Store, rows: readonly Sealed[], state: 'active' | 'unauthorized'): Promise<void> {
  for (const row of rows) {
    await store.db.transaction().execute(async (tx) => {
      await tx
        .updateTable('connection')
        .set({
          state,
          state_reason: state === 'active' ? null : LOST_KEY_REASON,
          state_cause: null,
          updated_at: new Date(),
        })
        .where('id', '=', row.id)
        .execute()
      await addAudit(tx, {
        workspaceId: row.workspace_id,
        actor: 'crosswalk',
        action: state === 'active' ? 'connection.key_back' : 'connection.key_lost',
        subject: row.id,
      })
    })
  }
}
