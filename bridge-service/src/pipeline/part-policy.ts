import type { CanonicalRecord, Entity, Order, OrderLine, Product } from '@crosswalk/shared/model'
import {
  companyWanted,
  contactWanted,
  documentLines,
  type OrderSettings,
  type Role,
} from '@crosswalk/shared/flows'
import type { Step } from '@crosswalk/connectors/sdk'

/** What a flow's settings say about the parts of one role. */
export interface PartPolicy {
  present: boolean
  mayCreate: boolean
  mayUpdate: boolean
  onMissing: 'leave_out' | 'fail'
  /** The key to use instead of the record's own: the contact that stands in for guests. */
  key?: string
}

type Settings = Readonly<Record<string, unknown>>

const ALWAYS: PartPolicy = { present: true, mayCreate: true, mayUpdate: true, onMissing: 'fail' }
const ABSENT: PartPolicy = { present: false, mayCreate: false, mayUpdate: false, onMissing: 'leave_out' }

/** The policy for a role, from the settings of design section 6. */
export function policyFor(
  entity: Entity,
  role: Role,
  record: CanonicalRecord,
  settings: Settings,
): PartPolicy {
  if (role === 'contact' && isOrder(entity)) {
    const wanted = contactWanted(record as Order, settings as OrderSettings)
    if (wanted === null) return ABSENT
    return {
      present: true,
      mayCreate: wanted.create,
      mayUpdate: wanted.update,
      onMissing: 'leave_out',
      ...(wanted.of === 'default' ? { key: wanted.email } : {}),
    }
  }
  if (role === 'company') {
    if (!isOrder(entity))
      return settings['company'] === 'never' ? ABSENT : { ...ALWAYS, onMissing: 'leave_out' }
    const wanted = companyWanted(record as Order, settings as OrderSettings)
    if (wanted === null) return ABSENT
    return { present: true, mayCreate: wanted.create, mayUpdate: wanted.update, onMissing: 'leave_out' }
  }
  if (role === 'product' && isOrder(entity)) {
    const missing = String(settings['missingProducts'] ?? 'create')
    return {
      present: true,
      mayCreate: missing === 'create',
      mayUpdate: settings['updateProducts'] === true,
      onMissing: missing === 'fail' ? 'fail' : 'leave_out',
    }
  }
  if (role === 'document') {
    // Of a customer flow the document is the customer.
    const customers = entity === 'customer' ? settings['customers'] : undefined
    return {
      ...ALWAYS,
      mayCreate: settings['createMissing'] !== false && customers !== 'update',
      mayUpdate: settings['existing'] !== 'skip' && customers !== 'create',
      onMissing: 'leave_out',
    }
  }
  return ALWAYS
}

/**
 * Whether the settings ask for a part of this role, whatever the record has to find it by: of a buyer without an e-mail
 * address there is no contact, but one is asked for.
 */
export function partWanted(entity: Entity, role: Role, record: CanonicalRecord, settings: Settings): boolean {
  if (role !== 'contact' || !isOrder(entity)) return policyFor(entity, role, record, settings).present
  const { guest } = (record as Order).customer
  return settings['customers'] !== 'off' && !(guest && settings['guests'] !== 'as_customers' && settings['guests'] !== 'default_contact') // prettier-ignore
}

const isOrder = (entity: Entity): boolean => entity === 'order' || entity === 'invoice'

/** One element of a step that runs per element, with a name that stays the same over the record's life. */
export interface Item {
  name: string
  value: unknown
}

const WHOLE: readonly Item[] = [{ name: '', value: null }]

/** The elements a step runs over: document lines as the settings make them, or a product's sellable units. */
export function itemsOf(
  step: Step,
  entity: Entity,
  record: CanonicalRecord,
  settings: Settings,
): readonly Item[] {
  if (step.each === 'lines' && isOrder(entity)) {
    return documentLines(record as Order, settings as OrderSettings).map((line: OrderLine) => ({
      name: `${line.kind}:${line.id}`,
      value: line,
    }))
  }
  if (step.each === 'units') return unitsOf(record as Product)
  return WHOLE
}

/** What of a product is sold on its own: its variants, or itself. */
function unitsOf(product: Product): readonly Item[] {
  if (product.variants.length === 0) return [{ name: product.id, value: product }]
  return product.variants.map((variant) => ({ name: variant.id, value: variant }))
}
