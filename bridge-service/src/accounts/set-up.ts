import { timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import { Problem, notFound } from '../problem.ts'
import type { Service } from '../service-types.ts'
import type { AccountRow } from '../store/account-schema.ts'
import { createAccount, hasAccounts } from '../store/accounts.ts'
import { addAudit } from '../store/audit.ts'
import type { Vault } from '../store/vault.ts'
import { listWorkspaces } from '../store/workspaces.ts'

type Deps = Pick<Service, 'store' | 'vault' | 'clock'>

/**
 * Makes the first owner's account. It follows from the master key, so that every process prints the same one at every
 * start, and is worth nothing as soon as there is an account.
 */
const setUpCode = (vault: Vault, workspaceId: string): string => vault.keyedHash(`set up:${workspaceId}`)

/** Where to open the console: until the first owner has an account, with the code that makes it. @param base without a slash at its end */
export async function consoleAddress(
  { store, vault }: Pick<Deps, 'store' | 'vault'>,
  workspaceId: string,
  base: string,
): Promise<string> {
  if (await hasAccounts(store.db, workspaceId)) return `${base}/`
  return `${base}/#set-up=${setUpCode(vault, workspaceId)}`
}

/** Whether the first owner has made an account. */
export async function isSetUp({ store }: Pick<Deps, 'store'>): Promise<boolean> {
  const [workspace] = await listWorkspaces(store.db)
  return workspace !== undefined && (await hasAccounts(store.db, workspace.id))
}

/** @returns the workspace a code sets up @throws Problem where it is wrong or was used */
export async function checkSetUpCode(deps: Pick<Deps, 'store' | 'vault'>, code: string): Promise<string> {
  const [workspace] = await listWorkspaces(deps.store.db)
  if (!workspace) throw notFound('link')
  const [right, given] = [setUpCode(deps.vault, workspace.id), code].map((text) => Buffer.from(text)) as [
    Buffer,
    Buffer,
  ]
  if (right.length !== given.length || !timingSafeEqual(right, given)) {
    throw new Problem('not_found', 'This link is not whole, or not of this bridge. Open the one it printed when it started.') // prettier-ignore
  }
  if (await hasAccounts(deps.store.db, workspace.id)) throw used()
  return workspace.id
}

const used = (): Problem =>
  new Problem(
    'conflict',
    'This link was used: the owner has an account. Sign in with it, or ask for an invitation.',
  )

/** Makes the owner; of several that try at once a single one becomes it. @throws Problem `conflict` */
export async function createOwner(
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  workspaceId: string,
  of: { email: string; name: string; password: string },
): Promise<AccountRow> {
  return store.db.transaction().execute(async (tx) => {
    const lock = `set up:${store.schema}`
    await sql`select pg_advisory_xact_lock(hashtextextended(${lock}::text, 0))`.execute(tx)
    if (await hasAccounts(tx, workspaceId)) throw used()
    const now = new Date(clock.now())
    const account = await createAccount(tx, { ...of, workspaceId, role: 'owner', now })
    if (!account) throw new Problem('conflict', 'This e-mail address has an account already.')
    await addAudit(tx, {
      workspaceId,
      actor: account.id,
      action: 'account.created',
      subject: account.id,
      detail: { role: 'owner', by: 'set-up' },
    })
    return account
  })
}
