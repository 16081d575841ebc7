import { whyNot } from '../mapping/explain.ts'
import type { Order } from '../model/order.ts'
import { normaliseEmail } from '../model/party.ts'
import type { OrderSettings } from './order.ts'

export type PartySettings = Pick<
  OrderSettings,
  'customers' | 'guests' | 'defaultContact' | 'company' | 'companyMatch'
>

/** The contact an order asks for. `of` tells whether it is the buyer or the one that stands in for guests. */
export interface ContactWanted {
  /** Normalised e-mail address, the contact's key. */
  email: string
  of: 'buyer' | 'default'
  create: boolean
  update: boolean
}

/**
 * The contact of an order, or null where it gets none: customers are off, the buyer is a guest and guests get none, or
 * there is no e-mail address to find anyone by. With a default contact, buyers without an address get it too. The
 * default contact is created when missing, and never changed by what a guest typed.
 */
export function contactWanted(order: Order, settings: PartySettings): ContactWanted | null {
  if (settings.customers === 'off') return null
  const create = settings.customers !== 'link_only'
  const email = normaliseEmail(order.customer.email ?? '') ?? normaliseEmail(order.billing.email)
  const stands = settings.guests === 'default_contact' && (order.customer.guest || email === null)
  if (stands) {
    const standIn = normaliseEmail(settings.defaultContact ?? '')
    return standIn === null ? null : { email: standIn, of: 'default', create, update: false }
  }
  if (order.customer.guest && settings.guests !== 'as_customers') return null
  if (email === null) return null
  return { email, of: 'buyer', create, update: settings.customers === 'create_and_update' }
}

/** The company an order asks for. */
export interface CompanyWanted {
  name: string
  vatId: string
  /** ISO 3166-1 alpha-2, empty when unknown. */
  country: string
  matchBy: OrderSettings['companyMatch']
  create: boolean
  update: boolean
}

/**
 * The company of an order: a buyer who gives a company name. Null where companies or customers are off, no name is
 * given, or a guest gets no contact of their own.
 */
export function companyWanted(order: Order, settings: PartySettings): CompanyWanted | null {
  if (settings.company === 'never' || settings.customers === 'off') return null
  if (order.customer.guest && settings.guests !== 'as_customers') return null
  const name = order.customer.company.trim() || order.billing.company.trim()
  if (name === '') return null
  return {
    name,
    vatId: order.customer.vatId,
    country: order.billing.country,
    matchBy: settings.companyMatch,
    create: settings.customers !== 'link_only',
    update: settings.customers === 'create_and_update',
  }
}

export type SelectSettings = Pick<OrderSettings, 'statuses' | 'startDate' | 'filter' | 'guests'>

/** A start date as an instant; a day begins at its midnight in UTC. */
export const startInstant = (startDate: string): string =>
  startDate.length === 10 ? `${startDate}T00:00:00Z` : startDate

/**
 * Null when an order belongs to the flow, else the rule that keeps it out and the value it met, as a sentence. It
 * decides whether an order enters: one already in the target still has to be told that it was cancelled. `scope` is
 * what the custom filter reads, the order itself where nothing else is given.
 */
export function statusWanted(order: Order, settings: SelectSettings, scope: unknown = order): string | null {
  const { canonical, source, name } = order.status
  const status = name === '' || name === source ? `"${source}"` : `"${name}" (${source})`
  if (settings.statuses.length === 0 && canonical === 'draft') {
    return `Status filter: the order is a draft or an unfinished checkout (status ${status}).`
  }
  if (settings.statuses.length > 0 && !settings.statuses.includes(source)) {
    return `Status filter: the order's status is ${status}; the statuses that count are ${settings.statuses.join(', ')}.`
  }
  if (settings.startDate !== null && order.createdAt !== null) {
    const before = Date.parse(order.createdAt) < Date.parse(startInstant(settings.startDate))
    if (before) return `Start date: the order was made on ${order.createdAt}, before ${settings.startDate}.`
  }
  if (settings.guests === 'skip_order' && order.customer.guest) {
    return 'Guests: the buyer has no account, and orders of guests are skipped.'
  }
  const reason = settings.filter === null ? null : whyNot(settings.filter, scope)
  return reason === null ? null : `Custom filter: ${reason}.`
}
