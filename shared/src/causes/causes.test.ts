import { describe, expect, it } from 'vitest'
import {
  CAUSE_KEYS,
  causeOf,
  causeRef,
  CAUSES,
  groupText,
  placeholdersOf,
  renderCause,
  renderGroup,
  type CauseKey,
  type StoredFailure,
} from './index.ts'

const HUBSPOT = { system: 'HubSpot', source: 'WooCommerce' }
const WOO = { system: 'WooCommerce', source: 'Ecwid' }
const VISMA = { system: 'Visma eAccounting', source: 'CCV Shop' }
const ASPERION = { system: 'Asperion', source: 'Lightspeed' }
const deal = { ...HUBSPOT, entity: 'order', part: 'document' }
const rule = { ...deal, code: 'mapping', step: 'map' }
const named = (key: CauseKey, params: Record<string, string | number> = {}) => ({
  code: 'invalid',
  named: causeRef(key, params),
})

/** What a failure is told as; the first column says where it comes from. */
const TABLE: [name: string, failure: StoredFailure, key: CauseKey, title: string][] = [
  ['shop: a removed key', { ...WOO, code: 'unauthorized', named: causeRef('key_refused') }, 'key_refused', 'WooCommerce refused the key.'],
  ['shop: a wall in front of it', { ...WOO, code: 'unavailable', named: causeRef('firewall_blocks', { plugin: 'Wordfence' }) }, 'firewall_blocks', 'A security plugin blocks the connection to WooCommerce (Wordfence).'],
  ['shop: plain permalinks', { ...WOO, code: 'unavailable', named: causeRef('plain_permalinks') }, 'plain_permalinks', 'The addresses of WooCommerce are set to “Plain”, or it has moved.'],
  ['shop: plugin switched off', { ...WOO, code: 'unavailable', named: causeRef('api_missing') }, 'api_missing', 'WooCommerce does not offer its API at the moment.'],
  ['shop: webhooks switched off', { ...WOO, code: 'unavailable', named: causeRef('signal_off') }, 'signal_off', 'WooCommerce stopped telling us about changes.'],
  ['shop: another address', { ...WOO, ...named('shop_copied', { new: 'stage.example.com', old: 'shop.example.com' }) }, 'shop_copied', 'This looks like a copy of your shop (stage.example.com instead of shop.example.com).'],
  ['shop: deleted there', { ...HUBSPOT, ...named('source_deleted', { number: '#1042' }) }, 'source_deleted', 'Record #1042 was deleted in WooCommerce.'],
  ['shop: a notice before the data', { ...WOO, code: 'malformed', named: causeRef('text_before_data', { words: 'Notice: Undefined index' }) }, 'text_before_data', 'WooCommerce sent back text before its data.'],
  ['shop: a record of another shape', { ...deal, code: 'malformed', step: 'read' }, 'record_unreadable', 'WooCommerce sent a record of an unknown shape.'],
  ['account: sign-in withdrawn', { ...HUBSPOT, code: 'unauthorized' }, 'sign_in_refused', 'HubSpot no longer accepts our sign-in.'],
  ['account: HubSpot BAD_HUB', { ...HUBSPOT, code: 'unauthorized', named: causeRef('account_gone') }, 'account_gone', 'The account at HubSpot is gone.'],
  ['account: MISSING_SCOPES', { ...deal, code: 'forbidden', named: causeRef('permission_missing', { permission: 'write deals' }) }, 'permission_missing', 'A permission is missing in HubSpot: write deals.'],
  ['account: a plain 403', { ...deal, code: 'forbidden' }, 'permission_missing', 'HubSpot does not permit this to our sign-in.'],
  ['account: invalid_client', { ...HUBSPOT, code: 'malformed', named: causeRef('installation_unknown') }, 'installation_unknown', 'HubSpot does not know this bridge.'],
  ['account: Ecwid 402 NOT_AVAILABLE_ON_CURRENT_PLAN', { system: 'Ecwid', source: 'CCV SalesPOS', ...named('plan_excludes', { feature: 'the API for stock' }) }, 'plan_excludes', 'The plan at Ecwid does not include the API for stock.'],
  ['account: eAccounting 4003', { ...VISMA, ...named('company_not_ready') }, 'company_not_ready', 'The company in Visma eAccounting is not ready.'],
  ['account: DAILY', { ...HUBSPOT, code: 'rate_limited', named: causeRef('daily_limit', { used: 250_000 }) }, 'daily_limit', 'The daily limit of HubSpot is used up (ours today: 250000).'],
  ['account: 429', { ...HUBSPOT, code: 'rate_limited' }, 'slow_down', 'HubSpot asks us to slow down.'],
  ['account: 477', { ...HUBSPOT, code: 'unavailable', named: causeRef('account_moving') }, 'account_moving', 'HubSpot is moving this account to another place.'],
  ['network: no answer', { ...HUBSPOT, code: 'unavailable' }, 'system_silent', 'HubSpot does not answer.'],
  ['network: a certificate', { ...WOO, code: 'unavailable', named: causeRef('certificate_bad', { host: 'shop.example.com', why: 'has expired' }) }, 'certificate_bad', 'The secure connection to shop.example.com cannot be trusted.'],
  ['network: a lost answer', { ...HUBSPOT, code: 'unavailable', named: causeRef('answer_lost') }, 'answer_lost', 'We do not know whether HubSpot took it.'],
  ['network: clocks', { ...WOO, code: 'unauthorized', named: causeRef('clock_differs', { n: 16 }) }, 'clock_differs', 'The clocks of WooCommerce and this bridge differ by 16 minutes.'],
  ['network: a redirect', { ...WOO, ...named('address_moved', { host: 'shop.example.com', to: 'www.shop.example.com' }) }, 'address_moved', 'shop.example.com sends us on to www.shop.example.com.'],
  ['network: a private address', { ...WOO, code: 'unsafe' }, 'address_unsafe', 'The address of WooCommerce may not be called.'],
  ['network: an answer nobody reads', { ...deal, code: 'malformed', step: 'deliver' }, 'answer_unreadable', 'HubSpot answered in a way we do not understand.'],
  ['target: a status without a stage', { ...rule, use: 'lookup.table', table: 'stages', value: 'packed', field: 'dealstage' }, 'stage_missing', 'HubSpot has no stage for the status “packed”.'],
  ['target: a stage that is gone', { ...deal, ...named('stage_gone', { field: 'dealstage' }) }, 'stage_gone', 'A stage or pipeline of your rules is gone in HubSpot.'],
  ['target: PROPERTY_DOESNT_EXIST', { ...deal, label: 'Loyalty tier', ...named('field_gone', { field: 'loyalty' }) }, 'field_gone', 'The field “Loyalty tier” is gone in HubSpot.'],
  ['target: READ_ONLY_VALUE', { ...deal, label: 'Amount', ...named('field_read_only', { field: 'amount' }) }, 'field_read_only', 'The field “Amount” can only be read in HubSpot.'],
  ['target: INVALID_OPTION', { ...deal, label: 'Lead source', ...named('choice_unknown', { field: 'source' }) }, 'choice_unknown', 'A value is not on the list of HubSpot for “Lead source”.'],
  ['target: an unknown currency', { ...deal, ...named('currency_missing', { currency: 'SEK' }) }, 'currency_missing', 'HubSpot has no currency SEK.'],
  ['target: two contacts', { ...deal, ...named('contact_ambiguous') }, 'contact_ambiguous', 'Two contacts in HubSpot fit this customer.'],
  ['target: a person of whom there are several', { ...deal, code: 'ambiguous', step: 'resolve', part: 'contact' }, 'contact_ambiguous', 'Two contacts in HubSpot fit this customer.'],
  ['target: a company of which there are several', { ...deal, code: 'ambiguous', step: 'resolve', part: 'company' }, 'several_fit', 'HubSpot has several records that may be the company of this one.'],
  ['target: a refused value', { ...deal, code: 'invalid', field: 'amount', label: 'Amount' }, 'value_refused', 'HubSpot does not take the value of “Amount”.'],
  ['target: Ecwid SKU_ALREADY_EXISTS', { ...deal, system: 'Ecwid', code: 'conflict', step: 'deliver', field: 'sku', label: 'SKU' }, 'value_taken', 'Another record in Ecwid already has this “SKU”.'],
  ['target: 404', { ...deal, code: 'not_found' }, 'record_gone', 'HubSpot no longer has something this record points at.'],
  ['target: Asperion, which creates only', { ...ASPERION, ...named('not_writable') }, 'not_writable', 'Asperion does not let us write this kind of record.'],
  ['target: 413', { ...WOO, ...named('too_large') }, 'too_large', 'This record is too large for WooCommerce.'],
  ['target: CCV Shop 500.60', { system: 'CCV Shop', source: 'Lightspeed', ...named('record_limit', { kind: 'products' }) }, 'record_limit', 'CCV Shop takes no more products: the limit of the plan is reached.'],
  ['target: a picture', { ...WOO, ...named('picture_unreachable') }, 'picture_unreachable', 'WooCommerce could not fetch a picture of this product.'],
  ['target: nobody knows', { ...deal, code: 'invalid', words: 'Nope.' }, 'unknown_answer', 'HubSpot refused this record and gave no reason we know.'],
  ['target: a kind of a later version', { ...deal, code: 'moonphase', words: 'Nope.' }, 'unknown_answer', 'HubSpot refused this record and gave no reason we know.'],
  ['rules: no value', { ...rule, empty: true, use: null, field: 'dealname', label: 'Deal name' }, 'value_missing', 'The rule for “Deal name” has no value for this record, and the field is required.'],
  ['rules: eAccounting Errors[].ErrorCode Required', { ...VISMA, label: 'Postal code', ...named('value_missing', { field: 'InvoicePostalCode' }) }, 'value_missing', 'The rule for “Postal code” has no value for this record, and the field is required.'],
  ['rules: too long', { ...deal, label: 'Name', ...named('value_too_long', { field: 'name', n: 90, max: 50 }) }, 'value_too_long', 'A value is too long for “Name” (90 of 50 characters).'],
  ['rules: no date', { ...rule, use: 'date.day', value: 'soon', field: 'closedate', label: 'Close date' }, 'value_wrong_kind', '“soon” is not a date (“Close date”).'],
  ['rules: a sum of no numbers', { ...rule, use: 'list.sum', field: 'amount', label: 'Amount' }, 'value_wrong_kind', 'The value of “Amount” is not a number.'],
  ['rules: not in a list', { ...rule, use: 'lookup.table', table: 'Tax codes', value: '21' }, 'lookup_missing', 'The list “Tax codes” has no entry for “21”.'],
  ['rules: the list is gone', { ...rule, use: 'lookup.table', table: 'Tax codes', tableGone: true }, 'lookup_gone', 'There is no list “Tax codes”, which a rule asks for.'],
  ['rules: no pair', { ...rule, use: 'choice.from', value: 'b2c', field: 'kind', label: 'Kind' }, 'pair_missing', 'The rule for “Kind” has no answer for “b2c”.'],
  ['rules: anything else', { ...rule, field: 'amount', label: 'Amount', words: 'It cannot be.' }, 'rule_failed', 'The rule for “Amount” could not be applied.'],
  ['rules: settings', { ...deal, code: 'policy' }, 'settings_forbid', 'The settings of this flow forbid it.'],
  ['rules: a part that may not be made', { ...deal, code: 'missing', step: 'deliver', part: 'contact' }, 'part_missing', 'The contact of this record is missing in HubSpot, and the flow may not make it.'],
  ['rules: a product that may not be made', { ...deal, code: 'missing', step: 'deliver', part: 'product', named: causeRef('product_missing', { sku: 'APRON' }) }, 'product_missing', 'The product “APRON” is not in HubSpot.'],
  ['rules: a product without its SKU told', { ...deal, code: 'missing', part: 'product' }, 'product_missing', 'A product of this record is not in HubSpot.'],
  ['data: no e-mail', { ...HUBSPOT, entity: 'customer', code: 'missing', step: 'resolve', part: 'document' }, 'email_missing', 'The customer has no e-mail address.'],
  ['data: no SKU', { ...HUBSPOT, entity: 'product', code: 'missing', step: 'resolve', part: 'document' }, 'sku_missing', 'A product has no SKU.'],
  ['data: no key', { ...deal, code: 'missing', step: 'resolve', label: 'number' }, 'key_missing', 'This record has no number, by which it would be found again in HubSpot.'],
  ['data: one SKU twice', { ...HUBSPOT, entity: 'product', part: 'document', code: 'conflict', step: 'resolve' }, 'sku_shared', 'Two products share a SKU.'],
  ['data: one key twice', { ...deal, code: 'conflict', step: 'resolve', other: '17' }, 'key_shared', 'Two records have the same key for HubSpot.'],
  ['data: changed on both sides', { ...deal, ...named('both_changed', { field: 'amount', label: 'Amount' }) }, 'both_changed', 'Both sides changed “Amount”.'],
  ['books: no tax code', { ...VISMA, ...named('tax_code_missing', { rate: '25', country: 'SE', customer: 'person' }) }, 'tax_code_missing', 'No tax code for 25 % in SE (person).'],
  ['books: eAccounting 3002', { ...VISMA, ...named('account_missing', { account: '3001' }) }, 'account_missing', 'Visma eAccounting has no ledger account 3001.'],
  ['books: eAccounting 4026', { ...VISMA, ...named('period_closed', { month: '2026-10' }) }, 'period_closed', 'The period 2026-10 is closed in Visma eAccounting.'],
  ['books: eAccounting 3001', { ...VISMA, ...named('year_missing', { date: '2026-11-04' }) }, 'year_missing', 'Visma eAccounting has no fiscal year for 2026-11-04.'],
  ['books: sums', { ...VISMA, ...named('sums_differ', { difference: '0.01' }) }, 'sums_differ', 'The sums differ by 0.01.'],
  ['books: a blocked debtor', { ...ASPERION, ...named('debtor_blocked') }, 'debtor_blocked', 'The debtor is blocked in Asperion.'],
  ['books: booked already', { ...VISMA, ...named('already_booked', { invoice: '20417' }) }, 'already_booked', 'Invoice 20417 is booked already.'],
] // prettier-ignore

describe('a stored failure', () => {
  it.each(TABLE)('%s', (_name, failure, key, title) => {
    const ref = causeOf(failure)
    expect(ref.key).toBe(key)
    expect(renderCause(ref).title).toBe(title)
  })
  it('reaches every cause', () => {
    expect([...new Set(TABLE.map(([, , key]) => key))].sort()).toEqual([...CAUSE_KEYS].sort())
  })
  it('of a connector that is ahead of this version is told by what is known', () => {
    const failure = { ...deal, code: 'invalid', field: 'x', named: { key: 'no_such_cause', params: {} } }
    expect(causeOf(failure).key).toBe('value_refused')
  })
})

describe.each(CAUSE_KEYS)('%s', (key) => {
  const { title, remedy, action, target, groupBy, waits, severity } = CAUSES[key]
  it('can be told of any system, whatever is known', () => {
    for (const text of [title.at(-1), remedy.at(-1), action ?? '']) {
      expect(placeholdersOf(text ?? '').filter((name) => name !== 'system')).toEqual([])
    }
    const bare = renderCause({ key, params: {} })
    expect(`${bare.title} ${bare.remedy} ${bare.action}`).not.toMatch(/[{}]|undefined/)
  })
  it('is written as the interface speaks', () => {
    for (const text of [...title, ...remedy]) {
      expect(text).toMatch(/[.?»]$/)
      expect(text).not.toMatch(/!|sorry|invalid|webhook|endpoint|token|payload|\bjob\b/i)
      for (const sentence of text.split(/[.?;] /)) expect(sentence.split(' ').length).toBeLessThanOrEqual(20)
    }
  })
  it('leads somewhere, unless it waits', () => {
    expect(target === null).toBe(action === null)
    expect(target !== null || waits).toBe(true)
    expect(severity === 'waiting').toBe(waits && CAUSES[key].retryable)
  })
  it('groups by what its words know', () => {
    const names = new Set([...title, ...remedy].flatMap(placeholdersOf).concat('part', 'field', 'system', 'source', 'feature')) // prettier-ignore
    expect(groupBy.filter((name) => !names.has(name))).toEqual([])
  })
})

describe('words', () => {
  const missing = causeOf({ ...rule, use: 'lookup.table', table: 'stages', value: 'packed' })

  it('say cause, remedy, button and where it leads', () => {
    expect(renderCause(missing)).toMatchObject({
      title: 'HubSpot has no stage for the status “packed”.',
      remedy: 'Choose a stage for it; then the records can be sent.',
      action: 'Choose a stage',
      target: { screen: 'flow-settings', field: 'stages' },
      retryable: false,
    })
  })
  it('come in another language where it has them, with the same params', () => {
    const texts = { stage_missing: { title: ['{system} kent geen fase voor “{status}”.'] } }
    expect(renderCause(missing, { texts })).toMatchObject({
      title: 'HubSpot kent geen fase voor “packed”.',
      action: 'Choose a stage',
    })
  })
  it('tell times in the reader’s words', () => {
    const ref = causeOf({ ...HUBSPOT, code: 'unavailable', named: causeRef('system_silent', { since: '2026-11-04T13:02:00.000Z' }) }) // prettier-ignore
    expect(renderCause(ref).title).toBe('HubSpot does not answer since 2026-11-04 13:02 UTC.')
    expect(renderCause(ref, { time: () => '14:02' }).title).toBe('HubSpot does not answer since 14:02.')
  })
  it('do not read params again', () => {
    const ref = causeOf({ ...deal, code: 'invalid', words: '{system} {n} $& <b>' })
    expect(renderCause(ref).remedy).toBe('Its words: «{system} {n} $& <b>».')
  })
  it('of a cause that a later version stored are those of an unknown answer', () => {
    expect(renderCause({ key: 'no_such_cause', params: { system: 'HubSpot' } }).title).toMatch(
      /gave no reason/,
    )
    expect(renderCause({ key: 'constructor', params: {} }).title).toMatch(/gave no reason/)
  })
})

describe('a group', () => {
  const tooLong = (n: number, field = 'name') => causeOf({ ...deal, label: 'Name', ...named('value_too_long', { field, n, max: 50 }) }) // prettier-ignore
  it('holds what one act repairs', () => {
    expect(groupText(tooLong(90))).toBe(groupText(tooLong(51)))
    expect(groupText(tooLong(90))).not.toBe(groupText(tooLong(90, 'note')))
    const stage = (value: string) => causeOf({ ...rule, use: 'lookup.table', table: 'stages', value })
    expect(groupText(stage('packed'))).not.toBe(groupText(stage('sent')))
  })
  it('says nothing that only one of its failures knows', () => {
    expect(renderGroup(tooLong(90)).title).toBe('A value is too long.')
    expect(renderGroup(tooLong(90), { label: 'Name' }).title).toBe('A value is too long for “Name”.')
  })
})
