import type { contract } from '@crosswalk/shared/contract'
import { checkNewPassword } from '../accounts/password-rules.ts'
import { allowTry, rightTry } from '../accounts/patience.ts'
import {
  newRecoveryCodes,
  newSecret,
  openSecret,
  sealSecret,
  showSecret,
  stepOf,
} from '../accounts/second-factor.ts'
import { notFound, Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import type { AccountRow } from '../store/account-schema.ts'
import {
  confirmSecret,
  countRecoveryCodes,
  getAccount,
  removeSecondFactor,
  replaceRecoveryCodes,
  setPassword,
  setPendingSecret,
} from '../store/accounts.ts'
import { addAudit } from '../store/audit.ts'
import { dropRenewals } from '../store/invitations.ts'
import type { Executor, JsonObject } from '../store/schema.ts'
import { endSession, endSessions, listSessions } from '../store/sessions.ts'
import type { Caller } from './callers.ts'
import type { GroupHandlers } from './mount.ts'
import { peopleHandlers } from './people.ts'
import { instant } from './views.ts'

type Handlers = GroupHandlers<typeof contract.accounts>

export function accountHandlers(service: Service): Handlers {
  const { vault, passwords } = service
  const { db } = service.store
  const now = (): Date => new Date(service.clock.now())

  /** @throws Problem `forbidden` for access keys */
  async function ownOf(caller: Caller): Promise<AccountRow> {
    const row = caller.session ? await getAccount(db, caller.workspaceId, caller.actor) : undefined
    if (row) return row
    throw new Problem('forbidden', 'This belongs to an account, and you came with an access key. Sign in with your e-mail address.') // prettier-ignore
  }
  /** The password once more, before what whoever finds an open browser must not do. @param field where it was typed */
  async function checkPassword(account: AccountRow, password: string, field: string): Promise<void> {
    await allowTry(service, `again:${account.id}`)
    if (!(await passwords.verify(password, account.password))) {
      const message = 'This is not your password.'
      throw new Problem('bad_request', message, { issues: [{ path: ['body', field], message }] })
    }
    await rightTry(service, `again:${account.id}`)
  }
  const note = (tx: Executor, caller: Caller, action: string, subject: string, detail: JsonObject = {}) =>
    addAudit(tx, { ...caller, action, subject, detail })

  return {
    own: async ({ caller }) => {
      if (!caller.session) return { account: null }
      const row = await ownOf(caller)
      const { id, email, name, role } = row
      const recoveryCodesLeft = await countRecoveryCodes(db, id)
      const passwordSetAt = instant(row.password_at)
      return { account: { id, email, name, role, secondFactor: row.totp_secret !== null, recoveryCodesLeft, passwordSetAt } } // prettier-ignore
    },

    changePassword: async ({ caller, body }) => {
      const account = await ownOf(caller)
      await checkPassword(account, body.current, 'current')
      await checkNewPassword(body.password, account.email)
      const hash = await passwords.hash(body.password)
      return db.transaction().execute(async (tx) => {
        await setPassword(tx, account.id, hash, now())
        await dropRenewals(tx, account.id)
        const endedSessions = await endSessions(tx, account.id, caller.session?.id ?? null)
        await note(tx, caller, 'account.password-changed', account.id, { endedSessions })
        return { endedSessions }
      })
    },

    sessions: async ({ caller }) => {
      if (!caller.session) return { items: [] }
      const rows = await listSessions(db, caller.actor, now())
      const items = rows.map((row) => ({
        id: row.id,
        current: row.id === caller.session?.id,
        agent: row.agent,
        createdAt: instant(row.created_at),
        seenAt: instant(row.seen_at),
        expiresAt: instant(row.expires_at),
      }))
      return { items }
    },

    endSession: async ({ caller, params }) => {
      await db.transaction().execute(async (tx) => {
        if (!caller.session || !(await endSession(tx, caller.actor, params.sessionId)))
          throw notFound('session')
        await note(tx, caller, 'session.ended', params.sessionId)
      })
      return { removed: true }
    },

    endOtherSessions: async ({ caller }) => {
      const account = await ownOf(caller)
      return db.transaction().execute(async (tx) => {
        const endedSessions = await endSessions(tx, account.id, caller.session?.id ?? null)
        await note(tx, caller, 'session.others-ended', account.id, { endedSessions })
        return { endedSessions }
      })
    },

    beginSecondFactor: async ({ caller, body }) => {
      const account = await ownOf(caller)
      if (account.totp_secret !== null) throw new Problem('conflict', 'The second step is on already.')
      await checkPassword(account, body.password, 'password')
      const secret = newSecret()
      await setPendingSecret(db, account.id, sealSecret(vault, account, secret))
      return showSecret(secret, account.email)
    },

    confirmSecondFactor: async ({ caller, body }) => {
      const account = await ownOf(caller)
      const secret = openSecret(vault, account, account.totp_pending)
      if (secret === null) throw new Problem('conflict', 'Begin to set up the second step first.')
      await allowTry(service, `code:${account.id}`)
      const step = stepOf(secret, body.code.replace(/[\s-]/g, ''), service.clock.now())
      if (step === null) {
        const message = 'This code is not right. The app shows a new one every 30 seconds; if none is, look at the clocks of both.' // prettier-ignore
        throw new Problem('bad_request', message, { issues: [{ path: ['body', 'code'], message }] })
      }
      await rightTry(service, `code:${account.id}`)
      const { codes, hashes } = newRecoveryCodes()
      await db.transaction().execute(async (tx) => {
        await confirmSecret(tx, account.id, sealSecret(vault, account, secret), step)
        await replaceRecoveryCodes(tx, account.id, hashes)
        await note(tx, caller, 'second-factor.on', account.id)
      })
      return { recoveryCodes: codes }
    },

    renewRecoveryCodes: async ({ caller, body }) => {
      const account = await ownOf(caller)
      if (account.totp_secret === null) throw new Problem('conflict', 'The second step is off.')
      await checkPassword(account, body.password, 'password')
      const { codes, hashes } = newRecoveryCodes()
      await db.transaction().execute(async (tx) => {
        await replaceRecoveryCodes(tx, account.id, hashes)
        await note(tx, caller, 'second-factor.codes-renewed', account.id)
      })
      return { recoveryCodes: codes }
    },

    endSecondFactor: async ({ caller, body }) => {
      const account = await ownOf(caller)
      await checkPassword(account, body.password, 'password')
      await db.transaction().execute(async (tx) => {
        await removeSecondFactor(tx, account.id)
        await note(tx, caller, 'second-factor.off', account.id)
      })
      return { off: true }
    },

    ...peopleHandlers(service),
  }
}
