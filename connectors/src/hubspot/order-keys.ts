import {
  normaliseCompanyName,
  normaliseEmail,
  normaliseVatId,
  type Customer,
  type Order,
  type OrderLine,
} from '@crosswalk/shared/model'
import type { PartScope } from '../sdk/index.ts'
import { companyDomain } from './free-mail.ts'

type OrderScope = PartScope<'order'>

/** `vat:<number>` or `name:<name>|<country>`; null without a company's name, which HubSpot needs to make one. */
function companyKey(name: string, vatId: string, country: string): string | null {
  const normalised = normaliseCompanyName(name)
  if (normalised === '') return null
  const vat = normaliseVatId(vatId)
  return vat === '' ? `name:${normalised}|${country}` : `vat:${vat}`
}

export const customerEmail = (customer: Customer): string | null =>
  normaliseEmail(customer.email ?? '') ?? normaliseEmail(customer.billing.email)

/** Only proposes people, so it is taken as it was typed. */
export const customerPhone = ({ phone, billing }: Customer): string | null => phone || billing.phone || null
export const orderPhone = ({ customer, billing }: Order): string | null =>
  customer.phone || billing.phone || null

export const customerCompanyKey = (customer: Customer): string | null =>
  companyKey(customer.company || customer.billing.company, customer.vatId, customer.billing.country)

export const orderEmail = ({ customer, billing }: Order): string | null =>
  normaliseEmail(customer.email ?? '') ?? normaliseEmail(billing.email)

export const orderCompanyKey = ({ customer, billing }: Order): string | null =>
  companyKey(customer.company || billing.company, customer.vatId, billing.country)

/** A company is looked for by the buyer's domain only where a company was named: staff also buy for themselves. */
export const orderCompanyDomain = (order: Order): string | null =>
  orderCompanyKey(order) === null ? null : companyDomain(orderEmail(order))

export const customerCompanyDomain = (customer: Customer): string | null =>
  customerCompanyKey(customer) === null ? null : companyDomain(customerEmail(customer))

/** Key of an order's document: two shops may number alike, so the store stands before it. */
export const documentKey = ({ origin, record }: OrderScope): string => `${origin}:${record.id}`

const lineOf = (scope: OrderScope): OrderLine => scope.item as OrderLine

export function lineKey(scope: OrderScope): string {
  const line = lineOf(scope)
  return `${documentKey(scope)}:${line.kind}:${line.id}`
}

/** A deal's line items are a set of their own, so that one order may be written as order and as deal side by side. */
export const dealLineKey = (scope: OrderScope): string => `${lineKey(scope)}:deal`

/** SKU of a product line; shipping, fees and lines without a SKU are no products. */
export function lineProductKey(scope: OrderScope): string | null {
  const line = lineOf(scope)
  const sku = line.kind === 'product' ? line.sku.trim() : ''
  return sku === '' ? null : sku
}
