import { describe, expect, it } from 'vitest'
import { causeOf, type CauseKey } from '@crosswalk/shared/causes'
import type { FailureDescription } from '../sdk/index.ts'
import { classify } from './classify.ts'
import { recordings, reply } from './test-drive.ts'

/** What people are told of each recorded refusal; a new recording with another code has to be entered here. */
const EXPECTED: Readonly<Record<string, CauseKey>> = {
  woocommerce_rest_cannot_view: 'key_refused',
  woocommerce_rest_authentication_error: 'key_refused',
  woocommerce_rest_shop_order_invalid_id: 'record_gone',
  woocommerce_rest_product_invalid_id: 'record_gone',
  wc_user_invalid_id: 'record_gone',
  rest_no_route: 'api_missing',
  product_invalid_sku: 'value_taken',
  product_invalid_global_unique_id: 'value_taken',
  term_exists: 'value_taken',
  'registration-error-email-exists': 'value_taken',
  rest_invalid_param: 'value_refused',
  rest_missing_callback_param: 'value_missing',
  rest_invalid_json: 'answer_unreadable',
  woocommerce_rest_request_entity_too_large: 'too_large',
  woocommerce_product_image_upload_error: 'picture_unreachable',
  woocommerce_rest_trash_not_supported: 'not_writable',
  woocommerce_rest_cannot_create_order_refund: 'value_refused',
  woocommerce_rest_invalid_customer_id: 'record_gone',
  woocommerce_rest_required_product_reference: 'product_missing',
  // Says no more than that it refused.
  woocommerce_rest_shop_webhook_invalid_topic: 'unknown_answer',
}

const told = (read: FailureDescription | undefined): CauseKey | undefined =>
  read &&
  causeOf({
    code: read.kind,
    step: 'deliver',
    system: 'WooCommerce',
    source: 'Ecwid',
    field: read.fields?.[0],
    named: read.named,
  }).key

describe('the cause of every recorded refusal', () => {
  const refusals = recordings()
    .filter((one) => one.response.status >= 400)
    .map((one) => ({ ...one, code: (one.response.body as { code: string }).code }))
  it.each(refusals)('$request.method $request.path: $code', ({ request, response, code }) => {
    const call = { method: request.method ?? 'GET', path: request.path }
    expect(told(classify(reply(response.body, response.status), call))).toBe(EXPECTED[code])
  })
})

describe('the cause of what comes from elsewhere', () => {
  const auth = 'woocommerce_rest_authentication_error'
  it.each([
    ['a wall', 403, '<html>Forbidden</html>', 'firewall_blocks'],
    ['a wall that says 406', 406, '', 'firewall_blocks'],
    ['plain permalinks', 404, '<html>Not found</html>', 'plain_permalinks'],
    ['a plugin that closes the API', 401, { code: 'rest_login_required' }, 'firewall_blocks'],
    ['a user without the right', 403, { code: 'woocommerce_rest_cannot_view' }, 'permission_missing'],
    ['clocks', 401, { code: auth, message: 'Invalid timestamp.' }, 'clock_differs'],
    ['a request it has seen', 401, { code: auth, message: 'Invalid nonce - used.' }, 'system_silent'],
    ['a read key that writes', 401, { code: auth, message: 'The key does not have write permissions' }, 'key_refused', 'PUT'],
    ['a wrong secret', 401, { code: auth, message: 'Consumer secret is invalid.' }, 'key_refused'],
  ])('%s', (_name, status, body, cause, method = 'GET') => {
    expect(told(classify(reply(body, status), { method: method as 'GET', path: '/x' }))).toBe(cause)
  }) // prettier-ignore
})
