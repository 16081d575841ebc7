import { causeRef } from '@crosswalk/shared/causes'
import { open, partsOf, type Part, type RecordWork } from './work.ts'

/**
 * Decides per part: nothing to do, create, or update. A preview ends after this step. What is equal to what was written
 * last is not written again; a shared part is not set back by an older record of the same customer.
 */
export function compare(works: readonly RecordWork[]): void {
  for (const part of partsOf(open(works))) if (part.state === 'planned') part.state = decide(part)
}

function decide(part: Part): Part['state'] {
  if (part.id === null) {
    if (part.mayCreate && part.createDraft !== null) return 'create'
    if (part.onMissing === 'leave_out') return 'left_out'
    part.problem = {
      kind: 'missing',
      message: missingText(part),
      ...(part.role === 'product' ? { said: { named: causeRef('product_missing', { sku: part.key }) } } : {}),
    }
    return 'failed'
  }
  if (part.updateDraft === null || Object.keys(part.updateDraft).length === 0) return 'same'
  if (part.edited) return 'update'
  if (!part.mayUpdate) return 'same'
  if (part.writtenHash === part.hash) return 'same'
  if (part.shared && part.writtenStamp !== null && part.stamp !== null && part.stamp < part.writtenStamp)
    return 'same'
  return 'update'
}

function missingText(part: Part): string {
  if (part.role === 'product') {
    return `The product with SKU "${part.key ?? ''}" is not in the target, and this flow does not create products. Create it there, or let the flow create missing products.`
  }
  return `The ${part.role} is not in the target, and this flow does not create it.`
}
