import { createHmac, randomBytes } from 'node:crypto'
import {
  checkBaseUrl,
  checkBaseUrlResolved,
  createTransport,
  TransportError,
  type AddressRules,
  type Refusal,
  type Resolver,
} from '@crosswalk/connectors/sdk'
import type { HookBody } from './compose.ts'
import { SendError } from './mail.ts'

const PREFIX = 'whsec_'
const TIMEOUT_MS = 15_000
/** Nothing in the answer is of interest. */
const MOST_BYTES = 64 * 1024

/** A new secret as its user keeps it: 256 random bits, in the form that libraries of Standard Webhooks read. */
export const newHookSecret = (): string => `${PREFIX}${randomBytes(32).toString('base64')}`

/**
 * The value of `webhook-signature` (Standard Webhooks 1): HMAC-SHA256 over id, time and body, once with each secret that
 * counts. @param seconds since 1970, as told in `webhook-timestamp`
 */
export function signatureOf(secrets: readonly string[], id: string, seconds: number, body: string): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
      return `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`
    })
    .join(' ')
}

/** The address without its query, which the guard of addresses does not look at, and the path with it. */
function partsOf(text: string): { bare: string; path: string } {
  const url = URL.parse(text.trim())
  if (url === null) return { bare: text, path: '' }
  const path = `${url.pathname}${url.search}`
  url.search = ''
  return { bare: url.href, path }
}

/** Whether an address may be called: public and https, unless the operator opened it; also what its name leads to. */
export const checkHookUrl = (text: string, rules: AddressRules): Promise<{ ok: true; url: URL } | Refusal> =>
  checkBaseUrlResolved(partsOf(text).bare, rules)

export interface HookCall {
  url: string
  /** All that count, the newest first. */
  secrets: readonly string[]
  /** The same in every try, so that a second call is known as one. */
  id: string
  body: HookBody
  now: Date
}

/**
 * Calls an address with a signed body. Its name is checked again and the call goes to the checked address; a redirect is
 * not followed. @throws SendError
 */
export async function callHook(
  { url, secrets, id, body, now }: HookCall,
  rules: AddressRules & { resolver?: Resolver },
  signal?: AbortSignal,
): Promise<void> {
  const { bare, path } = partsOf(url)
  const checked = checkBaseUrl(bare, rules)
  if (!checked.ok) throw new SendError(`The address may not be called: ${checked.reason}`)
  const text = JSON.stringify(body)
  const seconds = Math.floor(now.getTime() / 1_000)
  const transport = createTransport({ ...rules, connections: 1, timeoutMs: TIMEOUT_MS, maxBytes: MOST_BYTES })
  let status: number
  try {
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Crosswalk/0.1',
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': signatureOf(secrets, id, seconds, text),
    }
    const wire = { origin: checked.url.origin, path, method: 'POST', headers, body: Buffer.from(text) }
    status = (await transport.request(wire, signal)).status
  } catch (error) {
    throw new SendError(reasonOf(error), { cause: error })
  } finally {
    await transport.close()
  }
  if (status >= 300 && status < 400) throw new SendError('The address leads elsewhere; that is not followed.')
  if (status < 200 || status >= 300) throw new SendError(`The address answered ${status}.`)
}

function reasonOf(error: unknown): string {
  const cause = (error instanceof TransportError ? error.cause : error) as { code?: string } | undefined
  if (cause?.code === 'UNSAFE_ADDRESS') return 'The address leads to one that is not public.'
  if (/CERT|SELF_SIGNED|TLS|SSL/.test(cause?.code ?? '')) return 'The secure connection to the address cannot be trusted.' // prettier-ignore
  if (cause?.code === 'ENOTFOUND') return 'The address was not found.'
  return 'The address does not answer.'
}
