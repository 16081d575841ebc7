import { whyNot } from '../mapping/explain.ts'
import type { Product } from '../model/product.ts'
import type { CommonSettings } from './common.ts'
import { startInstant } from './order-parts.ts'
import type { ProductSettings } from './product.ts'

type Select = Pick<CommonSettings, 'startDate' | 'filter'>

/**
 * Null when a record that is no sale belongs to the flow, else the rule that keeps it out and the value it met, as a
 * sentence. As `statusWanted`, it decides whether a record enters.
 */
export function recordWanted(record: { createdAt?: string | null }, settings: Select): string | null {
  const { createdAt } = record
  if (settings.startDate !== null && createdAt) {
    const before = Date.parse(createdAt) < Date.parse(startInstant(settings.startDate))
    if (before) return `Start date: it was made on ${createdAt}, before ${settings.startDate}.`
  }
  const reason = settings.filter === null ? null : whyNot(settings.filter, record)
  return reason === null ? null : `Custom filter: ${reason}.`
}

/** As `recordWanted`, for products: kinds and states count too. */
export function productWanted(
  product: Product,
  settings: Select & Pick<ProductSettings, 'kinds' | 'statuses'>,
): string | null {
  // A source that lists variants on their own has them as parts of a variable product.
  const kind = product.kind === 'variant' ? 'variable' : product.kind
  if (!settings.kinds.includes(kind)) {
    return `Kinds of product: it is of kind ${kind}; this flow takes ${settings.kinds.join(', ')}.`
  }
  if (!settings.statuses.includes(product.status)) {
    return `States: the product is ${product.status}; this flow takes ${settings.statuses.join(', ')}.`
  }
  return recordWanted(product, settings)
}
