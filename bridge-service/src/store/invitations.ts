import { sql } from 'kysely'
import { createHash, randomBytes } from 'node:crypto'
import type { CallerRole } from '@crosswalk/shared/contract'
import type { InvitationRow } from './account-schema.ts'
import { newId } from './ids.ts'
import type { Executor } from './schema.ts'

const HOURS: Readonly<Record<InvitationRow['kind'], number>> = { invite: 7 * 24, renew: 24 }

const hashOf = (code: string): Buffer => createHash('sha256').update(code).digest()

/** Makes a link for an address; one that this workspace made for it before does not work any more. */
export async function createInvitation(
  tx: Executor,
  of: {
    workspaceId: string
    kind: InvitationRow['kind']
    accountId: string | null
    email: string
    role: CallerRole
    createdBy: string
    now: Date
  },
): Promise<{ row: InvitationRow; code: string }> {
  await tx
    .deleteFrom('invitation')
    .where('workspace_id', '=', of.workspaceId)
    .where('email', '=', of.email)
    .execute()
  const code = randomBytes(32).toString('base64url')
  const row = await tx
    .insertInto('invitation')
    .values({
      id: newId('invitation'),
      code_hash: hashOf(code),
      workspace_id: of.workspaceId,
      kind: of.kind,
      account_id: of.accountId,
      email: of.email,
      role: of.role,
      created_by: of.createdBy,
      created_at: of.now,
      expires_at: new Date(of.now.getTime() + HOURS[of.kind] * 3_600_000),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return { row, code }
}

/** A link that still works; undefined for one that was used, withdrawn, is too old or was never made. */
export async function findInvitation(
  db: Executor,
  code: string,
  now: Date,
): Promise<InvitationRow | undefined> {
  return db
    .selectFrom('invitation')
    .selectAll()
    .where('code_hash', '=', hashOf(code))
    .where('expires_at', '>', now)
    .executeTakeFirst()
}

/** Uses a link up, once. */
export async function takeInvitation(
  tx: Executor,
  code: string,
  now: Date,
): Promise<InvitationRow | undefined> {
  return tx
    .deleteFrom('invitation')
    .where('code_hash', '=', hashOf(code))
    .where('expires_at', '>', now)
    .returningAll()
    .executeTakeFirst()
}

export async function listInvitations(
  db: Executor,
  workspaceId: string,
  now: Date,
): Promise<InvitationRow[]> {
  return db
    .selectFrom('invitation')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('expires_at', '>', now)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

/** @returns false where the workspace has no such link */
export async function deleteInvitation(db: Executor, workspaceId: string, id: string): Promise<boolean> {
  const row = await db
    .deleteFrom('invitation')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/**
 * Ends what an account, key or site has made and nobody has used yet: links for people and codes for sites. Else it would
 * let somebody in after its maker is gone. @param by id of the maker; a site's users are `<site>/<number>`
 */
export async function dropWaysMadeBy(tx: Executor, workspaceId: string, by: string): Promise<void> {
  const made = sql<boolean>`(created_by = ${by} or starts_with(created_by, ${`${by}/`}))`
  await tx.deleteFrom('invitation').where('workspace_id', '=', workspaceId).where(made).execute()
  await tx
    .deleteFrom('pairing_code')
    .where('workspace_id', '=', workspaceId)
    .where('used_at', 'is', null)
    .where(made)
    .execute()
}

/** Ends the links that would give an account another password. */
export async function dropRenewals(tx: Executor, accountId: string): Promise<void> {
  await tx.deleteFrom('invitation').where('account_id', '=', accountId).execute()
}
