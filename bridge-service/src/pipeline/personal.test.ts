import { describe, expect, it } from 'vitest'
import {
  compilePart,
  PartMapping,
  readyLookups,
  type FieldRule,
  type RuleValue,
} from '@crosswalk/shared/mapping'
import { isPersonal, withoutPerson } from './personal.ts'

const ruleOf = (value: RuleValue, more: object = {}): FieldRule =>
  PartMapping.parse({ rules: [{ target: 'x', value, ...more }] }).rules[0] as FieldRule
const field = (...path: (string | number)[]): RuleValue => ({ kind: 'field', path })

describe('a rule reads somebody’s data', () => {
  it.each([
    ['order', field('customer', 'email')],
    ['order', field('billing', 'city')],
    ['order', field('native', 'meta', 'engraving')],
    ['order', field('item', 'options')],
    ['order', field('item', 'native', 'meta')],
    ['order', field('refunds', 0, 'reason')],
    ['order', { kind: 'first_of', paths: [['number'], ['billing', 'phone']] }],
    ['order', { kind: 'template', parts: ['Order ', { path: ['customer', 'lastName'] }] }],
    ['customer', field('lastName')],
    ['customer', field('company')],
    ['customer', field('note')],
    ['journal_entry', field('text')],
    ['product', field('native', 'meta')],
  ] as const)('%s %j', (entity, value) => expect(isPersonal(ruleOf(value as RuleValue), entity)).toBe(true))
  it('where the rule is not known', () => expect(isPersonal(undefined, 'order')).toBe(true))
})

describe('a rule reads nobody’s data', () => {
  it.each([
    ['order', field('status', 'source')],
    ['order', field('item', 'taxRate')],
    ['order', { kind: 'template', parts: ['Order ', { path: ['number'] }] }],
    ['order', { kind: 'constant', value: 1 }],
    ['order', field('billing', 'country')],
    ['customer', field('group')],
    ['product', field('sku')],
  ] as const)('%s %j', (entity, value) => expect(isPersonal(ruleOf(value as RuleValue), entity)).toBe(false))
})

describe('what a failed rule says', () => {
  const said = (value: RuleValue, record: object, more: object = {}): string => {
    const part = PartMapping.parse({ rules: [ruleOf(value, more)] })
    const { failure } = compilePart(part)(record, { lookups: readyLookups([]), on: 'create' })
    if (!failure) throw new Error('it did not fail')
    return withoutPerson(failure)
  }
  const date = { transforms: [{ use: 'date.day', with: {} }] }
  it.each([
    ['a value of the wrong kind', field('lastName'), { lastName: 'Jansen' }, date],
    ['a template of something else than text', { kind: 'template', parts: [{ path: ['names'] }] }, { names: ['Jansen'] }, {}],
    ['a whole object', field('person'), { person: { last: 'Jansen' } }, {}],
  ] as const)('does not repeat %s', (_name, value, record, more) => {
    const text = said(value as RuleValue, record, more)
    expect(text).not.toContain('Jansen')
    expect(text.length).toBeGreaterThan(10)
  }) // prettier-ignore
  it('keeps what it says of the rule itself', () => {
    expect(said(field('x'), {}, { onEmpty: 'fail' })).toBe('There is no value for "x".')
  })
})
