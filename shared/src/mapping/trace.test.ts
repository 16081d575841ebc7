import { describe, expect, it } from 'vitest'
import { compilePart, applyPart } from './apply.ts'
import { readyLookups } from './lookup.ts'
import { PartMapping } from './rule.ts'
import { tracedMapping, unpackTrace, writtenValues } from './trace.ts'

const options = { lookups: readyLookups([]), on: 'create' } as const
const part = PartMapping.parse({
  rules: [
    { target: 'name', value: { kind: 'field', path: ['name'] }, transforms: [{ use: 'text.trim' }, { use: 'text.suffix', with: { text: '!' } }] },
    { target: 'none', value: { kind: 'field', path: ['no'] }, transforms: [{ use: 'text.trim' }, { use: 'text.default', with: { value: 'x' } }] },
    { target: 'gone', value: { kind: 'field', path: ['no'] }, onEmpty: 'clear' },
    { target: 'late', value: { kind: 'constant', value: 1 }, on: 'update' },
    { target: 'bad', value: { kind: 'field', path: ['lines'] } },
  ],
  lists: [{ target: 'rows', each: ['lines'], rules: [{ target: 'sku', value: { kind: 'field', path: ['item', 'sku'] } }] }],
}) // prettier-ignore
const scope = { name: ' Tea ', lines: [{ sku: 'A' }, { sku: 'B' }] }

describe('a packed trace', () => {
  it('comes back in words after it was stored, also with the bare mapping kept beside it', () => {
    const packed = JSON.parse(JSON.stringify(compilePart(part)(scope, options).trace)) as unknown[][]
    const bare = tracedMapping({ document: part })['document']
    const words = unpackTrace(bare as never, packed)
    expect(words).toEqual(unpackTrace(part, packed))
    expect(unpackTrace(part, compilePart(part)(scope, options).trace)).toEqual(applyPart(part, scope, options).trace)
    expect(words.map(({ target, outcome }) => `${target} ${outcome}`)).toEqual([
      'name written', 'none written', 'gone cleared', 'late skipped_update', 'bad failed', 'sku written', 'sku written',
    ])
    expect(words[0]).toEqual({ index: 0, target: 'name', input: ' Tea ', outcome: 'written', steps: [{ use: 'text.trim', value: 'Tea' }, { use: 'text.suffix', value: 'Tea!' }] })
    expect(words[1]?.steps).toEqual([{ use: 'text.default', value: 'x' }])
    expect(words[4]?.problem).toMatch(/cannot be written/)
    expect(words[6]).toMatchObject({ list: { target: 'rows', item: 1 }, input: 'B' })
  }) // prettier-ignore

  it('tells what was written outside of lists', () => {
    const { trace } = compilePart(part)(scope, options)
    expect(writtenValues(part, trace)).toEqual({ name: 'Tea!', none: 'x', gone: null })
  })
})
