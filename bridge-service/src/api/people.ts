import type { contract, Invitation, Person } from '@crosswalk/shared/contract'
import { found, notFound, Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import type { AccountRow, InvitationRow } from '../store/account-schema.ts'
import {
  deleteAccount,
  findAccountByEmail,
  getAccount,
  listAccounts,
  lockOwners,
  setAccountRole,
} from '../store/accounts.ts'
import { addAudit } from '../store/audit.ts'
import { createInvitation, deleteInvitation, dropWaysMadeBy, listInvitations } from '../store/invitations.ts'
import type { Executor } from '../store/schema.ts'
import type { Caller } from './callers.ts'
import type { GroupHandlers } from './mount.ts'
import { instant, instantOrNull } from './views.ts'

type Handlers = Pick<
  GroupHandlers<typeof contract.accounts>,
  'people' | 'invite' | 'withdrawInvitation' | 'renew' | 'changeRole' | 'remove'
>

/** Nothing of its secrets. */
const personView = (row: AccountRow, caller: Caller, seenAt: Date | null): Person => ({
  id: row.id,
  email: row.email,
  name: row.name,
  role: row.role,
  secondFactor: row.totp_secret !== null,
  you: row.id === caller.actor,
  createdAt: instant(row.created_at),
  seenAt: instantOrNull(seenAt),
})

const invitationView = (row: InvitationRow): Invitation => ({
  id: row.id,
  kind: row.kind,
  email: row.email,
  role: row.role,
  createdAt: instant(row.created_at),
  expiresAt: instant(row.expires_at),
})

/** @throws Problem `conflict` where the workspace would be left without an owner */
async function keepAnOwner(tx: Executor, workspaceId: string, leaving: string): Promise<void> {
  const owners = await lockOwners(tx, workspaceId)
  if (owners.length === 1 && owners[0] === leaving) {
    throw new Problem('conflict', 'This is the only owner. Make somebody else an owner first.')
  }
}

/** The owner's look at everybody's accounts. */
export function peopleHandlers(service: Service): Handlers {
  const { db } = service.store
  const now = (): Date => new Date(service.clock.now())
  const invited = async (
    caller: Caller,
    of: Pick<Parameters<typeof createInvitation>[1], 'kind' | 'accountId' | 'email' | 'role'>,
  ) =>
    db.transaction().execute(async (tx) => {
      const { workspaceId, actor } = caller
      const { row, code } = await createInvitation(tx, { ...of, workspaceId, createdBy: actor, now: now() })
      await addAudit(tx, {
        ...caller,
        action: of.kind === 'invite' ? 'account.invited' : 'account.renewal-made',
        subject: of.accountId ?? row.id,
        detail: { role: of.role },
      })
      return { ...invitationView(row), code }
    })

  return {
    people: async ({ caller }) => {
      const rows = await listAccounts(db, caller.workspaceId)
      const invitations = await listInvitations(db, caller.workspaceId, now())
      return {
        items: rows.map((row) => personView(row, caller, row.seen_at)),
        invitations: invitations.map(invitationView),
      }
    },

    invite: async ({ caller, body }) => {
      if (await findAccountByEmail(db, body.email)) {
        throw new Problem('conflict', 'This e-mail address has an account already.')
      }
      return invited(caller, { kind: 'invite', accountId: null, ...body })
    },

    withdrawInvitation: async ({ caller, params }) => {
      await db.transaction().execute(async (tx) => {
        if (!(await deleteInvitation(tx, caller.workspaceId, params.invitationId)))
          throw notFound('invitation')
        await addAudit(tx, {
          ...caller,
          action: 'account.invitation-withdrawn',
          subject: params.invitationId,
        })
      })
      return { removed: true }
    },

    renew: async ({ caller, params }) => {
      if (caller.session && caller.actor === params.accountId) {
        // A browser left open must not be enough to take an account over.
        throw new Problem(
          'conflict',
          'Change your own password under “Your account”: it asks for the present one.',
        )
      }
      const row = found(await getAccount(db, caller.workspaceId, params.accountId), 'account')
      return invited(caller, { kind: 'renew', accountId: row.id, email: row.email, role: row.role })
    },

    changeRole: async ({ caller, params, body }) => {
      const { workspaceId } = caller
      const row = await db.transaction().execute(async (tx) => {
        if (body.role !== 'owner') await keepAnOwner(tx, workspaceId, params.accountId)
        const saved = found(await setAccountRole(tx, workspaceId, params.accountId, body.role), 'account')
        if (body.role !== 'owner') await dropWaysMadeBy(tx, workspaceId, saved.id)
        await addAudit(tx, { ...caller, action: 'account.role-changed', subject: saved.id, detail: { role: body.role } }) // prettier-ignore
        return saved
      })
      const seen = (await listAccounts(db, workspaceId)).find(({ id }) => id === row.id)?.seen_at ?? null
      return personView(row, caller, seen)
    },

    remove: async ({ caller, params }) => {
      const { workspaceId } = caller
      await db.transaction().execute(async (tx) => {
        await keepAnOwner(tx, workspaceId, params.accountId)
        if (!(await deleteAccount(tx, workspaceId, params.accountId))) throw notFound('account')
        await dropWaysMadeBy(tx, workspaceId, params.accountId)
        await addAudit(tx, { ...caller, action: 'account.removed', subject: params.accountId })
      })
      return { removed: true }
    },
  }
}
