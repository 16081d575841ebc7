import type { Token } from './call.ts'
import { ApiError } from './errors.ts'

/** Objects whose calls `e-commerce` opens as well. */
const E_COMMERCE: ReadonlySet<string> = new Set(['products', 'line_items', 'discounts', 'fees'])

/** Objects that have no scope of their own. */
const SCOPED_AS: Record<string, string> = {
  discounts: 'line_items',
  fees: 'line_items',
  taxes: 'line_items',
  commerce_payments: 'commercepayments',
  notes: 'contacts',
  tasks: 'contacts',
}

export type Need = 'read' | 'write'

/** Any one of the returned scopes opens a call on an object's records. */
export function objectScopes(object: string, need: Need): string[] {
  if (object === 'tickets') return ['tickets']
  const scope = `crm.objects.${SCOPED_AS[object] ?? object}.${need}`
  return E_COMMERCE.has(object) ? [scope, 'e-commerce'] : [scope]
}

/** Scopes for definitions (properties, groups). Products and line items have no schema scope for writing. */
export function schemaScopes(object: string, need: Need): string[] {
  const name = SCOPED_AS[object] ?? object
  const eCommerce = E_COMMERCE.has(object)
  if (need === 'write') {
    if (eCommerce || name === 'line_items') return ['e-commerce']
    const own = object === 'orders' || object === 'carts' ? [`crm.objects.${name}.write`] : []
    return [`crm.schemas.${name}.write`, ...own, ...(object === 'tickets' ? ['tickets'] : [])]
  }
  const read = ['schemas', 'objects'].flatMap((area) => [
    `crm.${area}.${name}.read`,
    `crm.${area}.${name}.write`,
  ])
  return [...read, ...(eCommerce ? ['e-commerce'] : []), ...(object === 'tickets' ? ['tickets'] : [])]
}

export function pipelineScopes(object: string, need: Need): string[] {
  if (object !== 'orders') return schemaScopes(object, need)
  return ['pipelines', 'objects', 'schemas'].flatMap((area) =>
    need === 'read' ? [`crm.${area}.orders.read`, `crm.${area}.orders.write`] : [`crm.${area}.orders.write`],
  )
}

/** Refuses a token that has none of the scopes. @throws ApiError 403 MISSING_SCOPES */
export function requireScope(token: Token, anyOf: string[]): void {
  if (anyOf.some((scope) => token.scopes.has(scope))) return
  throw new ApiError(
    403,
    'MISSING_SCOPES',
    "This app hasn't been granted all required scopes to make this call. " +
      'Read more about required scopes here: https://developers.hubspot.com/scopes.',
    {
      errors: [
        {
          message: 'One or more of the following scopes are required.',
          context: { requiredGranularScopes: anyOf },
        },
      ],
      links: { scopes: 'https://developers.hubspot.com/scopes' },
    },
  )
}

const OBJECTS =
  'contacts companies deals products line_items orders carts invoices commercepayments quotes subscriptions'

/** Every scope the simulator knows; what a token has where nothing else is said. */
export const ALL_SCOPES: readonly string[] = [
  'oauth',
  'e-commerce',
  'tickets',
  'crm.objects.owners.read',
  'crm.pipelines.orders.read',
  'crm.pipelines.orders.write',
  ...OBJECTS.split(' ').flatMap((name) => [`crm.objects.${name}.read`, `crm.objects.${name}.write`]),
  ...'contacts companies deals orders carts invoices'
    .split(' ')
    .flatMap((name) => [`crm.schemas.${name}.read`, `crm.schemas.${name}.write`]),
]
