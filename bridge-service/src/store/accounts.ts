import { sql } from 'kysely'
import type { CallerRole } from '@crosswalk/shared/contract'
import type { AccountRow } from './account-schema.ts'
import { newId } from './ids.ts'
import type { Executor } from './schema.ts'

/** @returns undefined where the address has an account already */
export async function createAccount(
  db: Executor,
  of: { workspaceId: string; email: string; name: string; role: CallerRole; password: string; now: Date },
): Promise<AccountRow | undefined> {
  return db
    .insertInto('account')
    .values({
      id: newId('account'),
      workspace_id: of.workspaceId,
      email: of.email,
      name: of.name,
      role: of.role,
      password: of.password,
      password_at: of.now,
      created_at: of.now,
    })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returningAll()
    .executeTakeFirst()
}

export async function findAccountByEmail(db: Executor, email: string): Promise<AccountRow | undefined> {
  return db.selectFrom('account').selectAll().where('email', '=', email).executeTakeFirst()
}

export async function getAccount(
  db: Executor,
  workspaceId: string,
  id: string,
): Promise<AccountRow | undefined> {
  return db
    .selectFrom('account')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst()
}

/** Accounts of a workspace, oldest first, each with when a browser was last signed in as it. */
export async function listAccounts(
  db: Executor,
  workspaceId: string,
): Promise<(AccountRow & { seen_at: Date | null })[]> {
  return db
    .selectFrom('account')
    .selectAll('account')
    .select((of) =>
      of
        .selectFrom('session')
        .select(({ fn }) => fn.max('session.seen_at').as('at'))
        .whereRef('session.account_id', '=', 'account.id')
        .as('seen_at'),
    )
    .where('workspace_id', '=', workspaceId)
    .orderBy('created_at')
    .orderBy('id')
    .execute() as Promise<(AccountRow & { seen_at: Date | null })[]>
}

export async function hasAccounts(db: Executor, workspaceId: string): Promise<boolean> {
  const row = await db
    .selectFrom('account')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Owners of a workspace, locked until the transaction ends, so that two of them cannot leave at once. */
export async function lockOwners(tx: Executor, workspaceId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('account')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('role', '=', 'owner')
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.map(({ id }) => id)
}

export async function setAccountRole(
  tx: Executor,
  workspaceId: string,
  id: string,
  role: CallerRole,
): Promise<AccountRow | undefined> {
  return tx
    .updateTable('account')
    .set({ role })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirst()
}

/** @returns false when the workspace has no such account */
export async function deleteAccount(tx: Executor, workspaceId: string, id: string): Promise<boolean> {
  const row = await tx
    .deleteFrom('account')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** @param now when it was chosen; absent where the same password is only hashed anew */
export async function setPassword(db: Executor, id: string, password: string, now?: Date): Promise<void> {
  await db
    .updateTable('account')
    .set({ password, ...(now === undefined ? {} : { password_at: now }) })
    .where('id', '=', id)
    .execute()
}

/** Holds an account until the transaction ends. @returns false where it is gone, or its password is another one by now */
export async function holdAccount(
  tx: Executor,
  { id, password }: Pick<AccountRow, 'id' | 'password'>,
): Promise<boolean> {
  const row = await tx
    .selectFrom('account')
    .select('id')
    .where('id', '=', id)
    .where('password', '=', password)
    .forUpdate()
    .executeTakeFirst()
  return row !== undefined
}

/** Keeps the same password under a newer hash. @returns false where it is another password by now */
export async function replaceHash(
  db: Executor,
  { id, password }: Pick<AccountRow, 'id' | 'password'>,
  hash: string,
): Promise<boolean> {
  const row = await db
    .updateTable('account')
    .set({ password: hash })
    .where('id', '=', id)
    .where('password', '=', password)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export async function setPendingSecret(db: Executor, id: string, sealed: Uint8Array): Promise<void> {
  await db.updateTable('account').set({ totp_pending: sealed }).where('id', '=', id).execute()
}

/** Switches the second factor on, with the secret that was shown; `step` is that of the code that confirmed it. */
export async function confirmSecret(
  tx: Executor,
  id: string,
  sealed: Uint8Array,
  step: number,
): Promise<void> {
  await tx
    .updateTable('account')
    .set({ totp_secret: sealed, totp_pending: null, totp_step: step })
    .where('id', '=', id)
    .execute()
}

/** Switches the second factor off and forgets its recovery codes. */
export async function removeSecondFactor(tx: Executor, id: string): Promise<void> {
  await tx
    .updateTable('account')
    .set({ totp_secret: null, totp_pending: null, totp_step: null })
    .where('id', '=', id)
    .execute()
  await tx.deleteFrom('recovery_code').where('account_id', '=', id).execute()
}

/** Uses a time step up, once. @returns false where it, or a later one, was used before */
export async function takeStep(db: Executor, id: string, step: number): Promise<boolean> {
  const row = await db
    .updateTable('account')
    .set({ totp_step: step })
    .where('id', '=', id)
    .where(sql<boolean>`(totp_step is null or totp_step < ${step})`)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Puts new recovery codes in the place of the old ones. */
export async function replaceRecoveryCodes(
  tx: Executor,
  accountId: string,
  hashes: readonly Uint8Array[],
): Promise<void> {
  await tx.deleteFrom('recovery_code').where('account_id', '=', accountId).execute()
  await tx
    .insertInto('recovery_code')
    .values(hashes.map((hash) => ({ account_id: accountId, hash })))
    .execute()
}

/** Uses a recovery code up, once. @returns false where there is no such code (any more) */
export async function takeRecoveryCode(db: Executor, accountId: string, hash: Uint8Array): Promise<boolean> {
  const row = await db
    .deleteFrom('recovery_code')
    .where('account_id', '=', accountId)
    .where('hash', '=', hash)
    .returning('account_id')
    .executeTakeFirst()
  return row !== undefined
}

export async function countRecoveryCodes(db: Executor, accountId: string): Promise<number> {
  const row = await db
    .selectFrom('recovery_code')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow()
  return Number(row.n)
}
