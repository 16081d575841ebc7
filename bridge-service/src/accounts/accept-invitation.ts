import { Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import type { AccountRow, InvitationRow } from '../store/account-schema.ts'
import { createAccount, getAccount, removeSecondFactor, setPassword } from '../store/accounts.ts'
import { addAudit } from '../store/audit.ts'
import { findInvitation, takeInvitation } from '../store/invitations.ts'
import type { Executor } from '../store/schema.ts'
import { endSessions } from '../store/sessions.ts'
import { checkNewPassword } from './password-rules.ts'
import { rightTry } from './patience.ts'

const gone = (): Problem =>
  new Problem(
    'not_found',
    'This link was used already, was withdrawn, or is too old. Ask an owner for a new one.',
  )

/** Whom a link is for. @throws Problem `not_found` */
export async function lookAt(
  { store, clock }: Pick<Service, 'store' | 'clock'>,
  code: string,
): Promise<{ row: InvitationRow; account: AccountRow | undefined }> {
  const row = await findInvitation(store.db, code, new Date(clock.now()))
  if (!row) throw gone()
  const { account_id: id, workspace_id: workspace } = row
  return { row, account: id === null ? undefined : await getAccount(store.db, workspace, id) }
}

/**
 * Uses a link: makes the account, or gives one that is there a new password, ends its sessions and its second factor.
 * @throws Problem `not_found`, `conflict` where the address has an account by now, `bad_request` about the password
 */
export async function acceptInvitation(
  service: Service,
  given: { code: string; name: string | undefined; password: string },
): Promise<AccountRow> {
  const { store, clock, passwords } = service
  const { row } = await lookAt(service, given.code)
  if (row.kind === 'invite' && given.name === undefined) {
    throw new Problem('bad_request', 'Say your name.', { issues: [{ path: ['body', 'name'], message: 'Say your name.' }] }) // prettier-ignore
  }
  await checkNewPassword(given.password, row.email)
  const password = await passwords.hash(given.password)
  const account = await store.db.transaction().execute(async (tx) => {
    const now = new Date(clock.now())
    const taken = await takeInvitation(tx, given.code, now)
    if (!taken) throw gone()
    return taken.kind === 'invite'
      ? join(tx, taken, { name: given.name ?? '', password, now })
      : renew(tx, taken, { password, now })
  })
  await rightTry(service, `email:${account.email}`, `code:${account.id}`)
  return account
}

async function join(
  tx: Executor,
  invitation: InvitationRow,
  of: { name: string; password: string; now: Date },
): Promise<AccountRow> {
  const { workspace_id: workspaceId, email, role } = invitation
  const account = await createAccount(tx, { ...of, workspaceId, email, role })
  if (!account) throw new Problem('conflict', 'This e-mail address has an account already. Sign in with it.')
  await addAudit(tx, {
    workspaceId,
    actor: account.id,
    action: 'account.created',
    subject: account.id,
    detail: { role, by: invitation.created_by },
  })
  return account
}

async function renew(
  tx: Executor,
  { workspace_id: workspaceId, account_id: id, created_by: by }: InvitationRow,
  { password, now }: { password: string; now: Date },
): Promise<AccountRow> {
  if (id === null) throw gone()
  await setPassword(tx, id, password, now)
  await removeSecondFactor(tx, id)
  await endSessions(tx, id, null)
  await addAudit(tx, { workspaceId, actor: id, action: 'account.renewed', subject: id, detail: { by } })
  const account = await getAccount(tx, workspaceId, id)
  if (!account) throw gone()
  return account
}
