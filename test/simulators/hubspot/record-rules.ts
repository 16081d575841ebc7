import { ORDER_PIPELINE_ID } from './default-pipelines.ts'
import { invalidProperties, type PropertyProblem } from './errors.ts'
import type { Account, ObjectStore, Values } from './state.ts'

type Changes = Record<string, string | null>

/** Of each list one property has to be there on create. */
const NEEDED: Record<string, string[]> = {
  contacts: ['email', 'firstname', 'lastname'],
  companies: ['name', 'domain'],
  products: ['name'],
  invoices: ['hs_currency'],
}

/** What a line item takes from its product where the create does not say. */
const INHERITED = ['name', 'description', 'price', 'hs_sku', 'hs_cost_of_goods_sold', 'hs_images', 'hs_url']

/**
 * Fills in what HubSpot sets by itself on create and refuses a create without its needed values.
 * @throws ApiError 400
 */
export function startValues(account: Account, store: ObjectStore, values: Changes): void {
  const needed = NEEDED[store.type.name]
  if (needed && !needed.some((name) => values[name])) {
    const problems: PropertyProblem[] = needed.map((name) => ({
      name,
      code: 'REQUIRED_PROPERTY',
      message: `One of the properties [${needed.join(', ')}] must be set`,
    }))
    throw invalidProperties(problems, account.portalId)
  }
  switch (store.type.name) {
    case 'deals':
      values['pipeline'] ??= 'default'
      break
    case 'orders': {
      const pipelines = account.pipelines.get('orders')
      const first = pipelines?.get(ORDER_PIPELINE_ID) ?? pipelines?.values().next().value
      if (!values['hs_pipeline'] && first) values['hs_pipeline'] = first.id
      const stages = pipelines?.get(values['hs_pipeline'] ?? '')?.stages
      const firstStage = stages?.values().next().value?.id
      if (!values['hs_pipeline_stage'] && firstStage) values['hs_pipeline_stage'] = firstStage
      break
    }
    case 'invoices':
      values['hs_invoice_status'] ??= 'draft'
      values['hs_due_date'] ??= new Date(account.clock.now()).toISOString()
      break
    case 'line_items': {
      const product = account.stores.get('products')?.records.get(values['hs_product_id'] ?? '')
      if (!product || product.archived) break
      for (const name of INHERITED) {
        const value = product.properties[name]
        if (value !== undefined) values[name] ??= value
      }
    }
  }
}

/** Drops binary noise from a product or sum of decimal amounts. */
const decimal = (amount: number): string => String(Number(amount.toFixed(6)))

/** Computes the read-only values that follow from others; changes `properties`. */
export function derivedValues(account: Account, store: ObjectStore, properties: Values): void {
  switch (store.type.name) {
    case 'contacts':
      if (properties['email']) properties['hs_email_domain'] = properties['email'].split('@')[1] ?? ''
      break
    case 'line_items': {
      if (properties['price'] === undefined) break
      const quantity = Number(properties['quantity'] ?? '1')
      const full = Number(properties['price']) * quantity
      const perUnit = Number(properties['discount'] ?? '0') * quantity
      const reduction = perUnit + (full * Number(properties['hs_discount_percentage'] ?? '0')) / 100
      properties['hs_pre_discount_amount'] = decimal(full)
      properties['hs_total_discount'] = decimal(reduction)
      properties['amount'] = decimal(full - reduction)
      break
    }
    case 'deals': {
      const stage = account.pipelines
        .get('deals')
        ?.get(properties['pipeline'] ?? '')
        ?.stages.get(properties['dealstage'] ?? '')
      if (!stage) break
      const probability = Number(stage.metadata['probability'])
      properties['hs_deal_stage_probability'] = String(stage.metadata['probability'])
      properties['hs_is_closed_won'] = String(probability === 1)
      properties['hs_is_closed_lost'] = String(probability === 0)
      properties['hs_is_closed'] = String(probability === 1 || probability === 0)
    }
  }
}
