/**
 * How PostgreSQL's text values become JavaScript values, the same for the embedded store and a server, so that
 * no caller can tell them apart.
 */

const OID = {
  bytea: 17,
  int8: 20,
  json: 114,
  date: 1082,
  timestamp: 1114,
  timestamptz: 1184,
  numeric: 1700,
  jsonb: 3802,
}

function parseInstant(text: string): Date {
  const iso = text.replace(' ', 'T')
  return new Date(/[+-]\d\d$/.test(iso) ? `${iso}:00` : iso)
}

/** int8 → number (throws beyond 2^53), numeric and date → text, timestamps → Date, json → value, bytea → Buffer. */
export const valueParsers: Record<number, (text: string) => unknown> = {
  [OID.int8]: (text) => {
    const value = Number(text)
    if (!Number.isSafeInteger(value)) throw new RangeError(`${text} does not fit a number`)
    return value
  },
  [OID.numeric]: (text) => text,
  [OID.date]: (text) => text,
  [OID.timestamp]: (text) => parseInstant(`${text}+00`),
  [OID.timestamptz]: parseInstant,
  [OID.json]: (text) => JSON.parse(text) as unknown,
  [OID.jsonb]: (text) => JSON.parse(text) as unknown,
  [OID.bytea]: (text) => Buffer.from(text.slice(2), 'hex'),
}
