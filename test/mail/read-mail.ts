/** A mail of text and HTML as a program for mail would show it. */
export interface Mail {
  /** Decoded values by name in lower case, in their order. */
  headers: [name: string, value: string][]
  header: (name: string) => string | undefined
  text: string
  html: string
  raw: string
}

/**
 * Reads a mail with a text and an HTML part. Strict: a line that ends without CR LF, is longer than 998 characters or not
 * in ASCII (RFC 5322 2.1), or a header that stands twice, is an error.
 */
export function readMail(bytes: Buffer): Mail {
  const raw = bytes.toString('latin1')
  if (/\r(?!\n)|(?<!\r)\n/.test(raw)) throw new Error('a line does not end in CR LF')
  if (raw.split('\r\n').some((line) => line.length > 998)) throw new Error('a line is too long')
  if (/[^\x20-\x7e\r\n\t]/.test(raw)) throw new Error('not in ASCII')
  const top = entityOf(raw)
  const names = top.headers.map(([name]) => name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new Error(`the header ${twice} stands twice`)
  const boundary = /boundary="?([^";]+)"?/.exec(valueOf(top, 'content-type') ?? '')?.[1]
  if (boundary === undefined) throw new Error('it has no parts')
  const parts = top.body.split(`--${boundary}`).slice(1, -1).map((part) => entityOf(part.replace(/^\r\n|\r\n$/g, ''))) // prettier-ignore
  const partOf = (type: string): string => {
    const found = parts.filter((part) => valueOf(part, 'content-type')?.startsWith(type))
    if (found.length !== 1) throw new Error(`it has ${found.length} parts of ${type}`)
    return contentOf(found[0] as Entity)
  }
  return {
    headers: top.headers,
    header: (name) => valueOf(top, name),
    text: partOf('text/plain'),
    html: partOf('text/html'),
    raw,
  }
}

interface Entity {
  headers: [string, string][]
  body: string
}

const valueOf = (entity: Entity, name: string): string | undefined =>
  entity.headers.find(([known]) => known === name.toLowerCase())?.[1]

function entityOf(raw: string): Entity {
  const end = raw.indexOf('\r\n\r\n')
  const lines = raw.slice(0, end).replace(/\r\n(?=[ \t])/g, '').split('\r\n') // prettier-ignore
  const headers = lines.map((line): [string, string] => {
    const found = /^([!-9;-~]+):\s*(.*)$/.exec(line)
    if (found === null) throw new Error(`not a header: ${line}`)
    return [(found[1] as string).toLowerCase(), decodeWords(found[2] as string)]
  })
  return { headers, body: raw.slice(end + 4) }
}

/** RFC 2047. */
const decodeWords = (value: string): string =>
  value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, how: string, text: string) =>
      (how.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64')
        : unquoted(text.replaceAll('_', ' '))
      ).toString(),
    )

function contentOf(part: Entity): string {
  const encoding = valueOf(part, 'content-transfer-encoding') ?? '7bit'
  if (encoding === 'base64') return Buffer.from(part.body, 'base64').toString()
  if (encoding === 'quoted-printable') return unquoted(part.body.replace(/=\r\n/g, '')).toString()
  return part.body
}

const unquoted = (text: string): Buffer =>
  Buffer.from(text.replace(/=([0-9A-F]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16))), 'latin1') // prettier-ignore
