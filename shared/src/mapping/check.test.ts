import { describe, expect, it } from 'vitest'
import { sourceFields } from './catalogue.ts'
import { checkMapping, type CheckContext, type Problem, type ProblemCode } from './check.ts'
import { Field } from './field.ts'
import { MappingDocument } from './rule.ts'

const target = (name: string, type: Field['type'], more: Partial<Field> = {}): Field =>
  Field.parse({ name, label: name, type, ...more })

const options = [{ value: 'won', label: 'Won' }, { value: 'lost', label: 'Lost' }] // prettier-ignore
const context: CheckContext = {
  lookups: ['stages'],
  parts: {
    document: {
      sourceFields: sourceFields('order', false),
      targetFields: [
        target('name', 'text', { maxLength: 10 }),
        target('amount', 'number'),
        target('day', 'date'),
        target('moment', 'datetime'),
        target('stage', 'choice', { options }),
        target('flag', 'boolean'),
        target('made', 'text', { readOnly: true }),
        target('rows', 'list'),
        target('rows.account', 'text'),
        target('rows.amount', 'amount'),
      ],
      requiredTargets: ['name'],
    },
    line: {
      sourceFields: sourceFields('order', true),
      targetFields: [target('sku', 'text'), target('price', 'amount')],
      requiredTargets: [],
    },
  },
}

const number = { kind: 'field', path: ['number'] }
const named = { target: 'name', value: number }
const check = (rules: unknown[], lists: unknown[] = [], part = 'document'): Problem[] =>
  checkMapping(MappingDocument.parse({ parts: { [part]: { rules, lists }, ...(part === 'document' ? {} : { document: { rules: [named] } }) } }), context) // prettier-ignore
const codes = (problems: readonly Problem[]): ProblemCode[] => problems.map((problem) => problem.code)
const field = (...path: unknown[]) => ({ kind: 'field', path })
const fixed = (value: unknown) => ({ kind: 'constant', value })

describe('checkMapping', () => {
  it('finds nothing wrong with a sound mapping', () => {
    const problems = check(
      [
        named,
        { target: 'amount', value: field('totals', 'total'), transforms: [{ use: 'number.round' }] },
        { target: 'day', value: field('createdAt'), transforms: [{ use: 'date.day', with: { zone: 'Europe/Amsterdam' } }] },
        { target: 'moment', value: field('createdAt'), transforms: [{ use: 'date.in_zone' }] },
        { target: 'stage', value: field('status', 'source'), transforms: [{ use: 'lookup.table', with: { table: 'stages' } }] },
        { target: 'flag', value: field('native', 'meta', 'gift') },
        { target: 'flag', value: fixed(false), when: { equals: { path: ['currency'], value: 'USD' } } },
      ],
      [{ target: 'rows', each: ['lines'], rules: [{ target: 'account', value: field('item', 'sku') }, { target: 'amount', value: field('item', 'net') }] }],
    ) // prettier-ignore
    expect(problems).toEqual([])
    expect(check([{ target: 'sku', value: field('item', 'sku') }, { target: 'price', value: field('item', 'native', 'cost') }], [], 'line')).toEqual([]) // prettier-ignore
    expect(check([named, { target: 'amount', value: field('lines', 0, 'net') }])).toEqual([])
  })

  const cases: [name: string, rules: unknown[], code: ProblemCode, path: (string | number)[], message: string, remedy: string][] = [
    ['an unknown source field', [named, { target: 'amount', value: field('totals', 'sum') }], 'unknown_source_field', ['parts', 'document', 'rules', 1, 'value'], 'The source has no field totals.sum.', 'Choose a field from the list.'],
    ['a misspelt source field', [named, { target: 'amount', value: field('totals', 'Total') }], 'unknown_source_field', ['parts', 'document', 'rules', 1, 'value'], 'The source has no field totals.Total.', 'Did you mean totals.total?'],
    ['an unknown field in a condition', [{ ...named, when: { not: { exists: ['nothing'] } } }], 'unknown_source_field', ['parts', 'document', 'rules', 0, 'when'], 'The source has no field nothing.', 'Choose a field from the list.'],
    ['a line read where there is none', [{ target: 'name', value: field('item', 'sku') }], 'unknown_source_field', ['parts', 'document', 'rules', 0, 'value'], 'The source has no field item.sku.', 'Only a part made per line can read a line; choose a field of the record.'],
    ['an unknown target field', [named, { target: 'Amount', value: number }], 'unknown_target_field', ['parts', 'document', 'rules', 1, 'target'], 'The target has no field "Amount".', 'Did you mean amount?'],
    ['a read-only target field', [named, { target: 'made', value: number }], 'read_only_target', ['parts', 'document', 'rules', 1, 'target'], '"made" can be read but not written.', 'Remove the rule.'],
    ['a missing required target', [{ ...named, on: 'update' }], 'required_target_missing', ['parts', 'document', 'rules'], 'The target needs "name" and no rule writes it when a record is made.', 'Add a rule for "name".'],
    ['two rules on one target', [named, { ...named, on: 'create' }], 'two_rules_on_one_target', ['parts', 'document', 'rules', 1], 'Rules 1 and 2 both write "name"; only the second would count.', 'Remove one of them, or give one a condition.'],
    ['a type that the target does not take', [named, { target: 'day', value: field('createdAt') }], 'type_does_not_fit', ['parts', 'document', 'rules', 1], '"day" takes a day, but gets a moment in time.', 'Add the step "date.day".'],
    ['text for a number', [named, { target: 'amount', value: number }], 'type_does_not_fit', ['parts', 'document', 'rules', 1], '"amount" takes a number, but gets text.', 'Add the step "number.parse".'],
    ['a type that a step does not take', [{ ...named, transforms: [{ use: 'list.count' }] }], 'type_does_not_fit', ['parts', 'document', 'rules', 0, 'transforms', 0], '"Count a list" works on a list, but gets text.', 'Choose a field that is a list.'],
    ['an unknown step', [{ ...named, transforms: [{ use: 'text.shout' }] }], 'unknown_transform', ['parts', 'document', 'rules', 0, 'transforms', 0, 'use'], 'There is no step named "text.shout".', 'Choose a step from the list.'],
    ['an unknown lookup table', [named, { target: 'stage', value: number, transforms: [{ use: 'lookup.table', with: { table: 'tax' } }] }], 'unknown_lookup_table', ['parts', 'document', 'rules', 1, 'transforms', 0, 'with', 'table'], 'There is no lookup table named "tax".', 'There are: stages.'],
    ['a constant that is no choice', [named, { target: 'stage', value: fixed('open') }], 'value_not_allowed', ['parts', 'document', 'rules', 1, 'value', 'value'], '"open" is not one of the choices of "stage".', 'Choose one of: "won", "lost".'],
    ['a constant that is no number', [named, { target: 'amount', value: fixed('ten') }], 'value_not_allowed', ['parts', 'document', 'rules', 1, 'value', 'value'], '"ten" is not a number.', 'Write a number such as "12.50".'],
    ['a table in a rule that gives no choice', [named, { target: 'stage', value: number, transforms: [{ use: 'choice.from', with: { pairs: [{ from: 'a', to: 'won' }, { from: 'b', to: 'no' }] } }] }], 'value_not_allowed', ['parts', 'document', 'rules', 1, 'transforms', 0, 'with', 'pairs', 1, 'to'], '"no" is not one of the choices of "stage".', 'Choose one of: "won", "lost".'],
    ['a template that is too long', [{ target: 'name', value: { kind: 'template', parts: ['Order of the shop ', { path: ['number'] }] } }], 'too_long', ['parts', 'document', 'rules', 0, 'value'], 'The fixed text is 18 characters long; "name" takes 10.', 'Shorten the text, or add the step "text.truncate".'],
  ] // prettier-ignore
  it.each(cases)('finds %s', (_name, rules, code, path, message, remedy) => {
    expect(check(rules)).toEqual([expect.objectContaining({ code, path, part: 'document', message, remedy })])
  })

  it('finds bad parameters, each field with its own problem', () => {
    const problems = check([{ ...named, transforms: [{ use: 'text.pad', with: { length: 0, with: 'ab', speed: 1 } }] }])
    expect(codes(problems)).toEqual(['bad_parameters', 'bad_parameters', 'bad_parameters'])
    expect(problems.map((problem) => problem.path.slice(3))).toEqual([
      [0, 'transforms', 0, 'with', 'length'],
      [0, 'transforms', 0, 'with', 'with'],
      [0, 'transforms', 0, 'with'],
    ])
    expect(problems[0]?.message).toContain('"Fill up": length: ')
  }) // prettier-ignore

  it('finds parts the target does not have, and parts that are missing', () => {
    const problems = checkMapping(MappingDocument.parse({ parts: { company: { rules: [] } } }), context)
    expect(codes(problems)).toEqual(['unknown_part', 'required_target_missing'])
    expect(problems[0]?.remedy).toBe('Its parts are: document, line.')
  })

  it('checks the rules of list fields by the columns the target names', () => {
    const list = (more: object) => [{ target: 'rows', each: ['lines'], rules: [], ...more }]
    expect(codes(check([named], list({ each: ['number'] })))).toEqual(['not_a_list'])
    expect(codes(check([named], list({ each: ['none'] })))).toEqual(['unknown_source_field'])
    expect(codes(check([named], list({ target: 'cells' })))).toEqual(['unknown_target_field'])
    const rules = [{ target: 'colour', value: number }, { target: 'amount', value: number }, { target: 'account', value: number }, { target: 'account', value: number }] // prettier-ignore
    const problems = check([named], list({ rules }))
    expect(codes(problems)).toEqual(['unknown_target_field', 'type_does_not_fit', 'two_rules_on_one_target'])
    expect(problems[0]?.path).toEqual(['parts', 'document', 'lists', 0, 'rules', 0, 'target'])
  })

  it('lets rules for creates and for updates stand side by side', () => {
    expect(
      check([
        { ...named, on: 'create' },
        { ...named, on: 'update' },
      ]),
    ).toEqual([])
    expect(
      codes(
        check([
          { ...named, on: 'create' },
          { ...named, on: 'create' },
        ]),
      ),
    ).toEqual(['two_rules_on_one_target'])
  })

  it('takes a date.in_zone by what its form gives', () => {
    const moment = (format: string) => ({ target: 'moment', value: field('createdAt'), transforms: [{ use: 'date.in_zone', with: { format } }] }) // prettier-ignore
    expect(codes(check([named, moment('iso')]))).toEqual([])
    expect(codes(check([named, moment('time')]))).toEqual(['type_does_not_fit'])
  })
})
