import { describe, expect, it } from 'vitest'
import { applyPart, PartMapping, readyLookups } from '@crosswalk/shared/mapping'
import { sampleOrder } from '@crosswalk/shared/flows/sample-order'
import { missingRowOf } from './missing-row.ts'

const lookups = readyLookups([{ name: 'first', entries: [{ from: 'ideal', to: 'x' }], fallback: null }, { name: 'second', entries: [], fallback: null }]) // prettier-ignore
const look = (table: string) => ({ use: 'lookup.table', with: { table } })

function missing(path: (string | number)[], transforms: object[], order = sampleOrder()) {
  const part = PartMapping.parse({ rules: [{ target: 'x', value: { kind: 'field', path }, transforms }] })
  const { failure } = applyPart(part, order, { lookups, on: 'create' })
  return failure && missingRowOf(failure, part, 'order')
}

describe('a row that a lookup table lacks', () => {
  it('is told with its table and value', () => {
    expect(missing(['status', 'source'], [look('first')])).toEqual({ table: 'first', value: 'processing' })
    expect(missing(['payment', 'method'], [look('first'), look('second')])).toEqual({ table: 'second', value: 'x' }) // prettier-ignore
  })

  it('keeps no value that may tell of a person, only what many have in common', () => {
    expect(missing(['billing', 'city'], [look('first')])).toEqual({ table: 'first', value: null })
    expect(missing(['customer', 'email'], [look('first')])).toEqual({ table: 'first', value: null })
    expect(missing(['native', 'meta', 'gift'], [look('first')])).toEqual({ table: 'first', value: null })
    expect(missing(['billing', 'country'], [look('first')])).toEqual({ table: 'first', value: 'NL' })
  })

  it('is none where a rule fails otherwise', () => {
    expect(missing(['number'], [{ use: 'date.parse', with: {} }])).toBeNull()
  })
})
