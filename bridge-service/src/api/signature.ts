import { createHmac } from 'node:crypto'
import { CALLER_ROLES, type CallerRole } from '@crosswalk/shared/contract'

/** Begins the Authorization header of a request that a site signed. */
const SCHEME = 'Crosswalk-HMAC-SHA256'

/** What a signed request says of itself. */
export interface SignedClaims {
  siteId: string
  /** WordPress's number of the user; 0 where the site itself calls. */
  userId: string
  role: CallerRole
  /** Seconds since 1970, by the site's clock. */
  time: number
  nonce: string
  /** SHA-256 of the body's bytes, hex; also of no bytes. */
  body: string
}

const SHAPE: Readonly<Record<'site' | 'user' | 'role' | 'time' | 'nonce' | 'body' | 'signature', RegExp>> = {
  site: /^site_[0-9a-z]{1,40}$/,
  user: /^\d{1,19}$/,
  role: new RegExp(`^(?:${CALLER_ROLES.join('|')})$`),
  time: /^\d{9,12}$/,
  nonce: /^[0-9a-f]{32}$/,
  body: /^[0-9a-f]{64}$/,
  signature: /^[0-9a-f]{64}$/,
}

/** True where a request tries to be known by a signature. */
export const isSignature = (header: string): boolean => header.startsWith(`${SCHEME} `)

/** Reads the header; undefined where a part is missing, is there twice, or is of another form. */
export function readSignature(header: string): { claims: SignedClaims; signature: Buffer } | undefined {
  const pairs = header
    .slice(SCHEME.length)
    .split(',')
    .map((part) => part.trim().split('='))
  const parts = new Map(pairs.map(([name = '', value = '']) => [name, value]))
  const names = Object.keys(SHAPE) as (keyof typeof SHAPE)[]
  if (pairs.length !== names.length) return undefined
  if (!names.every((name) => SHAPE[name].test(parts.get(name) ?? ''))) return undefined
  const part = (name: keyof typeof SHAPE): string => parts.get(name) as string
  return {
    claims: {
      siteId: part('site'),
      userId: part('user'),
      role: part('role') as CallerRole,
      time: Number(part('time')),
      nonce: part('nonce'),
      body: part('body'),
    },
    signature: Buffer.from(part('signature'), 'hex'),
  }
}

/** HMAC-SHA256 by the site's key over what a request is and says of itself. `path` from `/api` on, with its query. */
export const signatureOf = (key: Uint8Array, method: string, path: string, claims: SignedClaims): Buffer =>
  createHmac('sha256', key)
    .update(
      [
        'crosswalk-request-1',
        method,
        path,
        claims.body,
        claims.time,
        claims.nonce,
        claims.siteId,
        claims.userId,
        claims.role,
      ].join('\n'),
    ) // prettier-ignore
    .digest()

/** The header of a signed request. */
export const signatureHeader = (claims: SignedClaims, signature: Buffer): string =>
  `${SCHEME} site=${claims.siteId}, user=${claims.userId}, role=${claims.role}, time=${claims.time}, nonce=${claims.nonce}, body=${claims.body}, signature=${signature.toString('hex')}`
