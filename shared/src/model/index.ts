import { Category } from './category.ts'
import { Customer } from './customer.ts'
import { Invoice } from './invoice.ts'
import { JournalEntry } from './journal-entry.ts'
import { Order } from './order.ts'
import { Product } from './product.ts'
import { Stock } from './stock.ts'

export * from './address.ts'
export * from './category.ts'
export * from './common.ts'
export * from './customer.ts'
export * from './invoice.ts'
export * from './journal-entry.ts'
export * from './money.ts'
export * from './order.ts'
export * from './order-totals.ts'
export * from './party.ts'
export * from './product.ts'
export * from './stock.ts'

/** The canonical schema of each entity that a flow can carry. A refund travels inside its order. */
export const canonical = {
  order: Order,
  invoice: Invoice,
  customer: Customer,
  product: Product,
  category: Category,
  stock: Stock,
  journal_entry: JournalEntry,
} as const

export type Entity = keyof typeof canonical
export const ENTITIES = Object.keys(canonical) as readonly Entity[]

export interface Canonical {
  order: Order
  invoice: Invoice
  customer: Customer
  product: Product
  category: Category
  stock: Stock
  journal_entry: JournalEntry
}
export type CanonicalRecord = Canonical[Entity]
