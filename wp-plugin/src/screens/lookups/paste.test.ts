import { describe, expect, it } from 'vitest'
import { asTable, readPasted, withPasted } from './paste.ts'
import type { Line } from './rows.ts'

const line = (id: number, from: string, to: string): Line => ({ id, from, to, saved: to === '' ? null : { from, to }, waiting: 0, examples: [] }) // prettier-ignore
const LINES = [line(0, '21', '05'), line(1, '9', '06'), line(2, '25', '')]
const ANSWERS = [
  { value: '05', label: 'Sales high' },
  { value: '06', label: 'Sales low' },
  { value: '09', label: 'Reverse charge' },
]

describe('a table copied from a spreadsheet', () => {
  it('is told line by line before it is taken', () => {
    const text = '21\tSales high\r\n9\t05\n 25 \tREVERSE CHARGE\n0\t09\n\nonly one\n7\t77\n8\t\n21\t06\n'
    const pasted = readPasted(text, LINES, ANSWERS)
    expect(pasted).toMatchObject({ same: 1, changed: 1, added: 2 })
    expect(pasted.wrong.map(({ line: at, why }) => [at, why])).toEqual([[6, 'columns'], [7, 'unknown_answer'], [8, 'empty'], [9, 'twice']]) // prettier-ignore
    expect(withPasted(LINES, pasted).map(({ from, to }) => [from, to])).toEqual([['21', '05'], ['9', '05'], ['25', '09'], ['0', '09']]) // prettier-ignore
  })

  it('may have cells with line ends and quotes, and other columns marks', () => {
    expect(readPasted('"a\tb"\t"say ""x""\nagain"\n', [], null).rows).toEqual([{ from: 'a\tb', to: 'say "x"\nagain' }]) // prettier-ignore
    expect(readPasted('21;05\n9;06', [], null).rows).toHaveLength(2)
  })

  it('takes any answer where the other system tells no list', () => {
    expect(readPasted('21\tanything', LINES, null)).toMatchObject({ changed: 1, wrong: [] })
  })

  it('goes out as it came in, and starts no formula in a spreadsheet', () => {
    const lines = [line(0, 'a', 'x "y"'), line(1, '=1+1', '-5'), line(2, '', 'empty'), line(3, 'left', '')]
    const table = asTable(lines)
    expect(table).toBe('a\t"x ""y"""\n\'=1+1\t-5\n\tempty')
    expect(readPasted('a\t"x ""y"""', lines, null)).toMatchObject({ same: 1, wrong: [] })
  })
})
