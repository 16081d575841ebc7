import type { MappingInput } from '@crosswalk/shared/mapping'
import { companyPart, contactPart } from './party-mapping.ts'
import { COUNTRY_NAME, field, firstOf, IMPORTED, ON_CREATE, template, TRIM } from './rules.ts'

type Part = MappingInput['parts'][string]
type Rules = Part['rules']

const STAGE = { transforms: [{ use: 'lookup.table', with: { table: 'stages' } }] }

/** Totals and particulars that orders and deals keep in properties of ours, so that they add up on both. */
const PARTICULARS: Rules = [
  field('crosswalk_order_number', 'number'),
  field('crosswalk_source_status', 'status.source'),
  field('crosswalk_subtotal', 'totals.lines'),
  field('crosswalk_shipping', 'totals.shipping'),
  field('crosswalk_fees', 'totals.fees'),
  field('crosswalk_discount', 'totals.discount'),
  field('crosswalk_tax', 'totals.tax'),
  field('crosswalk_rounding', 'totals.rounding'),
  field('crosswalk_total', 'totals.total'),
  field('crosswalk_refunded', 'totals.refunded'),
  field('crosswalk_currency', 'currency'),
  field('crosswalk_paid_at', 'payment.paidAt'),
  firstOf('crosswalk_payment_method', ['payment.methodName', 'payment.method']),
  field('crosswalk_store', 'flow.store'),
  field('crosswalk_order_url', 'url'),
  IMPORTED,
  field('crosswalk_customer_note', 'customerNote', {
    transforms: [{ use: 'text.plain' }, { use: 'text.truncate', with: { max: 65_000 } }],
  }),
]

const address = (target: string, from: 'billing' | 'shipping'): Rules => [
  template(`${target}_name`, `{${from}.firstName} {${from}.lastName}`, { transforms: [TRIM] }),
  field(`${target}_street`, `${from}.street`),
  field(`${target}_city`, `${from}.city`),
  field(`${target}_state`, `${from}.region`),
  field(`${target}_postal_code`, `${from}.postalCode`),
  field(`${target}_country`, `${from}.country`, { transforms: [COUNTRY_NAME] }),
]

const orderDocument: Part = {
  rules: [
    template('hs_order_name', '#{number}'),
    template('hs_external_order_id', '{flow.origin}:{id}', {
      note: 'With the store before it: HubSpot may hold this id unique, and two stores may number alike.',
    }),
    field('hs_external_order_status', 'status.source'),
    field('hs_external_order_url', 'url'),
    field('hs_external_created_date', 'createdAt'),
    field('hs_currency_code', 'currency'),
    field('hs_source_store', 'flow.store'),
    field('hs_total_price', 'totals.total'),
    field('hs_subtotal_price', 'totals.lines'),
    field('hs_tax', 'totals.tax'),
    field('hs_shipping_cost', 'totals.shipping'),
    field('hs_discount_codes', 'discounts', {
      transforms: [{ use: 'list.join', with: { path: ['code'], separator: ', ' } }],
    }),
    field('hs_payment_status', 'payment.status'),
    field('hs_fulfillment_status', 'status.canonical'),
    field('hs_shipping_tracking_number', 'tracking.0.number'),
    field('hs_shipping_status_url', 'tracking.0.url'),
    ...address('hs_billing_address', 'billing'),
    firstOf('hs_billing_address_email', ['billing.email', 'customer.email']),
    firstOf('hs_billing_address_phone', ['billing.phone', 'customer.phone']),
    ...address('hs_shipping_address', 'shipping'),
    field('hs_pipeline', 'flow.pipeline'),
    field('hs_pipeline_stage', 'status.source', STAGE),
    ...PARTICULARS,
  ],
}

const dealDocument: Part = {
  rules: [
    template('dealname', 'Order {number}', ON_CREATE),
    field('amount', 'totals.total'),
    firstOf('closedate', ['payment.paidAt', 'createdAt']),
    field('pipeline', 'flow.pipeline'),
    field('dealstage', 'status.source', STAGE),
    field('deal_currency_code', 'currency'),
    ...PARTICULARS,
  ],
}

/** A product that an order speaks of: the order knows little of it, so it is written only when it is made. */
const product: Part = {
  rules: [
    field('name', 'item.name', ON_CREATE),
    field('hs_sku', 'item.sku', { ...ON_CREATE, transforms: [TRIM] }),
    field('price', 'item.unitNet', {
      ...ON_CREATE,
      when: { not: { less: { path: ['item', 'unitNet'], value: 0 } } },
    }),
    IMPORTED,
  ],
}

const line: Part = {
  rules: [
    field('name', 'item.name', { transforms: [{ use: 'text.plain' }] }),
    field('hs_sku', 'item.sku', { transforms: [TRIM] }),
    field('quantity', 'item.quantity'),
    field('price', 'item.unitNet', {
      when: { not: { less: { path: ['item', 'unitNet'], value: 0 } } },
      note: 'Per unit, without tax and before discounts. HubSpot refuses a negative price; crosswalk_net has it.',
    }),
    field('hs_line_item_currency_code', 'currency'),
    field('crosswalk_kind', 'item.kind'),
    field('crosswalk_net', 'item.net'),
    field('crosswalk_discount', 'item.discount'),
    field('crosswalk_tax', 'item.tax'),
    field('crosswalk_gross', 'item.gross'),
    field('crosswalk_tax_rate', 'item.taxRate'),
    field('crosswalk_options', 'item.options', {
      transforms: [{ use: 'list.join', with: { path: ['value'], separator: ', ' } }],
    }),
  ],
}

const shared = { company: companyPart('customer.'), contact: contactPart('customer.'), product, line }

export const orderMapping: MappingInput = { parts: { ...shared, document: orderDocument } }
export const dealMapping: MappingInput = { parts: { ...shared, document: dealDocument } }
