import type { RefTarget, Step } from '../../sdk/index.ts'
import { ASSOCIATIONS } from '../association-types.ts'
import type { ObjectName } from '../object-types.ts'
import * as keys from '../order-keys.ts'

type OrderStep = Step<'order'> & { object: ObjectName }

/** A line item belongs to one parent: an order written as order and as deal has a set of its own under each. */
export function orderSteps(document: {
  object: 'deals' | 'orders'
  toContact: RefTarget
  toCompany: RefTarget
  fromLine: RefTarget
  lineKey: typeof keys.lineKey
}): OrderStep[] {
  return [
    {
      role: 'company',
      object: 'companies',
      each: 'one',
      shared: true,
      key: ({ record }) => keys.orderCompanyKey(record),
      match: { domain: ({ record }) => keys.orderCompanyDomain(record) },
      refs: [],
      whenGone: 'keep',
    },
    {
      role: 'contact',
      object: 'contacts',
      each: 'one',
      shared: true,
      key: ({ record }) => keys.orderEmail(record),
      match: { phone: ({ record }) => keys.orderPhone(record) },
      refs: [
        { role: 'company', as: ASSOCIATIONS.contactToPrimaryCompany, required: false },
        { role: 'company', as: ASSOCIATIONS.contactToCompany, required: false },
      ],
      whenGone: 'keep',
    },
    {
      role: 'product',
      object: 'products',
      each: 'lines',
      shared: true,
      key: keys.lineProductKey,
      match: {},
      refs: [],
      whenGone: 'keep',
    },
    {
      role: 'document',
      object: document.object,
      each: 'one',
      shared: false,
      key: keys.documentKey,
      match: {},
      refs: [
        { role: 'contact', as: document.toContact, required: false },
        { role: 'company', as: document.toCompany, required: false },
      ],
      whenGone: 'keep',
    },
    {
      role: 'line',
      object: 'line_items',
      each: 'lines',
      shared: false,
      key: document.lineKey,
      match: {},
      refs: [
        { role: 'document', as: document.fromLine, required: true },
        { role: 'product', as: { kind: 'field', field: 'hs_product_id' }, required: false },
      ],
      whenGone: 'archive',
    },
  ]
}
