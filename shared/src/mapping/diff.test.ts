import { describe, expect, it } from 'vitest'
import { diffMappings } from './diff.ts'
import { MappingDocument } from './rule.ts'

const number = { kind: 'field', path: ['number'] }
const document = (rules: unknown[], lists: unknown[] = [], part = 'document') =>
  MappingDocument.parse({ parts: { [part]: { rules, lists } } })
const rule = (target: string, more: object = {}) => ({ target, value: number, ...more })

describe('diffMappings', () => {
  it('finds none between equal mappings, however they are written or ordered', () => {
    const one = document([rule('a', { transforms: [{ use: 'text.pad', with: { length: 5, with: '0' } }] }), rule('b')])
    const other = document([rule('b'), rule('a', { transforms: [{ with: { with: '0', length: 5 }, use: 'text.pad' }] })])
    expect(diffMappings(one, other)).toEqual([])
  }) // prettier-ignore

  it('tells added, removed and changed rules with their places', () => {
    const [diff, ...rest] = diffMappings(
      document([rule('a'), rule('b'), rule('c', { note: 'why' })]),
      document([rule('c', { on: 'create' }), rule('b'), rule('d')]),
    )
    expect(rest).toEqual([])
    expect(diff).toMatchObject({
      part: 'document', list: null,
      added: [{ index: 2, rule: { target: 'd' } }],
      removed: [{ index: 0, rule: { target: 'a' } }],
      changed: [{ target: 'c', from: 2, to: 0, fields: ['on', 'note'], before: { on: 'both' }, after: { on: 'create' } }],
    }) // prettier-ignore
  })

  it('keeps several rules on one target apart', () => {
    const when = { exists: ['a'] }
    const [diff] = diffMappings(document([rule('a'), rule('a', { when })]), document([rule('a'), rule('a', { when: { exists: ['b'] } })])) // prettier-ignore
    expect(diff?.changed.map(({ from, to, fields }) => [from, to, fields])).toEqual([[1, 1, ['when']]])
  })

  it('tells whole parts and list fields', () => {
    const lists = (each: string, rules: unknown[]) => [{ target: 'rows', each: [each], rules }]
    const diffs = diffMappings(
      document([], lists('lines', [rule('x')])),
      document([], lists('fees', [rule('x', { value: { kind: 'constant', value: 1 } })])),
    )
    expect(diffs).toMatchObject([{ list: 'rows', listMoved: true, changed: [{ fields: ['value'] }] }])
    const parts = diffMappings(document([rule('a')]), document([rule('a')], [], 'line'))
    expect(parts.map((diff) => [diff.part, diff.added.length, diff.removed.length])).toEqual([['document', 0, 1], ['line', 1, 0]]) // prettier-ignore
  })
})
