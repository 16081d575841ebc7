import type { ObjectType } from './object-types.ts'

export interface PropertyOption {
  label: string
  value: string
  displayOrder: number
  hidden: boolean
  description?: string
}

/** A property definition as the simulator keeps it. */
export interface SimProperty {
  name: string
  label: string
  type: string
  fieldType: string
  groupName: string
  description: string
  options: PropertyOption[]
  displayOrder: number
  hasUniqueValue: boolean
  hidden: boolean
  formField: boolean
  hubspotDefined: boolean
  calculated: boolean
  readOnlyValue: boolean
  externalOptions: boolean
  referencedObjectType?: string
  createdAt: number
  updatedAt: number
  archivedAt?: number
  /** Fields that are only kept and given back (display hints and the like). */
  rest: Record<string, unknown>
}

type Draft = Pick<SimProperty, 'name' | 'type' | 'fieldType'> & Partial<SimProperty>

const words = (names: string): string[] => names.trim().split(/\s+/)
const each = (names: string, type: string, fieldType: string, extra: Partial<SimProperty> = {}): Draft[] =>
  words(names).map((name) => ({ name, type, fieldType, ...extra }))
const text = (names: string, extra?: Partial<SimProperty>) => each(names, 'string', 'text', extra)
const number = (names: string, extra?: Partial<SimProperty>) => each(names, 'number', 'number', extra)
const datetime = (names: string, extra?: Partial<SimProperty>) => each(names, 'datetime', 'date', extra)
const bool = (names: string, extra?: Partial<SimProperty>) => each(names, 'bool', 'booleancheckbox', extra)
const readOnly = { readOnlyValue: true }
const calculated = { readOnlyValue: true, calculated: true }

const choice = (name: string, values: string, fieldType = 'select'): Draft => ({
  name,
  type: 'enumeration',
  fieldType,
  options: words(values).map((value, displayOrder) => ({ label: value, value, displayOrder, hidden: false })),
})

const owner: Draft = {
  name: 'hubspot_owner_id',
  type: 'enumeration',
  fieldType: 'select',
  externalOptions: true,
  referencedObjectType: 'OWNER',
}

const address = (prefix: string, parts: string): Draft[] =>
  text(
    words(parts)
      .map((part) => prefix + part)
      .join(' '),
  )
const STAGED: Record<string, string> = {
  deals: 'pipeline dealstage',
  orders: 'hs_pipeline hs_pipeline_stage',
}

/** Names as documented or seen in working connectors; the options of a few long lists (industry) are a selection. */
const SPECIFIC: Record<string, Draft[]> = {
  contacts: [
    ...text('email', { hasUniqueValue: true }),
    ...text(
      'firstname lastname company address city state zip country website jobtitle salutation hs_additional_emails',
    ),
    ...each('phone mobilephone fax', 'string', 'phonenumber'),
    choice(
      'lifecyclestage',
      'subscriber lead marketingqualifiedlead salesqualifiedlead opportunity customer evangelist other',
      'radio',
    ),
    ...text('hs_email_domain', calculated),
    ...number('num_associated_deals', calculated),
  ],
  companies: [
    ...text('name domain address address2 city state zip country website description timezone'),
    ...each('phone', 'string', 'phonenumber'),
    choice(
      'industry',
      'ACCOUNTING APPAREL_FASHION AUTOMOTIVE COMPUTER_SOFTWARE CONSUMER_GOODS FOOD_BEVERAGES RETAIL WHOLESALE',
    ),
    choice(
      'lifecyclestage',
      'subscriber lead marketingqualifiedlead salesqualifiedlead opportunity customer evangelist other',
    ),
    ...number('numberofemployees annualrevenue'),
    ...number('num_associated_contacts', calculated),
  ],
  deals: [
    ...text('dealname description hs_next_step closed_lost_reason closed_won_reason'),
    ...number('amount'),
    ...datetime('closedate'),
    choice('dealtype', 'newbusiness existingbusiness', 'radio'),
    choice('hs_priority', 'low medium high'),
    { name: 'deal_currency_code', type: 'enumeration', fieldType: 'select' },
    ...bool('hs_is_closed hs_is_closed_won hs_is_closed_lost', calculated),
    ...number('hs_deal_stage_probability amount_in_home_currency', calculated),
  ],
  tickets: text('subject content hs_pipeline hs_pipeline_stage hs_ticket_priority'),
  products: [
    ...text('hs_sku', { hasUniqueValue: true }),
    ...text(
      'name hs_images hs_url hs_recurring_billing_period hs_pricing_model hs_tier_ranges hs_tier_prices',
    ),
    ...each('description', 'string', 'textarea'),
    ...number('price hs_cost_of_goods_sold hs_price_eur hs_price_usd hs_price_gbp'),
    choice('hs_product_type', 'inventory non_inventory service'),
    choice(
      'recurringbillingfrequency',
      'weekly biweekly monthly quarterly per_six_months annually per_two_years',
    ),
  ],
  line_items: [
    ...text(
      'name hs_sku hs_product_id hs_line_item_currency_code hs_tax_rate_group_id hs_images hs_url hs_variant_id',
    ),
    ...text('hs_recurring_billing_period hs_pricing_model hs_tier_ranges hs_tier_prices'),
    ...each('description', 'string', 'textarea'),
    ...number(
      'quantity price discount hs_discount_percentage tax hs_cost_of_goods_sold hs_position_on_quote',
    ),
    ...number('amount hs_pre_discount_amount hs_total_discount hs_tax_amount hs_tax_rate', calculated),
    choice(
      'recurringbillingfrequency',
      'weekly biweekly monthly quarterly per_six_months annually per_two_years',
    ),
    ...each('hs_recurring_billing_start_date hs_recurring_billing_end_date', 'date', 'date'),
  ],
  quotes: text('hs_title hs_status hs_currency'),
  tasks: text('hs_task_subject hs_task_body hs_task_status hs_timestamp'),
  notes: text('hs_note_body hs_timestamp'),
  invoices: [
    ...text(
      'hs_currency hs_tax_id hs_purchase_order_number hs_comments hs_language hs_locale hs_custom_fields hs_title',
    ),
    ...text('hs_allowed_payment_methods hs_collect_address_types'),
    ...text('hs_number hs_invoice_link hs_pdf_download_link', readOnly),
    ...address('hs_recipient_shipping_', 'address address2 city state zip country'),
    ...address('hs_recipient_company_', 'address address2 city state zip country'),
    choice('hs_invoice_status', 'draft open paid voided'),
    choice('hs_invoice_payment_collection_method', 'manual none'),
    ...bool('hs_invoice_billable hs_allow_partial_payments'),
    ...datetime('hs_invoice_date hs_due_date'),
    ...number('hs_amount_billed hs_balance_due hs_amount_paid', calculated),
  ],
  subscriptions: text('hs_name hs_status hs_currency_code'),
  discounts: [
    choice('hs_type', 'PERCENT FIXED'),
    ...number('hs_value hs_sort_order'),
    ...text('hs_label hs_duration'),
  ],
  fees: [choice('hs_type', 'PERCENT FIXED'), ...number('hs_value hs_sort_order'), ...text('hs_label')],
  taxes: [choice('hs_type', 'PERCENT FIXED'), ...number('hs_value hs_sort_order'), ...text('hs_label')],
  commerce_payments: [
    ...text('hs_currency_code hs_latest_status hs_reference_number'),
    ...number('hs_initial_amount'),
  ],
  orders: [
    ...text('hs_order_name hs_currency_code hs_source_store hs_fulfillment_status hs_shipping_status_url'),
    ...text(
      'hs_shipping_tracking_number hs_external_order_id hs_external_order_status hs_external_order_url',
    ),
    ...text('hs_external_cart_id hs_external_checkout_id hs_discount_codes hs_payment_status hs_order_type'),
    ...datetime('hs_external_created_date hs_processed_date'),
    ...number('hs_total_price hs_subtotal_price hs_tax hs_shipping_cost'),
    ...number('hs_exchange_rate hs_homecurrency_amount', calculated),
    ...address('hs_billing_address_', 'name email phone street city state postal_code country'),
    ...address('hs_shipping_address_', 'name street city state postal_code country'),
  ],
  carts: [
    ...text(
      'hs_cart_name hs_external_cart_id hs_source_store hs_external_status hs_cart_url hs_currency_code hs_tags',
    ),
    ...number('hs_total_price hs_cart_discount hs_tax hs_shipping_cost hs_subtotal_price'),
  ],
}

/** Group names and labels a new portal has, per object. */
export const defaultGroups = (type: ObjectType): { name: string; label: string }[] => [
  {
    name: `${type.singular.replace('_', '')}information`,
    label: `${type.singular.replace('_', ' ')} information`,
  },
]

/** The properties a new portal has for an object type; `now` in ms stamps them. */
export function defaultProperties(type: ObjectType, now: number): SimProperty[] {
  const drafts: Draft[] = [
    ...(SPECIFIC[type.name] ?? []),
    owner,
    ...each(STAGED[type.name] ?? '', 'enumeration', 'select').filter((draft) => draft.name !== ''),
    ...number('hs_object_id', readOnly),
    ...datetime(`${type.createdProperty} ${type.modifiedProperty}`, readOnly),
    ...text('hs_object_source hs_object_source_id hs_object_source_label hs_merged_object_ids', readOnly),
    ...text('hs_unique_creation_key', readOnly),
  ]
  const groupName = defaultGroups(type)[0]?.name ?? ''
  return drafts.map((draft, displayOrder) => ({
    label: draft.name.replace(/^hs_/, '').replaceAll('_', ' '),
    groupName,
    description: '',
    options: [],
    displayOrder,
    hasUniqueValue: false,
    hidden: false,
    formField: true,
    hubspotDefined: true,
    calculated: false,
    readOnlyValue: false,
    externalOptions: false,
    createdAt: now,
    updatedAt: now,
    rest: {},
    ...draft,
  }))
}
