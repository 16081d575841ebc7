import { z } from 'zod'
import type { Tokens } from '@crosswalk/connectors/sdk'
import { ConnectorError } from '@crosswalk/connectors/sdk'
import type { ConnectionRow } from '../store/schema.ts'
import type { SealedPlace, Vault } from '../store/vault.ts'

type Owned = Pick<ConnectionRow, 'id' | 'workspace_id'>

const placeOf = (row: Owned, field: string): SealedPlace => ({
  workspaceId: row.workspace_id,
  rowId: row.id,
  field,
})

/** A connection's secrets, sealed for its row alone. */
export const sealCredentials = (row: Owned, credentials: unknown, vault: Vault): Buffer =>
  vault.sealJson(credentials, placeOf(row, 'credentials'))

/** A connection's secrets; null where they were erased. @throws UnsealError for a row that was tampered with */
export const openCredentials = (row: Owned & Pick<ConnectionRow, 'credentials'>, vault: Vault): unknown =>
  row.credentials === null ? null : vault.openJson(row.credentials, placeOf(row, 'credentials'))

export const sealHookSecret = (row: Owned, secret: string, vault: Vault): Buffer =>
  vault.seal(secret, placeOf(row, 'hook_secret'))

/** The secret that a connection's webhooks are signed with; null where none was made. */
export const openHookSecret = (
  row: Owned & Pick<ConnectionRow, 'hook_secret'>,
  vault: Vault,
): string | null =>
  row.hook_secret === null ? null : vault.open(row.hook_secret, placeOf(row, 'hook_secret')).toString()

/** What may be shown of secrets: the end of the longest one, where enough stays hidden. */
export function hintOf(credentials: unknown): string {
  const texts = Object.values((credentials ?? {}) as Record<string, unknown>).filter(
    (value): value is string => typeof value === 'string',
  )
  const longest = texts.sort((a, b) => b.length - a.length)[0] ?? ''
  return longest.length >= 16 ? `…${longest.slice(-4)}` : ''
}

const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

/**
 * The tokens of a sign-in as the connector's own credentials. Further members of the answer (`hub_id` as `hubId`) come
 * along where the connector's schema knows them. `before` are the credentials that a refresh replaces: an answer without
 * a refresh token leaves the old one.
 * @throws ConnectorError `malformed` where the connector cannot work with what was answered
 */
export function credentialsOf(
  schema: z.ZodType,
  tokens: Tokens,
  label: string,
  before: Record<string, unknown> = {},
): unknown {
  const extra = Object.entries(tokens.extra).map(([name, value]) => [camel(name), value])
  let candidate: Record<string, unknown> = {
    ...before,
    ...Object.fromEntries(extra),
    kind: 'oauth',
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken ?? before['refreshToken'],
    expiresAt: tokens.expiresAt ?? undefined,
    scopes: tokens.scopes.length > 0 ? tokens.scopes : before['scopes'],
  }
  // Strict schemas say which members they do not know; those are left out.
  for (let round = 0; round < 2; round++) {
    const parsed = schema.safeParse(candidate)
    if (parsed.success) return parsed.data
    const unknown = parsed.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [],
    )
    if (unknown.length === 0) break
    candidate = Object.fromEntries(Object.entries(candidate).filter(([name]) => !unknown.includes(name)))
  }
  throw new ConnectorError({
    kind: 'malformed',
    publicMessage: `${label} answered the sign-in without everything this bridge needs.`,
  })
}
