import { causeRef, vendorWords } from '@crosswalk/shared/causes'
import type { Reply } from './call.ts'
import { ConnectorError } from './errors.ts'
import type { WireReply } from './transport.ts'

/** Deeper than any answer of the systems here (they end at 8), and far below what breaks a recursive reader. */
const MAX_DEPTH = 64
/** Longest number token taken as a number, and the most that is kept of a longer one. */
const MAX_NUMBER_LENGTH = 40
const QUOTED_CHARACTERS = 120

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [
  0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d,
]
const isNumberByte = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) || byte === 0x2e || byte === 0x2d || byte === 0x2b || (byte | 0x20) === 0x65

/**
 * Reads an answer: JSON where the content type says so or the text looks like it, else text.
 * Integers that a number cannot hold come as text, `__proto__` keys are dropped. What is nested deeper than 64 comes as
 * null and a number beyond reason as its first digits in text: one record that holds such a thing must not make a page
 * of a hundred unreadable.
 * @throws ConnectorError `malformed` for a good answer (2xx) that says it is JSON and is none (a PHP notice in front
 * of it, cut off). Refusals (4xx, 5xx) are never malformed: their status says enough.
 */
export function readReply(wire: WireReply, label: string): Reply {
  const { status, headers } = wire
  return { status, headers, body: readBody(wire, label) }
}

function readBody(wire: WireReply, label: string): unknown {
  const good = wire.status >= 200 && wire.status < 300
  const bytes = withoutMark(wire.body)
  if (bytes.length === 0) return ''
  const claimsJson = /[/+]json\b/i.test(wire.headers['content-type'] ?? '')
  if (!claimsJson && !startsAsJson(bytes)) {
    const text = bytes.toString('utf8')
    if (good && hidesJson(text)) throw malformed(label, text)
    return text
  }
  try {
    return parseJson(bytes)
  } catch {
    const text = bytes.toString('utf8')
    if (good && claimsJson) throw malformed(label, text)
    return text
  }
}

/** Parses JSON of others, what is hostile in it made harmless as `readReply` says. @throws SyntaxError */
export function parseJson(bytes: Buffer): unknown {
  const shape = measure(bytes)
  if (shape.open) throw new SyntaxError('the JSON does not end')
  const text = shape.cuts.length === 0 ? bytes.toString('utf8') : withCuts(bytes, shape.cuts)
  return shape.longIntegers || text.includes('"__proto__"')
    ? carefulParse(text)
    : (JSON.parse(text) as unknown)
}

const withoutMark = (body: Buffer): Buffer =>
  body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body

function startsAsJson(bytes: Buffer): boolean {
  const first = bytes.subarray(0, 64).toString('latin1').trimStart()[0]
  return first === '{' || first === '['
}

/** True for text that goes over into JSON: something printed a notice before the answer. */
function hidesJson(text: string): boolean {
  if (!/[}\]]\s*$/.test(text)) return false
  const starts = /[[{]\s*(?:["[{\]}]|-?\d)/g
  for (
    let tries = 0, match = starts.exec(text);
    match !== null && tries < 5;
    match = starts.exec(text), tries++
  ) {
    try {
      JSON.parse(text.slice(match.index))
      return true
    } catch {
      // The bracket belonged to the notice; the next one may begin the answer.
    }
  }
  return false
}

/** Quotes what stands before the JSON (a notice, a warning); never the JSON, which may hold customers' data. */
function malformed(label: string, text: string): ConnectorError {
  const notice = firstLine(text.slice(0, text.search(/[[{]\s*["[{\]}]|$/)))
  return new ConnectorError({
    kind: 'malformed',
    publicMessage: `${label} sent something else than JSON${notice === '' ? ', or only a part of it.' : `. It begins: “${notice}”`}`,
    ...(notice === '' ? {} : { named: causeRef('text_before_data', { words: vendorWords(notice) }) }),
  })
}

/** Beginning of the first line that says something, without tags. */
function firstLine(text: string): string {
  const plain = text
    .slice(0, 4_000)
    .replace(/<(script|style)\b[^]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>?/g, '')
  const line =
    plain
      .split('\n')
      .map((part) => part.replace(/\p{Cc}+/gu, ' ').trim())
      .find((part) => part !== '') ?? ''
  return line.slice(0, QUOTED_CHARACTERS)
}

/** Bytes from `start` to before `end` that are not parsed, and the JSON that stands there instead. */
interface Cut {
  start: number
  end: number
  instead: string
}

function withCuts(bytes: Buffer, cuts: readonly Cut[]): string {
  let text = ''
  let at = 0
  for (const { start, end, instead } of cuts) {
    text += bytes.toString('utf8', at, start) + instead
    at = end
  }
  return text + bytes.toString('utf8', at)
}

/** Walks the raw bytes once, so that what is hostile in an answer is found before objects are made of it. */
function measure(bytes: Buffer): { cuts: Cut[]; longIntegers: boolean; open: boolean } {
  const cuts: Cut[] = []
  let depth = 0
  /** Where the list or object begins that is too deep. */
  let tooDeep = -1
  let longIntegers = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte === QUOTE) {
      at += 1
      while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      depth += 1
      if (depth === MAX_DEPTH + 1) tooDeep = at
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      if (depth === MAX_DEPTH + 1) cuts.push({ start: tooDeep, end: at + 1, instead: 'null' })
      depth -= 1
    } else if (depth <= MAX_DEPTH && (byte === 0x2d || (byte >= 0x30 && byte <= 0x39))) {
      const start = at
      while (at + 1 < bytes.length && isNumberByte(bytes[at + 1]!)) at += 1
      const length = at + 1 - start
      if (length < 5) continue
      const token = bytes.toString('latin1', start, start + Math.min(length, MAX_NUMBER_LENGTH))
      if (length > MAX_NUMBER_LENGTH || !Number.isFinite(Number(token))) {
        // Digits without end are no number; anything else that long is no JSON either and fails to parse.
        if (/^-?\d/.test(token)) cuts.push({ start, end: at + 1, instead: JSON.stringify(token) })
        continue
      }
      if (length > 15 && /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token))) longIntegers = true
    }
  }
  return { cuts, longIntegers, open: depth > 0 }
}

/** Slower parse for answers with ids beyond 2^53 or keys that would reach a prototype. */
function carefulParse(text: string): unknown {
  return JSON.parse(text, function (this: unknown, key, value: unknown, context?: { source?: string }) {
    if (key === '__proto__') return undefined
    const source = context?.source
    return typeof value === 'number' &&
      source !== undefined &&
      /^-?\d+$/.test(source) &&
      !Number.isSafeInteger(value)
      ? source
      : value
  } as (this: unknown, key: string, value: unknown) => unknown) as unknown
}
