import type { CanonicalRecord, Customer, Order } from '@crosswalk/shared/model'
import type { Part } from './work.ts'

type Named = Partial<Pick<Customer, 'firstName' | 'lastName' | 'company' | 'email' | 'phone'>>

const line = (texts: readonly (string | null | undefined)[]): string =>
  texts
    .map((text) => text?.trim() ?? '')
    .filter(Boolean)
    .join(' · ')

/** What a part stands for, in one line for people who know the source: a buyer's name and address, a product and its SKU. */
export function partLabel(part: Part, record: CanonicalRecord): string {
  const { customer, billing, number } = record as Partial<Order>
  const who = (customer ?? record) as Named
  const item = part.item as { name?: string; sku?: string } | null
  if (item?.name !== undefined) return line([item.name, item.sku])
  if (part.role === 'company') return line([who.company || billing?.company])
  if (part.role === 'document' && number !== undefined) return `#${number}`
  const name = [who.firstName || billing?.firstName, who.lastName || billing?.lastName].join(' ')
  return line([name, who.email ?? billing?.email, who.phone || billing?.phone])
}
