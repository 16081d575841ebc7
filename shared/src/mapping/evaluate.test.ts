import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { sampleOrder } from '../flows/sample-order.ts'
import { Condition } from './condition.ts'
import { holds } from './evaluate.ts'
import { describeCondition, whyNot } from './explain.ts'

const record = {
  total: '100.00', count: 3, sku: '007', name: 'Coffee', empty: '', none: null, list: ['red', 'blue'], nothing: [], paid: true,
  createdAt: '2026-05-01T22:30:00Z', zero: 0, no: false,
} // prettier-ignore

describe('holds', () => {
  const rows: [Condition, boolean][] = [
    [{ exists: ['total'] }, true],
    [{ exists: ['empty'] }, false],
    [{ exists: ['nothing'] }, false],
    [{ exists: ['zero'] }, true],
    [{ exists: ['no'] }, true],
    [{ exists: ['toString'] }, false],
    [{ equals: { path: ['name'], value: 'Coffee' } }, true],
    [{ equals: { path: ['name'], value: 'coffee' } }, false],
    [{ equals: { path: ['sku'], value: '7' } }, false],
    [{ equals: { path: ['total'], value: 100 } }, true],
    [{ equals: { path: ['count'], value: '3' } }, true],
    [{ equals: { path: ['paid'], value: true } }, true],
    [{ equals: { path: ['paid'], value: 'true' } }, true],
    [{ equals: { path: ['missing'], value: null } }, true],
    [{ equals: { path: ['empty'], value: '' } }, true],
    [{ equals: { path: ['no'], value: null } }, false],
    [{ equals: { path: ['list'], value: 'blue' } }, true],
    [{ in: { path: ['name'], values: ['Tea', 'Coffee'] } }, true],
    [{ in: { path: ['name'], values: [] } }, false],
    [{ greater: { path: ['total'], value: '99.99' } }, true],
    [{ greater: { path: ['total'], value: 100 } }, false],
    [{ greater: { path: ['total'], value: '9' } }, true],
    [{ less: { path: ['count'], value: 10 } }, true],
    [{ less: { path: ['missing'], value: 10 } }, false],
    [{ less: { path: ['name'], value: 10 } }, false],
    [{ greater: { path: ['createdAt'], value: '2026-05-01' } }, true],
    [{ less: { path: ['createdAt'], value: '2026-05-01' } }, false],
    [{ contains: { path: ['name'], text: 'FEE' } }, true],
    [{ contains: { path: ['list'], text: 're' } }, true],
    [{ contains: { path: ['missing'], text: 'x' } }, false],
    [{ all: [{ exists: ['name'] }, { not: { exists: ['empty'] } }] }, true],
    [{ any: [{ exists: ['empty'] }, { equals: { path: ['zero'], value: 0 } }] }, true],
    [{ all: [{ exists: ['name'] }, { exists: ['empty'] }] }, false],
  ]
  it.each(rows)('%j is %s', (condition, expected) => {
    expect(Condition.parse(condition)).toEqual(condition)
    expect(holds(condition, record)).toBe(expected)
    expect(whyNot(condition, record) === null).toBe(expected)
  })

  it('never throws, and `not` is always the other answer', () => {
    const paths = fc.array(fc.oneof(fc.constantFrom('a', 'b', 'length'), fc.nat(3)), { minLength: 1, maxLength: 3 })
    const leaves: fc.Arbitrary<Condition> = fc.oneof(
      paths.map((path) => ({ exists: path })),
      fc.record({ path: paths, value: fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null)) }).map((equals) => ({ equals })),
      fc.record({ path: paths, value: fc.oneof(fc.string(), fc.double()) }).map((greater) => ({ greater })),
      fc.record({ path: paths, text: fc.string({ minLength: 1 }) }).map((contains) => ({ contains })),
    )
    const data = fc.dictionary(fc.constantFrom('a', 'b'), fc.anything())
    fc.assert(
      fc.property(leaves, data, (condition, scope) => {
        expect(holds({ not: condition }, scope)).toBe(!holds(condition, scope))
        expect(typeof whyNot(condition, scope)).toMatch(/string|object/)
      }),
    )
  }) // prettier-ignore
})

describe('Condition', () => {
  const nested = (depth: number): unknown => (depth === 0 ? { exists: ['a'] } : { not: nested(depth - 1) })
  it('takes eight levels and refuses more, however many', () => {
    expect(Condition.safeParse(nested(7)).success).toBe(true)
    expect(Condition.safeParse(nested(8)).error?.issues[0]?.message).toContain('at most 8 deep')
    let far: unknown = { exists: ['a'] }
    for (let i = 0; i < 100_000; i++) far = { all: [far] }
    expect(Condition.safeParse(far).success).toBe(false)
  })
  it.each([
    { equals: { path: ['__proto__', 'x'], value: 1 } },
    { exists: [] },
    { exists: 'a' },
    { run: 'code' },
    { exists: ['a'], any: [] },
    { all: [] },
    null,
  ])('refuses %j', (input) => {
    expect(Condition.safeParse(input).success).toBe(false)
  })
  it('has a JSON schema in which it refers to itself', () => {
    for (const io of ['input', 'output'] as const) {
      expect(JSON.stringify(z.toJSONSchema(Condition, { io }))).toContain('$ref')
    }
  })
})

describe('whyNot', () => {
  const order = sampleOrder()
  it('names the test that failed and the value it met', () => {
    const condition: Condition = {
      all: [{ exists: ['number'] }, { equals: { path: ['payment', 'status'], value: 'unpaid' } }],
    }
    expect(whyNot(condition, order)).toBe('payment.status is "paid"; wanted: payment.status is "unpaid"')
    expect(whyNot({ greater: { path: ['totals', 'total'], value: 50 } }, order)).toBe('totals.total is "30.25"; wanted: totals.total is more than 50') // prettier-ignore
    expect(whyNot({ not: { equals: { path: ['currency'], value: 'EUR' } } }, order)).toBe('currency is "EUR"; wanted: not (currency is "EUR")') // prettier-ignore
    expect(whyNot({ exists: ['customerNote'] }, order)).toBe('customerNote is empty; wanted: customerNote has a value') // prettier-ignore
    expect(whyNot({ any: [{ exists: ['customerNote'] }, { exists: ['channels'] }] }, order)).toContain(' or ')
  })
  it('describes conditions inside each other', () => {
    const condition: Condition = {
      all: [{ any: [{ exists: ['a'] }, { in: { path: ['b', 0], values: ['x', null, 1, 2, 3, 4, 5] } }] }, { less: { path: ['c'], value: 'm' } }, { contains: { path: ['d'], text: 't' } }],
    } // prettier-ignore
    expect(describeCondition(condition)).toBe('(a has a value or b[0] is one of "x", empty, 1, 2, 3 and 2 more) and c is less than "m" and d contains "t"') // prettier-ignore
  })
})
