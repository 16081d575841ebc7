import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const numbered = (letter: string, ...numbers: number[]): string[] => numbers.map((n) => `${letter}${n}`)

/** The cases of the fault catalogue: inbound, outbound, crashes, store, clock, malice, tenants, data. */
const CATALOGUE = [
  ...numbered('A', 1, 2, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 17),
  ...numbered('B', 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20),
  ...numbered('C', 1, 2, 3, 4, 5, 6, 7, 10, 11),
  ...numbered('D', 1, 2, 3, 4, 6, 7),
  ...numbered('E', 1, 2, 3),
  ...numbered('F', 1, 2, 3, 4, 5),
  ...numbered('G', 1, 2, 3),
  ...numbered('K', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
]

const page = readFileSync(join(ROOT, 'docs/reliability.md'), 'utf8')
const rows = page
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, id]) => /^[A-GK]\d+$/.test(id ?? ''))
const remedies = page
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, name]) => /^remedy \d$/.test(name ?? ''))
/** Rows of the table of tests have one cell more than those of cases without a test. */
const tested = rows.filter((cells) => cells.length === 6)

describe('the page on reliability', () => {
  it('names every case of the catalogue once', () => {
    const order = (list: readonly (string | undefined)[]) => [...list].sort()
    expect(order(rows.map(([, id]) => id))).toEqual(order(CATALOGUE))
  })

  it.each(tested.map(([, id, , , files]) => [id ?? '', files ?? '']))(
    '%s is the beginning of a test’s title in each file named for it: %s',
    (id, files) => {
      const names = [...files.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string)
      expect(names).not.toEqual([])
      for (const name of names) {
        expect(existsSync(join(ROOT, name)), name).toBe(true)
        const text = readFileSync(join(ROOT, name), 'utf8')
        expect(text, name).toMatch(new RegExp(`(?:it|describe)[^'"\`]*\\(\\s*['"\`]${id}[ :]`))
      }
    },
  )

  it.each(remedies.map(([, remedy, , , files]) => [remedy ?? '', files ?? '']))(
    '%s is the beginning of a test’s title in each file named for it: %s',
    (remedy, files) => {
      const names = [...files.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string)
      expect(names).not.toEqual([])
      for (const name of names)
        expect(readFileSync(join(ROOT, name), 'utf8'), name).toMatch(new RegExp(`['"\`]${remedy}: `))
    },
  )

  it('has all six remedies of the built-in database', () => {
    expect(remedies.map(([, remedy]) => remedy)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `remedy ${n}`))
  })

  it('gives a reason for each case without a test', () => {
    const others = rows.filter((cells) => cells.length !== 6)
    expect(others.filter((cells) => cells.length !== 5 || (cells[3] ?? '').length < 20)).toEqual([])
  })
})
