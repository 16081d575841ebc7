import { type Call, ConnectorError, type Conversation, type Finding, type Reply } from '../sdk/index.ts'
import { isObject } from './rest.ts'

/** Statuses the check reads itself; the rest (429, 5xx) is tried again by the runtime and then thrown. */
const READ = [301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 406, 409, 410, 415, 418, 501]

/** What came of a call of the check. `code` is WordPress' error code. */
export type Answer =
  | { is: 'json'; reply: Reply; body: unknown }
  | { is: 'refused'; reply: Reply; code: string; message: string }
  | { is: 'moved'; reply: Reply; to: string }
  | { is: 'page'; reply: Reply; text: string }
  | { is: 'failed'; error: ConnectorError }

/** Makes a call and tells what kind of answer came. Only errors that are none of the wire's leave it. */
export function* probe(call: Call): Conversation<Answer> {
  let reply: Reply
  try {
    reply = yield { ...call, accept: READ }
  } catch (error) {
    if (error instanceof ConnectorError) return { is: 'failed', error }
    throw error
  }
  const { status, headers, body } = reply
  if (status >= 300 && status < 400) return { is: 'moved', reply, to: headers['location'] ?? '' }
  if (status >= 200 && status < 300 && body !== null && typeof body === 'object')
    return { is: 'json', reply, body }
  if (isObject(body) && typeof body['code'] === 'string') {
    return { is: 'refused', reply, code: body['code'], message: String(body['message'] ?? '') }
  }
  return { is: 'page', reply, text: typeof body === 'string' ? body : '' }
}

export const ok = (id: string, text: string): Finding => ({
  id,
  state: 'ok',
  text,
  remedy: '',
  blocking: false,
})
export const warning = (id: string, text: string, remedy: string): Finding => ({
  id,
  state: 'warning',
  text,
  remedy,
  blocking: false,
})
export const failed = (id: string, text: string, remedy: string): Finding => ({
  id,
  state: 'failed',
  text,
  remedy,
  blocking: true,
})

const WALL_WORDS =
  /captcha|cf-chl|challenge-platform|just a moment|attention required|access denied|request blocked|forbidden|wordfence|sucuri|imunify|mod_security|not acceptable|bot verification/i

/** True for pages that a firewall, a security plugin or a bot check puts in front of the shop. */
export const isWall = (answer: Answer & { is: 'page' }): boolean =>
  [403, 405, 406, 409, 410, 415, 418, 501].includes(answer.reply.status) ||
  WALL_WORDS.test(answer.text.slice(0, 20_000))

/** The finding for an answer that the asker had no use for: what stands between us and the shop. */
export function obstacle(answer: Answer): Finding {
  if (answer.is === 'failed') return fault(answer.error)
  if (answer.is === 'page') {
    if (isWall(answer)) return wall(answer.reply.status)
    const printed = printedText(answer.text)
    if (printed !== null) return notice(`The shop prints text in front of its answer: “${printed}”`)
    const title = /<title[^>]*>([^<]{1,100})/i.exec(answer.text)?.[1]?.trim()
    return failed(
      'answers',
      `The shop answers with a web page${title === undefined ? '' : ` (“${title}”)`} where its API should be (answer ${answer.reply.status}).`,
      'Switch off maintenance mode, and let /wp-json/ pass in caches and security plugins.',
    )
  }
  if (answer.is === 'moved') {
    return failed(
      'redirect',
      'The shop sends calls to its API on to another page.',
      'Let /wp-json/ pass without a redirect.',
    )
  }
  const status = answer.reply.status
  const code = answer.is === 'refused' ? `, ${answer.code}` : ''
  return failed(
    'answers',
    `The shop gave an answer that WooCommerce would not give (answer ${status}${code}).`,
    'Switch plugins that change the REST API off one by one, and try again.',
  )
}

const wall = (status: number): Finding =>
  failed(
    'firewall',
    `A firewall, security plugin or bot check in front of the shop refuses the call (answer ${status}).`,
    'Allow calls to /wp-json/wc/ there (Wordfence, Cloudflare, mod_security or your host), for the address of this service.',
  )

/** First line of what was printed in front of JSON, without tags; null for a page. */
function printedText(text: string): string | null {
  if (/<html|<!doctype/i.test(text) || !/[}\]]\s*$/.test(text)) return null
  const lines = text.replace(/<[^>]*>/g, '').split('\n')
  return (
    lines
      .map((line) => line.trim())
      .find((line) => line !== '' && !/^[[{]/.test(line))
      ?.slice(0, 120) ?? null
  )
}

const notice = (text: string): Finding =>
  failed(
    'answers',
    text,
    'Something prints text in front of the answer, mostly a PHP notice of a plugin. Set WP_DEBUG_DISPLAY to false in wp-config.php or repair the plugin.',
  )

function fault(error: ConnectorError): Finding {
  if (error.kind === 'malformed') return notice(error.publicMessage)
  const remedy =
    error.kind === 'unsafe'
      ? 'Enter the public https address of the shop.'
      : 'See that the shop opens in a browser under this very address, then try again.'
  return failed('reach', error.publicMessage, remedy)
}
