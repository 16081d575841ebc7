import type { ObjectName } from './object-types.ts'

interface Scope {
  scope: string
  /** Shown beside the scope when a user signs in. */
  reason: string
  optional?: boolean
}

/**
 * Scopes asked for at sign-in. `e-commerce` stands for reading and writing products and line items, and is the only
 * scope that may add properties to those two.
 */
export const SCOPES: readonly Scope[] = [
  { scope: 'oauth', reason: 'Tells which HubSpot account was connected, its currency and its time zone.' },
  { scope: 'crm.objects.contacts.read', reason: 'Finds a buyer by e-mail address before one is made.' },
  { scope: 'crm.objects.contacts.write', reason: 'Makes and updates the contact of a buyer.' },
  { scope: 'crm.schemas.contacts.write', reason: 'Adds the Crosswalk properties of contacts.' },
  {
    scope: 'e-commerce',
    reason: 'Makes, finds and updates products and line items, and adds their properties.',
  },
  { scope: 'crm.objects.companies.read', reason: 'Finds the company of a business buyer.', optional: true },
  { scope: 'crm.objects.companies.write', reason: 'Makes the company of a business buyer.', optional: true },
  {
    scope: 'crm.schemas.companies.write',
    reason: 'Adds the Crosswalk properties of companies.',
    optional: true,
  },
  { scope: 'crm.objects.deals.read', reason: 'Reads deals and their pipelines.', optional: true },
  { scope: 'crm.objects.deals.write', reason: 'Writes orders as deals.', optional: true },
  { scope: 'crm.schemas.deals.write', reason: 'Adds the Crosswalk properties of deals.', optional: true },
  { scope: 'crm.objects.orders.read', reason: 'Reads orders and their pipelines.', optional: true },
  {
    scope: 'crm.objects.orders.write',
    reason: 'Writes orders as orders, and adds their Crosswalk properties.',
    optional: true,
  },
]

/** The scopes that let an object be read, written and given properties. */
export const OBJECT_SCOPES: Readonly<Record<ObjectName, { read: string; write: string; schema: string }>> = {
  contacts: {
    read: 'crm.objects.contacts.read',
    write: 'crm.objects.contacts.write',
    schema: 'crm.schemas.contacts.write',
  },
  companies: {
    read: 'crm.objects.companies.read',
    write: 'crm.objects.companies.write',
    schema: 'crm.schemas.companies.write',
  },
  products: { read: 'e-commerce', write: 'e-commerce', schema: 'e-commerce' },
  line_items: { read: 'e-commerce', write: 'e-commerce', schema: 'e-commerce' },
  deals: {
    read: 'crm.objects.deals.read',
    write: 'crm.objects.deals.write',
    schema: 'crm.schemas.deals.write',
  },
  orders: {
    read: 'crm.objects.orders.read',
    write: 'crm.objects.orders.write',
    schema: 'crm.objects.orders.write',
  },
}
