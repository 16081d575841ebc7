import type { z } from 'zod'
import type { Entity } from '../model/index.ts'
import { CategorySettings } from './category.ts'
import { CustomerSettings } from './customer.ts'
import { InvoiceSettings } from './invoice.ts'
import { sayIssues, type SettingIssue } from './issues.ts'
import { JournalEntrySettings } from './journal-entry.ts'
import { OrderSettings } from './order.ts'
import { ProductSettings } from './product.ts'
import { StockSettings } from './stock.ts'

/** The settings of a flow, by the entity it carries. */
export const flowSettings = {
  order: OrderSettings,
  invoice: InvoiceSettings,
  customer: CustomerSettings,
  product: ProductSettings,
  category: CategorySettings,
  stock: StockSettings,
  journal_entry: JournalEntrySettings,
} as const satisfies Record<Entity, z.ZodObject>

export type FlowSettings = { [E in Entity]: z.infer<(typeof flowSettings)[E]> }

/**
 * Settings with their defaults filled in, or what is wrong with the input, field by field, in plain words. An empty
 * object gives the safe defaults of the entity.
 */
export function parseSettings<E extends Entity>(
  entity: E,
  input: unknown,
): { ok: true; settings: FlowSettings[E] } | { ok: false; issues: SettingIssue[] } {
  const schema: z.ZodObject = flowSettings[entity]
  const parsed = schema.safeParse(input)
  if (parsed.success) return { ok: true, settings: parsed.data as FlowSettings[E] }
  return { ok: false, issues: sayIssues(parsed.error, schema, input) }
}
