const NAMED: Readonly<Record<string, string>> = {
  amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', euro: '€', pound: '£', copy: '©', reg: '®', trade: '™',
  hellip: '…', ndash: '–', mdash: '—', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', bull: '•', middot: '·',
  times: '×', deg: '°', frac12: '½', shy: '', laquo: '«', raquo: '»', eacute: 'é', egrave: 'è', euml: 'ë', iuml: 'ï',
  ouml: 'ö', uuml: 'ü', auml: 'ä', aring: 'å', oslash: 'ø', ccedil: 'ç', agrave: 'à', szlig: 'ß', ntilde: 'ñ',
} // prettier-ignore

const ENTITY = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z][a-zA-Z\d]{1,7}));/g

function decodeEntities(text: string): string {
  return text.replace(ENTITY, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return Object.hasOwn(NAMED, name) ? (NAMED[name] as string) : whole
    const code = decimal === undefined ? Number.parseInt(hex as string, 16) : Number.parseInt(decimal, 10)
    const isCharacter = code > 31 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
    return isCharacter || code === 9 || code === 10 ? String.fromCodePoint(code) : ''
  })
}

const TAG_NAME = /\/?([a-zA-Z][a-zA-Z\d]{0,20})/y
const BREAKS = new Set([
  'p', 'br', 'div', 'li', 'ul', 'ol', 'tr', 'table', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'section', 'blockquote',
]) // prettier-ignore
const HIDDEN = new Set(['script', 'style', 'template', 'head'])

/**
 * The readable text of HTML: no tags, comments, scripts or styles; entities as characters; blocks on lines of their
 * own. It is for showing and searching, not a sanitiser: its output is text and must be escaped where HTML is made.
 * Time is linear in the length. A "<" that opens no tag stays.
 */
export function htmlToText(html: string): string {
  const pieces: string[] = []
  const lower = html.toLowerCase()
  let at = 0
  // Once no ">" (or no "-->") follows, none will: looking again from every "<" would take quadratic time.
  let noEnd = false
  while (at < html.length) {
    const open = html.indexOf('<', at)
    if (open === -1 || noEnd) break
    pieces.push(html.slice(at, open))
    const tag = readTag(html, lower, open)
    if (tag === 'endless') noEnd = true
    if (tag === 'endless' || tag === null) {
      pieces.push('<')
      at = open + 1
      continue
    }
    if (tag.breaks) pieces.push('\n')
    at = tag.end
  }
  pieces.push(html.slice(at))
  return decodeEntities(pieces.join(''))
    .replace(/[ \t\r\f\v\u00a0]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** The tag that begins at `open`, null where none does, `endless` where its end is missing. */
function readTag(
  html: string,
  lower: string,
  open: number,
): { end: number; breaks: boolean } | null | 'endless' {
  if (html.startsWith('<!--', open)) {
    const end = html.indexOf('-->', open + 4)
    return { end: end === -1 ? html.length : end + 3, breaks: false }
  }
  TAG_NAME.lastIndex = open + 1
  const name = TAG_NAME.exec(html)?.[1]?.toLowerCase()
  if (name === undefined && html[open + 1] !== '!' && html[open + 1] !== '?') return null
  const end = html.indexOf('>', open)
  if (end === -1) return 'endless'
  if (name !== undefined && HIDDEN.has(name) && html[open + 1] !== '/') {
    const close =
      lower.length === html.length ? lower.indexOf(`</${name}`, end) : html.indexOf(`</${name}`, end)
    const closeEnd = close === -1 ? -1 : html.indexOf('>', close)
    return { end: closeEnd === -1 ? html.length : closeEnd + 1, breaks: false }
  }
  return { end: end + 1, breaks: name !== undefined && BREAKS.has(name) }
}
