import { describe, expect, it } from 'vitest'
import { addFindings, describeSums, type Finding } from './reconcile-sums.ts'

const finding = (changes: Partial<Finding> = {}): Finding => ({
  externalId: '1',
  day: '2026-05-01',
  currency: 'EUR',
  source: '0.10',
  inTarget: true,
  target: '0.10',
  verdict: 'level',
  ...changes,
})

describe('the sums of a comparison', () => {
  it('add up per day and currency, to the cent', () => {
    const page = Array.from({ length: 3 }, () => finding())
    const sums = addFindings(addFindings({}, page), [
      finding({ currency: 'USD', source: '5', target: '5' }),
      finding({ day: '2026-05-02' }),
      finding({ verdict: 'missing', inTarget: false, target: null }),
    ])
    expect(Object.values(sums)).toMatchObject([
      { day: '2026-05-01', currency: 'EUR', source_count: 4, source_sum: '0.4', target_count: 3, target_sum: '0.3', missing: 1 },
      { day: '2026-05-01', currency: 'USD', source_count: 1, target_sum: '5' },
      { day: '2026-05-02', currency: 'EUR', source_count: 1 },
    ]) // prettier-ignore
    expect(JSON.parse(JSON.stringify(sums))).toEqual(sums)
  })

  it('keep twenty examples of each kind and leave what was given as it is', () => {
    const many = Array.from({ length: 25 }, (_, i) => finding({ externalId: `d${i}`, verdict: 'differing', target: '9' })) // prettier-ignore
    const first = addFindings({}, many)
    const second = addFindings(first, [finding({ externalId: 'm', verdict: 'missing' }), finding({ verdict: 'failed' })]) // prettier-ignore
    expect(first['2026-05-01 EUR']?.examples).toHaveLength(20)
    expect(second['2026-05-01 EUR']).toMatchObject({ differing: 25, missing: 1, failed: 1 })
    expect(second['2026-05-01 EUR']?.examples.map((example) => example.what)).toEqual([
      ...Array.from({ length: 20 }, () => 'differing'),
      'missing',
      'failed',
    ])
    expect(first['2026-05-01 EUR']?.missing).toBe(0)
  })

  it('are told in one sentence', () => {
    expect(describeSums({})).toBe('Both sides agree.')
    const sums = addFindings({}, [finding({ verdict: 'missing' }), finding({ verdict: 'differing' })])
    expect(describeSums(sums)).toBe('1 missing in the target, sent again; 1 with another amount, left alone.')
  })
})
