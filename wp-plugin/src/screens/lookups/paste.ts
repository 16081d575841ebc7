import { fold, type Line } from './rows.ts'

/** A line of a pasted table that cannot be taken, and why. */
export interface NotUnderstood {
  line: number
  text: string
  why: 'columns' | 'empty' | 'unknown_answer' | 'twice' | 'too_long'
}

export interface Pasted {
  /** Value and answer, in the order of the table. */
  rows: { from: string; to: string }[]
  added: number
  changed: number
  same: number
  wrong: NotUnderstood[]
}

interface Answer {
  value: string
  label: string
}

/** Longest value and answer that a list takes. */
const LONGEST_VALUE = 200
const LONGEST_ANSWER = 2000

/** A spreadsheet quotes cells that hold line ends, tabs or quotes. */
function cellsOf(text: string): { line: number; cells: string[] }[] {
  const rows: { line: number; cells: string[] }[] = []
  let cells: string[] = []
  let cell = ''
  let line = 1
  let start = 1
  let isQuoted = false
  const separator = text.includes('\t') ? '\t' : text.includes(';') ? ';' : ','
  const endRow = (): void => {
    cells.push(cell)
    if (cells.some((one) => one.trim() !== '')) rows.push({ line: start, cells })
    cells = []
    cell = ''
  }
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string
    if (char === '\n') line += 1
    if (isQuoted) {
      if (char !== '"') cell += char
      else if (text[at + 1] === '"') cell += text[++at]
      else isQuoted = false
    } else if (char === '"' && cell === '') isQuoted = true
    else if (char === separator) {
      cells.push(cell)
      cell = ''
    } else if (char === '\n') {
      endRow()
      start = line
    } else if (char !== '\r') cell += char
  }
  endRow()
  return rows
}

/**
 * What a table copied from a spreadsheet would do to a list: two columns, value and answer. Answers may be written as
 * their codes or by their names.
 * @param answers what the target takes; null: anything
 */
export function readPasted(text: string, lines: readonly Line[], answers: readonly Answer[] | null): Pasted {
  const there = new Map(lines.map((line) => [fold(line.from), line.to]))
  const known = new Map<string, string>()
  for (const { value, label } of answers ?? []) known.set(fold(label), value)
  for (const { value } of answers ?? []) known.set(fold(value), value)
  const pasted: Pasted = { rows: [], added: 0, changed: 0, same: 0, wrong: [] }
  const seen = new Set<string>()
  for (const { line, cells } of cellsOf(text)) {
    const [from = '', to = '', ...more] = cells.map((cell) => cell.trim())
    const wrong = (why: NotUnderstood['why']): void =>
      void pasted.wrong.push({ line, text: cells.join(' · ').slice(0, 80), why })
    const answer = answers === null ? to : known.get(fold(to))
    if (cells.length < 2 || more.some((cell) => cell !== '')) wrong('columns')
    else if (from === '' || to === '') wrong('empty')
    else if (from.length > LONGEST_VALUE || to.length > LONGEST_ANSWER) wrong('too_long')
    else if (answer === undefined) wrong('unknown_answer')
    else if (seen.has(fold(from))) wrong('twice')
    else {
      seen.add(fold(from))
      const before = there.get(fold(from)) ?? ''
      if (before === answer) pasted.same += 1
      else if (before === '') pasted.added += 1
      else pasted.changed += 1
      pasted.rows.push({ from, to: answer })
    }
  }
  return pasted
}

/** The list with a pasted table in it: known values get the new answer, new ones come at the end. */
export function withPasted(lines: readonly Line[], { rows }: Pasted): Line[] {
  const given = new Map(rows.map((row) => [fold(row.from), row]))
  const next = lines.map((line) => {
    const row = given.get(fold(line.from))
    if (row === undefined) return line
    given.delete(fold(line.from))
    return { ...line, to: row.to }
  })
  let id = Math.max(-1, ...lines.map((line) => line.id)) + 1
  const added = [...given.values()].map((row): Line => ({ ...row, id: id++, saved: null, waiting: 0, examples: [] })) // prettier-ignore
  return [...next, ...added]
}

/** The list as a spreadsheet takes it: two columns. What a cell must not begin with for a spreadsheet gets a quote. */
export function asTable(lines: readonly Line[]): string {
  const cell = (text: string): string => {
    const safe = /^[=+@\t]/.test(text) || (/^-/.test(text) && !/^-?[\d.,]+$/.test(text)) ? `'${text}` : text
    return /["\t\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
  }
  return lines.filter(({ to }) => to !== '').map(({ from, to }) => `${cell(from)}\t${cell(to)}`).join('\n') // prettier-ignore
}
