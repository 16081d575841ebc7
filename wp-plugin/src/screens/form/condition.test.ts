import { describe, expect, it } from 'vitest'
import { Condition } from '@crosswalk/shared/mapping'
import { conditionOf, filterOf, nameOfPath, pathOfName } from './condition.ts'

const city = ['billing', 'city']
const total = ['totals', 'total']

describe('a filter', () => {
  it.each<Condition>([
    { all: [{ equals: { path: city, value: 'Utrecht' } }] },
    { any: [{ greater: { path: total, value: 10 } }, { not: { exists: ['lines', 0, 'sku'] } }] },
    { all: [{ in: { path: city, values: ['A', 'B'] } }, { not: { equals: { path: city, value: 'C' } } }] },
    { all: [{ less: { path: total, value: 1.5 } }, { contains: { path: city, text: 'den' } }, { exists: city }] },
  ])('is the same after it was shown in lines: %j', (condition) => {
    const filter = filterOf(Condition.parse(condition))
    expect(filter && conditionOf(filter)).toEqual(condition)
  }) // prettier-ignore

  it('is one line for a single test, and none for no condition', () => {
    expect(filterOf({ exists: city })?.lines).toEqual([{ field: 'billing.city', test: 'filled', value: '' }])
    expect(filterOf(null)?.lines).toEqual([])
    expect(conditionOf({ all: true, lines: [] })).toBeNull()
  })

  it('is not shown in lines where tests stand in tests', () => {
    expect(filterOf({ all: [{ any: [{ exists: city }] }] })).toBeNull()
    expect(filterOf({ not: { contains: { path: city, text: 'x' } } })).toBeNull()
  })

  it('compares numbers as numbers, and what only looks like one as text', () => {
    const part = (value: string) => conditionOf({ all: true, lines: [{ field: 'x', test: 'is', value }] })
    expect(part('10')).toEqual({ all: [{ equals: { path: ['x'], value: 10 } }] })
    expect(part('0123')).toEqual({ all: [{ equals: { path: ['x'], value: '0123' } }] })
  })
})

it('names of fields lead to their place and back', () => {
  for (const name of ['number', 'billing.city', 'lines[0].sku'])
    expect(nameOfPath(pathOfName(name))).toBe(name)
})
