import { createHash } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import encodeQR from 'qr'
import type { AccountRow } from '../store/account-schema.ts'
import { takeRecoveryCode, takeStep } from '../store/accounts.ts'
import { randomText } from '../store/ids.ts'
import type { Executor } from '../store/schema.ts'
import { UnsealError, type Vault } from '../store/vault.ts'

/** What every authenticator app takes; RFC 6238 with its defaults. */
const PERIOD_S = 30
const SECRET_BYTES = 20
/** Steps before and after now that count: clocks of telephones and machines differ. */
const WINDOW = 1

const RECOVERY_CODES = 8
/** 24 characters carry 124 bits: enough for a fast hash, and for a few codes on paper. */
const RECOVERY_LENGTH = 24

const totpOf = (secret: string, label = ''): TOTP =>
  new TOTP({ issuer: 'Crosswalk', label, digits: 6, period: PERIOD_S, secret: Secret.fromBase32(secret) })

/** Base32. */
export const newSecret = (): string => new Secret({ size: SECRET_BYTES }).base32

/** What an app takes in: as text, as an address, and that as a picture (SVG). */
export function showSecret(secret: string, email: string): { secret: string; uri: string; qr: string } {
  const uri = totpOf(secret, email).toString()
  return { secret, uri, qr: encodeQR(uri, 'svg', { border: 4 }) }
}

/** The time step a code belongs to; null where it is wrong. @param now ms since 1970 */
export function stepOf(secret: string, code: string, now: number): number | null {
  const delta = totpOf(secret).validate({ token: code, timestamp: now, window: WINDOW })
  return delta === null ? null : Math.floor(now / 1_000 / PERIOD_S) + delta
}

const bare = (code: string): string => code.replace(/[\s-]/g, '').toLowerCase()
const hashOf = (code: string): Buffer => createHash('sha256').update(bare(code)).digest()

/** Codes for who lost the app, each good once, and what the store keeps of them. */
export function newRecoveryCodes(): { codes: string[]; hashes: Buffer[] } {
  const codes = Array.from({ length: RECOVERY_CODES }, () =>
    randomText(RECOVERY_LENGTH).replace(/(.{4})(?!$)/g, '$1-'),
  )
  return { codes, hashes: codes.map(hashOf) }
}

const placeOf = (account: Pick<AccountRow, 'id' | 'workspace_id'>) => ({
  workspaceId: account.workspace_id,
  rowId: account.id,
  field: 'totp',
})

export const sealSecret = (vault: Vault, account: AccountRow, secret: string): Buffer =>
  vault.seal(secret, placeOf(account))

/** Null where the master key is not the one it was sealed with: recovery codes still work then. */
export function openSecret(vault: Vault, account: AccountRow, sealed: Uint8Array | null): string | null {
  if (sealed === null) return null
  try {
    return vault.open(sealed, placeOf(account)).toString()
  } catch (error) {
    if (error instanceof UnsealError) return null
    throw error
  }
}

/**
 * Looks at what was given as second factor and uses it up: a code of the app, or a recovery code. None is taken twice.
 * @returns what it was; null where it is neither
 */
export async function takeCode(
  db: Executor,
  vault: Vault,
  account: AccountRow,
  code: string,
  now: number,
): Promise<'app' | 'recovery' | null> {
  if (/^\d{6}$/.test(bare(code))) {
    const secret = openSecret(vault, account, account.totp_secret)
    const step = secret === null ? null : stepOf(secret, bare(code), now)
    return step !== null && (await takeStep(db, account.id, step)) ? 'app' : null
  }
  return (await takeRecoveryCode(db, account.id, hashOf(code))) ? 'recovery' : null
}
