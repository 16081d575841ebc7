import { Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import type { AccountRow } from '../store/account-schema.ts'
import {
  countRecoveryCodes,
  findAccountByEmail,
  getAccount,
  holdAccount,
  replaceHash,
} from '../store/accounts.ts'
import { addAudit } from '../store/audit.ts'
import { createSession } from '../store/sessions.ts'
import { UnsealError, type Vault } from '../store/vault.ts'
import { allowTry, rightTry } from './patience.ts'
import { takeCode } from './second-factor.ts'

/** Between password and code. */
const TICKET_MS = 5 * 60_000

/** Where a sign-in comes from. */
export interface From {
  sender: string
  agent: string
}

/** The password was right, and a code is asked for. */
export interface Ticket {
  ticket: string
  expiresAt: Date
}

export interface Begun {
  account: AccountRow
  token: string
  /** Null where none was used. */
  recoveryCodesLeft: number | null
}

/** Says the same whether there is no such account or the password is another one. */
const refused = (): Problem =>
  new Problem('unauthorized', 'This e-mail address and password do not go together.')

/** Begins a session. The only place where one is made, so that each sign-in has a new one. */
export async function beginSession(
  service: Service,
  account: AccountRow,
  { agent }: Pick<From, 'agent'>,
  how: 'set-up' | 'invitation' | 'password' | 'app' | 'recovery',
): Promise<Begun> {
  const { db } = service.store
  const token = await db.transaction().execute(async (tx) => {
    // Checking a password takes time: one that was changed meanwhile opens nothing any more.
    if (!(await holdAccount(tx, account))) throw refused()
    const session = await createSession(tx, {
      accountId: account.id,
      agent,
      now: new Date(service.clock.now()),
    })
    await addAudit(tx, {
      workspaceId: account.workspace_id,
      actor: account.id,
      action: 'session.began',
      subject: session.id,
      detail: { how },
    })
    return session.token
  })
  return {
    account,
    token,
    recoveryCodesLeft: how === 'recovery' ? await countRecoveryCodes(db, account.id) : null,
  }
}

/**
 * Checks e-mail address and password.
 * @throws Problem `unauthorized`, after the same time and in the same words for accounts that nobody has; `rate_limited`
 */
export async function signInWith(
  service: Service,
  from: From,
  { email, password }: { email: string; password: string },
): Promise<Begun | Ticket> {
  const { store, passwords, clock, vault } = service
  const tried = [`sender:${from.sender}`, `email:${email}`] as const
  await allowTry(service, ...tried)
  const account = await findAccountByEmail(store.db, email)
  const right = await passwords.verify(password, account?.password ?? null)
  if (!account || !right) {
    noteRefused(service, account, 'password')
    throw refused()
  }
  await rightTry(service, ...tried)
  if (passwords.isOutdated(account.password)) {
    const hash = await passwords.hash(password)
    if (!(await replaceHash(store.db, account, hash))) throw refused()
    account.password = hash
  }
  if (account.totp_secret === null) return beginSession(service, account, from, 'password')
  const until = clock.now() + TICKET_MS
  return { ticket: sealTicket(vault, account, until), expiresAt: new Date(until) }
}

/** Ends a sign-in that needs a second factor. @throws Problem `unauthorized`, `rate_limited` */
export async function giveCode(
  service: Service,
  from: From,
  { ticket, code }: { ticket: string; code: string },
): Promise<Begun> {
  const { store, vault, clock } = service
  const opened = openTicket(vault, ticket)
  const late = () => new Problem('unauthorized', 'That took too long. Sign in again with your password.')
  if (opened === null || opened.until < clock.now()) throw late()
  const account = await getAccount(store.db, opened.workspaceId, opened.accountId)
  // A password that was changed meanwhile ends every sign-in that is under way.
  if (!account || account.password_at.getTime() !== opened.passwordAt) throw late()
  const tried = [`sender:${from.sender}`, `code:${account.id}`] as const
  await allowTry(service, ...tried)
  const what = await takeCode(store.db, vault, account, code, clock.now())
  if (what === null) {
    noteRefused(service, account, 'code')
    throw new Problem('unauthorized', 'This code is not right, or was used already. Codes of the app change every 30 seconds.') // prettier-ignore
  }
  await rightTry(service, ...tried)
  return beginSession(service, account, from, what)
}

/** Not waited for: an answer must not take longer where there is an account. */
function noteRefused(service: Service, account: AccountRow | undefined, what: 'password' | 'code'): void {
  const { log, store } = service
  log.warn({ account: account?.id ?? null, what }, 'a sign-in was refused')
  if (!account) return
  addAudit(store.db, {
    workspaceId: account.workspace_id,
    actor: 'stranger',
    action: 'session.refused',
    subject: account.id,
    detail: { what },
  }).catch((error: unknown) => log.error({ err: error }, 'a refused sign-in could not be noted'))
}

interface OpenTicket {
  workspaceId: string
  accountId: string
  passwordAt: number
  until: number
}

const TICKET_PLACE = { workspaceId: '', rowId: 'sign-in', field: 'ticket' }

const sealTicket = (vault: Vault, account: AccountRow, until: number): string => {
  const passwordAt = account.password_at.getTime()
  const open: OpenTicket = { workspaceId: account.workspace_id, accountId: account.id, passwordAt, until }
  return vault.sealJson(open, TICKET_PLACE).toString('base64url')
}

function openTicket(vault: Vault, ticket: string): OpenTicket | null {
  try {
    return vault.openJson<OpenTicket>(Buffer.from(ticket, 'base64url'), TICKET_PLACE)
  } catch (error) {
    if (error instanceof UnsealError) return null
    throw error
  }
}
