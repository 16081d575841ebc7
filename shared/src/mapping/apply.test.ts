import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sampleOrder } from '../flows/sample-order.ts'
import { applyPart, compilePart } from './apply.ts'
import { readyLookups } from './lookup.ts'
import { FieldRule, ListRule, PartMapping } from './rule.ts'
import { OUTCOMES } from './trace.ts'
import { TRANSFORMS } from './transforms/index.ts'

const lookups = readyLookups([
  { name: 'stages', entries: [{ from: 'processing', to: 'won' }], fallback: null },
])
const scope = { ...sampleOrder(), flow: { pipeline: 'default', origin: 'woocommerce:shop.example.com' } }
const create = { lookups, on: 'create' } as const

type RuleInput = Omit<Partial<FieldRule>, 'transforms'> &
  Pick<FieldRule, 'target' | 'value'> & { transforms?: unknown }
const part = (rules: RuleInput[], lists: unknown[] = []): PartMapping => PartMapping.parse({ rules, lists })
const field = (...path: (string | number)[]) => ({ kind: 'field' as const, path })
const fixed = (value: string | number | boolean | null) => ({ kind: 'constant' as const, value })

describe('applyPart', () => {
  it('writes fields, constants, templates and first values, with the way of each', () => {
    const mapping = part([
      { target: 'amount', value: field('totals', 'total'), transforms: [{ use: 'number.round', with: { digits: 1 } }, { use: 'text.suffix', with: { text: '!' } }] },
      { target: 'stage', value: field('status', 'source'), transforms: [{ use: 'lookup.table', with: { table: 'stages' } }] },
      { target: 'name', value: { kind: 'template', parts: ['Order ', { path: ['number'] }] } },
      { target: 'owner', value: { kind: 'first_of', paths: [['billing', 'company'], ['billing', 'lastName']] } },
      { target: 'pipeline', value: field('flow', 'pipeline') },
      { target: 'gift', value: field('native', 'meta', 'gift') },
      { target: 'line', value: field('lines', 0, 'sku') },
      { target: 'zero', value: fixed(0) },
      { target: 'no', value: fixed(false) },
    ]) // prettier-ignore
    const { draft, trace, failure } = applyPart(mapping, scope, create)
    expect(failure).toBeNull()
    expect(draft).toEqual({
      amount: '30.3!', stage: 'won', name: 'Order 1001', owner: 'Jansen', pipeline: 'default', gift: 'yes', line: 'COF-250', zero: 0, no: false,
    }) // prettier-ignore
    expect(trace[0]).toEqual({
      index: 0, target: 'amount', input: '30.25', outcome: 'written',
      steps: [{ use: 'number.round', value: '30.3' }, { use: 'text.suffix', value: '30.3!' }],
    }) // prettier-ignore
  })

  it('gives the draft of an update along with that of a create, as a run of its own would', () => {
    const rules = [
      { target: 'made', value: field('number'), on: 'create' as const },
      { target: 'changed', value: field('number'), on: 'update' as const },
      { target: 'both', value: field('number') },
      { target: 'empty', value: field('nothing'), onEmpty: 'clear' as const },
    ]
    const mapping = part(rules, [{ target: 'rows', each: ['lines'], rules: [{ target: 'sku', value: field('item', 'sku') }, { target: 'new', value: fixed(1), on: 'create' }] }]) // prettier-ignore
    const both = applyPart(mapping, scope, { ...create, withUpdate: true })
    const alone = applyPart(mapping, scope, create)
    expect(alone.updateDraft).toBeNull()
    expect(both.draft).toEqual(alone.draft)
    expect(both.trace.map((rule) => rule.outcome)).toEqual(alone.trace.map((rule) => rule.outcome))
    expect(both.updateDraft).toEqual(applyPart(mapping, scope, { lookups, on: 'update' }).draft)
    expect(Object.keys(both.draft)).toEqual(['made', 'both', 'empty', 'rows'])
    expect(Object.keys(both.updateDraft ?? {})).toEqual(['changed', 'both', 'empty', 'rows'])
    const failing = part([{ target: 'x', value: field('none'), onEmpty: 'fail' }])
    expect(applyPart(failing, scope, { ...create, withUpdate: true })).toMatchObject({ draft: {}, updateDraft: {} }) // prettier-ignore
  })

  it('leaves empty values out, clears them or fails, as the rule says', () => {
    for (const value of ['', null, undefined, []]) {
      const mapping = (onEmpty: FieldRule['onEmpty']) =>
        part([{ target: 'x', value: field('value'), onEmpty }])
      expect(applyPart(mapping('omit'), { value }, create)).toMatchObject({ draft: {}, trace: [{ outcome: 'left_out' }] }) // prettier-ignore
      expect(applyPart(mapping('clear'), { value }, create)).toMatchObject({ draft: { x: null }, trace: [{ outcome: 'cleared' }] }) // prettier-ignore
      expect(applyPart(mapping('fail'), { value }, create).failure).toMatchObject({ index: 0, target: 'x', problem: 'There is no value for "x".' }) // prettier-ignore
    }
    for (const value of [false, 0]) {
      expect(applyPart(part([{ target: 'x', value: field('value'), onEmpty: 'fail' }]), { value }, create).draft).toEqual({ x: value }) // prettier-ignore
    }
  })

  it('passes empty values by transforms that have no answer for them', () => {
    const upper = part([{ target: 'x', value: field('value'), transforms: [{ use: 'number.round' }, { use: 'text.default', with: { value: 'none' } }] }]) // prettier-ignore
    expect(applyPart(upper, { value: '' }, create)).toMatchObject({ draft: { x: 'none' }, trace: [{ steps: [{ use: 'text.default', value: 'none' }] }] }) // prettier-ignore
  })

  it('keeps rules for creates and updates apart', () => {
    const mapping = part([
      { target: 'a', value: fixed(1), on: 'create' },
      { target: 'b', value: fixed(2), on: 'update' },
      { target: 'c', value: fixed(3) },
    ])
    expect(applyPart(mapping, {}, create).draft).toEqual({ a: 1, c: 3 })
    const update = applyPart(mapping, {}, { lookups, on: 'update' })
    expect(update.draft).toEqual({ b: 2, c: 3 })
    expect(update.trace[0]).toMatchObject({ outcome: 'skipped_update', input: undefined, steps: [] })
  })

  it('skips a rule whose condition does not hold; the last rule on a target wins', () => {
    const mapping = part([
      { target: 'a', value: fixed('other') },
      { target: 'a', value: fixed('euro'), when: { equals: { path: ['currency'], value: 'EUR' } } },
      { target: 'a', value: fixed('dollar'), when: { equals: { path: ['currency'], value: 'USD' } } },
    ])
    const { draft, trace } = applyPart(mapping, scope, create)
    expect(draft).toEqual({ a: 'euro' })
    expect(trace.map((rule) => rule.outcome)).toEqual(['written', 'written', 'skipped_condition'])
  })

  it('fails whole: nothing of the draft is left, and the rule and value are named', () => {
    const mapping = part([
      { target: 'a', value: fixed('fine') },
      { target: 'b', value: field('payment', 'methodName'), transforms: [{ use: 'text.trim' }, { use: 'lookup.table', with: { table: 'stages' } }] },
      { target: 'c', value: fixed('fine'), transforms: [{ use: 'number.round' }] },
    ]) // prettier-ignore
    const { draft, trace, failure } = applyPart(mapping, scope, create)
    expect(draft).toEqual({})
    expect(failure).toEqual({
      index: 1, target: 'b', use: 'lookup.table', value: 'iDEAL',
      problem: '"iDEAL" is not in the lookup table "stages".',
    }) // prettier-ignore
    expect(trace.map((rule) => rule.outcome)).toEqual(['written', 'failed', 'failed'])
    expect(trace[1]).toMatchObject({ steps: [{ use: 'text.trim' }], problem: failure?.problem })
    const bulk = applyPart(mapping, scope, { ...create, trace: false })
    expect(bulk).toEqual({ draft: {}, updateDraft: null, trace: [], failure })
  })

  it('tells what can never work as the failure of its rule', () => {
    const unknown = applyPart(part([{ target: 'a', value: fixed(1), transforms: [{ use: 'no.such' }] }]), {}, create)
    expect(unknown.failure).toMatchObject({ index: 0, use: 'no.such', problem: 'There is no step named "no.such".' })
    const bad = applyPart(part([{ target: 'a', value: fixed(1), transforms: [{ use: 'text.truncate' }] }]), {}, create)
    expect(bad.failure).toMatchObject({ use: 'text.truncate', problem: 'The settings of the step "text.truncate" are not right.' })
    const unsafe = applyPart({ rules: [{ ...FieldRule.parse({ target: 'a', value: fixed(1) }), target: '__proto__' }], lists: [] }, {}, create)
    expect(unsafe.failure?.problem).toBe('"__proto__" cannot be the name of a field.')
  }) // prettier-ignore

  it('refuses to write objects', () => {
    expect(applyPart(part([{ target: 'a', value: field('billing') }]), scope, create).failure?.problem).toBe('an object cannot be written; choose a field inside it.') // prettier-ignore
    expect(applyPart(part([{ target: 'a', value: field('lines') }]), scope, create).failure).not.toBeNull()
    expect(applyPart(part([{ target: 'a', value: field('tags') }]), { tags: ['x', 'y'] }, create).draft).toEqual({ a: ['x', 'y'] }) // prettier-ignore
    const template = part([{ target: 'a', value: { kind: 'template', parts: [{ path: ['billing'] }] } }])
    expect(applyPart(template, scope, create).failure?.problem).toBe('billing is an object, not text.')
  })

  it('makes a template of empty fields empty, and keeps one that is only text', () => {
    const parts = ['Hello ', { path: ['a'] }, ' ', { path: ['b'] }]
    const template = part([{ target: 't', value: { kind: 'template', parts } }])
    expect(applyPart(template, {}, create).draft).toEqual({})
    expect(applyPart(template, { b: 'B' }, create).draft).toEqual({ t: 'Hello  B' })
    expect(applyPart(part([{ target: 't', value: { kind: 'template', parts: ['fixed'] } }]), {}, create).draft).toEqual({ t: 'fixed' }) // prettier-ignore
  })
})

describe('list fields', () => {
  const rows = (each: (string | number)[]) =>
    part([{ target: 'number', value: field('number') }], [
      { target: 'rows', each, rules: [
        { target: 'sku', value: field('item', 'sku'), onEmpty: 'clear' },
        { target: 'order', value: field('number') },
        { target: 'amount', value: field('item', 'net'), transforms: [{ use: 'number.round' }] },
      ] },
    ]) // prettier-ignore

  it('make one row per element, which reads the element and the record', () => {
    const { draft, trace } = applyPart(rows(['lines']), scope, create)
    expect(draft).toEqual({ number: '1001', rows: [{ sku: 'COF-250', order: '1001', amount: '20.00' }] })
    expect(trace.at(-1)).toMatchObject({ index: 2, list: { target: 'rows', item: 0 }, target: 'amount' })
    expect(applyPart(rows(['fees']), scope, create).draft).toEqual({ number: '1001', rows: [] })
    expect(applyPart(rows(['native', 'none']), scope, create).draft).toEqual({ number: '1001' })
  })

  it('fail the part with the element in which a rule failed', () => {
    const lines = [...scope.lines, { ...scope.lines[0], net: 'free' }]
    const { draft, failure } = applyPart(rows(['lines']), { ...scope, lines }, create)
    expect(draft).toEqual({})
    expect(failure).toMatchObject({ index: 2, list: { target: 'rows', item: 1 }, value: 'free' })
    expect(applyPart(rows(['number']), scope, create).failure?.problem).toBe('"1001" is not a list.')
  })
})

describe('compiled parts', () => {
  const uses = fc.constantFrom(...TRANSFORMS.map((transform) => transform.id))
  const paths = fc.array(fc.constantFrom('a', 'b', 'item', 0, 1), { minLength: 1, maxLength: 3 })
  const withs = fc.dictionary(fc.constantFrom('max', 'digits', 'by', 'table', 'value', 'text', 'zone'), fc.oneof(fc.string(), fc.nat(20), fc.constant('UTC'))) // prettier-ignore
  const rules = fc.record({
    target: fc.constantFrom('x', 'y', '__proto__', 'constructor'),
    value: fc.oneof(
      paths.map((path) => ({ kind: 'field' as const, path })),
      fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null)).map((value) => ({ kind: 'constant' as const, value })),
      fc.array(fc.oneof(fc.string(), paths.map((path) => ({ path }))), { minLength: 1, maxLength: 3 }).map((parts) => ({ kind: 'template' as const, parts })),
    ),
    transforms: fc.array(fc.record({ use: uses, with: withs }), { maxLength: 3 }),
    on: fc.constantFrom('create' as const, 'update' as const, 'both' as const),
    onEmpty: fc.constantFrom('omit' as const, 'clear' as const, 'fail' as const),
  }) // prettier-ignore
  const values = fc.oneof(fc.string({ unit: 'grapheme' }), fc.double(), fc.constant('12.50'), fc.constant('2026-05-01T10:00:00Z'), fc.anything()) // prettier-ignore
  const scopes = fc.dictionary(
    fc.constantFrom('a', 'b', 'item'),
    fc.oneof(values, fc.array(values, { maxLength: 3 })),
  )

  it('never throw, answer alike, with or without a trace, and leave nothing half', () => {
    fc.assert(
      fc.property(fc.array(rules, { maxLength: 6 }), scopes, (given, data) => {
        const list: ListRule = { target: 'rows', each: ['a'], rules: given }
        const run = compilePart({ rules: given, lists: [list] })
        const traced = run(data, create)
        expect(run(data, create)).toEqual(traced)
        const bulk = run(data, { ...create, trace: false })
        expect(bulk).toEqual({ ...traced, trace: [] })
        if (traced.failure) expect(traced.draft).toEqual({})
        expect(Object.getPrototypeOf(traced.draft)).toBe(Object.prototype)
        expect(traced.trace.some((rule) => rule[1] === OUTCOMES.indexOf('failed')) || traced.failure === null || traced.failure.list?.item === null).toBe(true)
      }),
      { numRuns: 300 },
    )
  }) // prettier-ignore

  it('do not change the record', () => {
    const frozen = Object.freeze({ ...scope, lines: Object.freeze([...scope.lines]) })
    const before = JSON.stringify(frozen)
    applyPart(part([{ target: 'n', value: field('number') }], [{ target: 'rows', each: ['lines'], rules: [{ target: 's', value: field('item', 'sku') }] }]), frozen, create) // prettier-ignore
    expect(JSON.stringify(frozen)).toBe(before)
  })
})
