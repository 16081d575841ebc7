import type { Request, Response } from 'express'
import { CONSOLE_HEADER } from '@crosswalk/shared/contract'
import { Problem } from '../problem.ts'

/** Where the browser reaches the console, and the cookie that fits there. */
export interface Reached {
  cookie: { name: string; secure: boolean } | null
  /** Origins that pages of this console have. */
  origins: readonly string[]
}

/** The prefix makes browsers keep it to this host, over https, for all paths. */
const SECURE_NAME = '__Host-crosswalk'
const TOKEN = /^[\w-]{43}$/

const isLoopback = (host: string): boolean =>
  /^(localhost|[\w-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host)

/**
 * https, by what a trusted proxy says or because it is the public address; plain http only on this machine, for there
 * nobody listens; elsewhere a password would travel in the open, so there is no cookie. On one machine the name has the
 * port in it, since cookies do not tell ports apart.
 */
export function reachedAt(request: Request, publicUrl: string | null): Reached {
  const host = request.host ?? ''
  const open = publicUrl === null ? null : new URL(publicUrl)
  const isPublic = open !== null && (host === open.host || request.get('origin') === open.origin)
  const secure = request.secure || (isPublic && open.protocol === 'https:')
  const origins = [`${secure ? 'https' : 'http'}://${host}`, ...(open === null ? [] : [open.origin])]
  if (secure) return { cookie: { name: SECURE_NAME, secure }, origins }
  if (!isLoopback(host)) return { cookie: null, origins }
  return { cookie: { name: `crosswalk-${/\d+$/.exec(host)?.[0] ?? 80}`, secure }, origins }
}

const OPTIONS = { httpOnly: true, sameSite: 'lax', path: '/' } as const

/** Ends with the browser; how long it is good, the session says. Lax, for a sign-in elsewhere comes back with it. */
export function setSessionCookie(response: Response, { cookie }: Reached, token: string): void {
  if (cookie === null) throw new Error('there is no cookie over plain http')
  response.cookie(cookie.name, token, { ...OPTIONS, secure: cookie.secure })
}

export function clearSessionCookie(response: Response, { cookie }: Reached): void {
  if (cookie !== null) response.clearCookie(cookie.name, { ...OPTIONS, secure: cookie.secure })
}

/** What the session's cookie holds; null where there is none, empty for what cannot be one. */
export function sessionToken(request: Request, { cookie }: Reached): string | null {
  if (cookie === null) return null
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at < 0 || pair.slice(0, at).trim() !== cookie.name) continue
    const value = pair.slice(at + 1).trim()
    return TOKEN.test(value) ? value : ''
  }
  return null
}

/**
 * Lets through what a page of this console asks: it has a header that other sites' pages cannot set, and comes from here.
 * @throws Problem `forbidden`
 */
export function checkSameOrigin(request: Request, { origins }: Reached): void {
  const origin = request.get('origin')
  const site = request.get('sec-fetch-site')
  if (request.get(CONSOLE_HEADER) === undefined) {
    throw new Problem(
      'forbidden',
      `The console sends the header ${CONSOLE_HEADER} with this; programs use an access key.`,
    )
  }
  if (origin === undefined || !origins.includes(origin) || (site !== undefined && site !== 'same-origin')) {
    throw new Problem(
      'forbidden',
      'This came from a page that is not the console. If a proxy stands in front of the bridge, its operator sets PUBLIC_URL to the address people open.',
    )
  }
}
