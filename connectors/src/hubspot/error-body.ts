/** HubSpot's error envelope; every member may be missing in practice, so each has an empty value here. */
export interface ErrorBody {
  message: string
  category: string
  policyName: string
  /** Codes, from the most to the least telling (`PROPERTY_DOESNT_EXIST`). */
  codes: readonly string[]
  /** Names of properties the answer blames. */
  fields: readonly string[]
  /** Those of them that the portal does not have. */
  unknownProperties: readonly string[]
  /** Scopes the key lacks. */
  scopes: readonly string[]
  /** All texts of the answer: its own message and those of its details. */
  messages: readonly string[]
  /** Values of `context` by name, the envelope's and its details' together. */
  context: Readonly<Record<string, readonly string[]>>
}

type Loose = Record<string, unknown>
const isObject = (value: unknown): value is Loose =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const objects = (value: unknown): Loose[] => (Array.isArray(value) ? value.filter(isObject) : [])

const PROPERTY_NAME = /^[a-z][a-z0-9_]{0,249}$/i
const NOT_THERE = /Property "?([A-Za-z0-9_]{1,250})"? does not exist/g
const TAKEN = /propertyName=([A-Za-z0-9_]{1,250}),/g
/** Code of a detail that blames a property the portal does not have. */
export const UNKNOWN_PROPERTY = 'PROPERTY_DOESNT_EXIST'
const MAX_TEXT = 200_000

/** `Property values were not valid: [{"isValid":false,"error":"…","name":"…"}]` carries its details in its text. */
function embedded(message: string): Loose[] {
  const start = message.indexOf('[{')
  if (start < 0 || message.length > MAX_TEXT) return []
  try {
    return objects(JSON.parse(message.slice(start, message.lastIndexOf(']') + 1)))
  } catch {
    return []
  }
}

function gatherContext(parts: readonly Loose[]): Record<string, string[]> {
  const gathered: Record<string, string[]> = Object.create(null) as Record<string, string[]>
  for (const part of parts) {
    if (!isObject(part['context'])) continue
    for (const [name, values] of Object.entries(part['context'])) {
      const list = Array.isArray(values) ? values : [values]
      gathered[name] = [...(gathered[name] ?? []), ...list.map(String)]
    }
  }
  return gathered
}

const propertyNames = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name) => PROPERTY_NAME.test(name))),
]

const captured = (pattern: RegExp, messages: readonly string[]): string[] =>
  messages.flatMap((message) =>
    [...message.slice(0, MAX_TEXT).matchAll(pattern)].map((match) => match[1] ?? ''),
  )

/** Properties a detail names: in its context, as `in`, or as `name`. */
const namesIn = (detail: Loose): string[] => [
  ...(gatherContext([detail])['propertyName'] ?? []),
  text(detail['in']),
  text(detail['name']),
]

const codesOf = (detail: Loose): string[] => [
  text(detail['code']),
  text(detail['error']),
  text(detail['subCategory']),
]

/** Reads an error answer, or an entry of a batch answer's `errors`. Never throws: what is no envelope is an empty one. */
export function readError(body: unknown): ErrorBody {
  const envelope = isObject(body) ? body : {}
  const message = text(envelope['message'])
  const details = [...objects(envelope['errors']), ...embedded(message)]
  const context = gatherContext([envelope, ...details])
  const messages = [message, ...details.map((detail) => text(detail['message']))].filter((m) => m !== '')
  const codes = [
    ...details.flatMap((detail) => [
      text(detail['code']),
      text(detail['error']),
      text(detail['subCategory']),
    ]),
    text(envelope['subCategory']),
    text(envelope['category']),
    text(envelope['errorType']),
    text(envelope['error']),
    // OAuth answers carry a code where others say "error".
    text(envelope['status']) === 'error' ? '' : text(envelope['status']),
  ].filter((code) => code !== '')
  return {
    message,
    category: text(envelope['category']),
    policyName: text(envelope['policyName']),
    codes,
    fields: propertyNames([
      ...(context['propertyName'] ?? []),
      ...details.flatMap(namesIn),
      ...captured(NOT_THERE, messages),
      ...captured(TAKEN, messages),
    ]),
    unknownProperties: propertyNames([
      ...details.filter((detail) => codesOf(detail).includes(UNKNOWN_PROPERTY)).flatMap(namesIn),
      ...captured(NOT_THERE, messages),
    ]),
    scopes: [
      ...new Set([...(context['requiredGranularScopes'] ?? []), ...(context['requiredScopes'] ?? [])]),
    ],
    messages,
    context,
  }
}
