import type { Selectable } from 'kysely'
import type { CallerRole } from '@crosswalk/shared/contract'
import type { OrNull, Time } from './schema.ts'

export interface AccountTable {
  id: string
  workspace_id: string
  /** Small letters; unique over all workspaces. */
  email: string
  name: string
  role: CallerRole
  /** `scrypt$ln=…,r=…,p=…$salt$hash`; see `accounts/passwords.ts`. */
  password: string
  password_at: Time
  /** Of the authenticator app, sealed by the vault; null: no second factor. */
  totp_secret: OrNull<Uint8Array>
  /** The same, shown but not confirmed by a first code yet. */
  totp_pending: OrNull<Uint8Array>
  /** The time step of the last code that was taken: it and all before it are used up. */
  totp_step: OrNull<number>
  created_at: Time
}

export interface RecoveryCodeTable {
  account_id: string
  /** SHA-256; the codes are random and long. */
  hash: Uint8Array
}

export interface SessionTable {
  id: string
  /** SHA-256 of what the cookie holds. */
  token_hash: Uint8Array
  account_id: string
  /** What the browser calls itself. */
  agent: string
  created_at: Time
  seen_at: Time
  /** Whatever happens, it is over then. */
  expires_at: Time
}

export interface InvitationTable {
  id: string
  /** SHA-256 of what the link holds. */
  code_hash: Uint8Array
  workspace_id: string
  kind: 'invite' | 'renew'
  /** Whom it renews; null for a new account. */
  account_id: OrNull<string>
  email: string
  role: CallerRole
  created_by: string
  created_at: Time
  expires_at: Time
}

/** Wrong passwords, codes and links, by what they were tried at and where they came from. */
export interface WrongTryTable {
  /** A keyed hash: nobody who reads the store learns which addresses were tried. */
  key: string
  tries: number
  last_at: Time
  wait_until: Time
}

export interface AccountTables {
  account: AccountTable
  recovery_code: RecoveryCodeTable
  session: SessionTable
  invitation: InvitationTable
  wrong_try: WrongTryTable
}

export type AccountRow = Selectable<AccountTable>
export type SessionRow = Selectable<SessionTable>
export type InvitationRow = Selectable<InvitationTable>
