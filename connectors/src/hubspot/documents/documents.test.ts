import { describe, expect, it } from 'vitest'
import {
  applyPart,
  checkMapping,
  MappingDocument,
  readyLookups,
  sourceFields,
} from '@crosswalk/shared/mapping'
import type { Customer, Order, OrderLine, Product } from '@crosswalk/shared/model'
import type { TargetDocument } from '../../sdk/index.ts'
import { factsOf, type PropertyFact } from '../facts.ts'
import { hubspot } from '../index.ts'
import { OBJECT_NAMES, type ObjectName } from '../object-types.ts'
import { PROPERTIES } from '../properties.ts'
import { testContext } from '../test-replies.ts'
import { contact } from './contact.ts'
import { deal } from './deal.ts'
import { order } from './order.ts'
import { product } from './product.ts'

const address = {
  firstName: 'Jan', lastName: 'Peeters', company: '', street: 'Markt 1', street2: '', streetName: 'Markt',
  houseNumber: '1', houseNumberAddition: null, postalCode: '2000', city: 'Antwerpen', region: '', country: 'BE',
  email: 'Jan@Acme.example.com', phone: '+3230000000',
} // prettier-ignore
const line: OrderLine = {
  id: '5', kind: 'product', name: 'Tea', sku: ' TEA-1 ', gtin: '', productId: '9', variantId: null, quantity: '2',
  unitNet: '5.00', unitGross: '6.05', discount: '0', net: '10.00', tax: '2.10', gross: '12.10', taxRate: '21',
  taxClass: '', options: [{ name: 'Size', value: '250 g' }, { name: 'Kind', value: 'Green' }], code: '', native: {},
} // prettier-ignore
const record: Order = {
  id: '77', modifiedAt: null, createdAt: '2026-11-01T10:00:00Z', url: 'https://shop.example.com/77', native: {},
  number: '1001', status: { canonical: 'processing', source: 'processing', name: 'Processing' }, currency: 'EUR',
  pricesIncludeTax: false, completedAt: null, channel: '',
  payment: { status: 'paid', method: 'bank', methodName: 'Bank', transactionId: '', paidAt: '2026-11-01T11:00:00Z' },
  customer: {
    customerId: null, guest: true, email: 'Jan@Acme.example.com', firstName: 'Jan', lastName: 'Peeters', phone: '',
    company: 'ACME B.V.', vatId: 'be 0123.456.789', group: '',
  },
  billing: address, shipping: address, lines: [line], shippingLines: [], fees: [],
  discounts: [{ code: 'A', amount: '1', tax: '0' }, { code: 'B', amount: '1', tax: '0' }], refunds: [], taxes: [],
  totals: {
    lines: '10.00', shipping: '0', shippingTax: '0', fees: '0', discount: '0', discountTax: '0', tax: '2.10',
    rounding: '0', total: '12.10', refunded: '0', remaining: '12.10',
  },
  customerNote: '', tracking: [],
} // prettier-ignore

const origin = 'woocommerce:shop.example.com'
const scope = (item: unknown = null, change: Partial<Order> = {}) => ({
  record: { ...record, ...change },
  item,
  origin,
})
const stepOf = (document: TargetDocument<'order'>, role: string) =>
  document.steps.find((step) => step.role === role)!

const NUMBERS = /price|amount|^hs_(?:tax|shipping_cost|total|subtotal|cost)|quantity/
const TIMES = /_date$|closedate|_at$/
/** An account with every property the default mappings write to. */
function account(): Partial<Record<ObjectName, Record<string, PropertyFact>>> {
  const known = Object.fromEntries(OBJECT_NAMES.map((name) => [name, {} as Record<string, PropertyFact>]))
  for (const document of Object.values(hubspot.documents)) {
    for (const step of document.steps) {
      for (const { target } of document.mapping.parts[step.role]?.rules ?? []) {
        const ours = PROPERTIES[step.object as ObjectName].find(({ name }) => name === target)?.type
        const type = ours ?? (NUMBERS.test(target) ? 'number' : TIMES.test(target) ? 'datetime' : 'string')
        known[step.object]![target] = { label: target, type, group: '' }
      }
    }
  }
  return known
}

describe('keys', () => {
  it('name the store, the order and the line', () => {
    expect(stepOf(order, 'document').key(scope())).toBe('woocommerce:shop.example.com:77')
    expect(stepOf(order, 'line').key(scope(line))).toBe('woocommerce:shop.example.com:77:product:5')
  })

  it('keep the line items of a deal apart from those of an order', () => {
    expect(stepOf(deal, 'line').key(scope(line))).not.toBe(stepOf(order, 'line').key(scope(line)))
  })

  it('are the e-mail address of a buyer and the SKU of a product line', () => {
    expect(stepOf(order, 'contact').key(scope())).toBe('jan@acme.example.com')
    expect(stepOf(order, 'product').key(scope(line))).toBe('TEA-1')
    expect(stepOf(order, 'product').key(scope({ ...line, sku: ' ' }))).toBeNull()
    expect(stepOf(order, 'product').key(scope({ ...line, kind: 'shipping' }))).toBeNull()
    expect(product.steps[0]!.key({ record: {} as Product, item: { sku: ' A ' }, origin })).toBe('A')
    expect(product.steps[0]!.key({ record: {} as Product, item: { sku: '' }, origin })).toBeNull()
  })

  it('tell a company by its VAT number, else by name and country', () => {
    const company = stepOf(order, 'company')
    expect(company.key(scope())).toBe('vat:BE0123456789')
    const named = { ...record.customer, vatId: '' }
    expect(company.key(scope(null, { customer: named }))).toBe('name:acme|BE')
    expect(company.key(scope(null, { customer: { ...named, company: '' } }))).toBeNull()
  })

  it('look for a company by a domain that is no mail provider’s', () => {
    const domain = stepOf(order, 'company').match['domain']!
    expect(domain(scope())).toBe('acme.example.com')
    expect(domain(scope(null, { customer: { ...record.customer, email: 'jan@gmail.com' } }))).toBeNull()
    expect(domain(scope(null, { customer: { ...record.customer, company: '' } }))).toBeNull()
  })

  it('of a customer are those of its orders', () => {
    const customer = {
      email: 'JAN@acme.example.com',
      company: 'Acme BV',
      vatId: '',
      billing: address,
    } as Customer
    const [company, person] = contact.steps
    expect(company?.key({ record: customer, item: null, origin })).toBe('name:acme|BE')
    expect(person?.key({ record: customer, item: null, origin })).toBe('jan@acme.example.com')
  })
})

describe('associations', () => {
  const typeIds = (document: TargetDocument<'order'>, role: string) =>
    stepOf(document, role).refs.map(({ as }) => (as.kind === 'association' ? as.typeId : as.field))
  it('point the right way', () => {
    expect(typeIds(order, 'document')).toEqual([507, 509])
    expect(typeIds(order, 'line')).toEqual([514, 'hs_product_id'])
    expect(typeIds(deal, 'document')).toEqual([3, 5])
    expect(typeIds(deal, 'line')).toEqual([20, 'hs_product_id'])
    expect(typeIds(order, 'contact')).toEqual([1, 279])
  })
})

describe('default mappings', () => {
  const properties = account()
  const context = testContext({ properties })

  it.each(Object.entries(hubspot.documents))('of %s have nothing wrong with them', (_name, document) => {
    const parts = Object.fromEntries(
      document.steps.map((step) => [
        step.role,
        {
          sourceFields: sourceFields(document.entity, step.each !== 'one'),
          targetFields: hubspot.objects[step.object]!.fields(context),
          requiredTargets: [],
        },
      ]),
    )
    const mapping = MappingDocument.parse(document.mapping)
    expect(checkMapping(mapping, { parts, lookups: ['stages'] })).toEqual([])
  })

  const lookups = readyLookups([
    { name: 'stages', entries: [{ from: 'processing', to: 'stage-1' }], fallback: null },
  ])
  const flow = { pipeline: 'pipe', origin, store: 'Shop', imported: false, documentLabel: 'Order' }
  const draft = (
    document: TargetDocument<'order'>,
    role: string,
    on: 'create' | 'update',
    item: unknown = null,
  ) => {
    const part = MappingDocument.parse(document.mapping).parts[role]!
    const result = applyPart(part, { ...record, item, flow }, { lookups, on })
    expect(result.failure).toBeNull()
    return result.draft
  }

  it('make an order', () => {
    expect(draft(order, 'document', 'create')).toMatchObject({
      hs_order_name: '#1001',
      hs_external_order_id: 'woocommerce:shop.example.com:77',
      hs_total_price: '12.10',
      hs_discount_codes: 'A, B',
      hs_pipeline: 'pipe',
      hs_pipeline_stage: 'stage-1',
      hs_billing_address_name: 'Jan Peeters',
      hs_billing_address_country: 'Belgium',
      crosswalk_total: '12.10',
      crosswalk_imported: false,
    })
  })

  it('make a deal, whose name sales may change', () => {
    expect(draft(deal, 'document', 'create')).toMatchObject({
      dealname: 'Order 1001',
      amount: '12.10',
      closedate: '2026-11-01T11:00:00Z',
      dealstage: 'stage-1',
    })
    expect(draft(deal, 'document', 'update')).not.toHaveProperty('dealname')
  })

  it('make a contact, whose name sales may change', () => {
    expect(draft(order, 'contact', 'create')).toMatchObject({
      email: 'jan@acme.example.com',
      firstname: 'Jan',
      phone: '+3230000000',
      country: 'Belgium',
    })
    expect(Object.keys(draft(order, 'contact', 'update')).sort()).toEqual(
      ['address', 'city', 'country', 'crosswalk_store', 'zip'].sort(),
    )
  })

  it('make a line, without the price HubSpot would refuse', () => {
    expect(draft(order, 'line', 'create', line)).toMatchObject({
      name: 'Tea',
      hs_sku: 'TEA-1',
      price: '5.00',
      crosswalk_net: '10.00',
      crosswalk_options: '250 g, Green',
    })
    const rebate = draft(order, 'line', 'create', { ...line, kind: 'fee', unitNet: '-5.00', net: '-5.00' })
    expect(rebate).toMatchObject({ crosswalk_net: '-5.00' })
    expect(rebate).not.toHaveProperty('price')
  })

  it('leave out what an account lacks, does not let be written, or has choices of its own for', () => {
    const { hs_tax: _, ...orders } = properties.orders!
    const changed: Record<string, PropertyFact> = {
      ...orders,
      hs_source_store: { label: 'x', type: 'string', group: '', readOnly: true },
      hs_payment_status: { label: 'x', type: 'enumeration', group: '', options: [['PAID', 'Paid']] },
      hs_pipeline_stage: { label: 'x', type: 'enumeration', group: '' },
    }
    const own = testContext({ ...factsOf(context), properties: { ...properties, orders: changed } })
    const targets = (mapping: ReturnType<NonNullable<typeof order.mappingFor>>) =>
      mapping.parts['document']!.rules.map(({ target }) => target)
    const all = targets(order.mapping)
    const left = targets(order.mappingFor!(own))
    expect(all.filter((target) => !left.includes(target)).sort()).toEqual([
      'hs_payment_status',
      'hs_source_store',
      'hs_tax',
    ])
    expect(targets(order.mappingFor!(testContext()))).toEqual(all)
  })
})

describe('links and stages', () => {
  it('lead to the record in the account’s region', () => {
    const known = testContext({ portalId: 42, uiDomain: 'app-eu1.hubspot.com' })
    expect(order.url('9', known)).toBe('https://app-eu1.hubspot.com/contacts/42/record/0-123/9')
    expect(order.url('9', testContext())).toBeNull()
  })

  it('come from the facts', () => {
    const stages = [{ id: 's', label: 'Won', closed: true, won: true }]
    const known = testContext({ pipelines: { deals: [{ id: 'p', label: 'Pipe', stages }] } })
    expect(deal.stages!(known)).toEqual([{ pipeline: 'p', label: 'Pipe', stages }])
    expect(order.stages!(known)).toEqual([])
  })
})
