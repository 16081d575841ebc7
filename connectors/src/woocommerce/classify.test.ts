import { describe, expect, it } from 'vitest'
import type { FailureKind } from '../sdk/index.ts'
import { classify } from './classify.ts'
import { recordings, reply } from './test-drive.ts'

/** What each recorded code means; a new recording with another code has to be entered here. */
const EXPECTED: Readonly<Record<string, FailureKind>> = {
  woocommerce_rest_cannot_view: 'unauthorized',
  woocommerce_rest_authentication_error: 'unauthorized',
  woocommerce_rest_shop_order_invalid_id: 'not_found',
  woocommerce_rest_product_invalid_id: 'not_found',
  wc_user_invalid_id: 'not_found',
  rest_no_route: 'unavailable',
  product_invalid_sku: 'conflict',
  product_invalid_global_unique_id: 'conflict',
  term_exists: 'conflict',
  'registration-error-email-exists': 'conflict',
  rest_invalid_param: 'invalid',
  rest_missing_callback_param: 'invalid',
  rest_invalid_json: 'malformed',
  woocommerce_rest_request_entity_too_large: 'malformed',
  woocommerce_product_image_upload_error: 'invalid',
  woocommerce_rest_trash_not_supported: 'invalid',
  woocommerce_rest_cannot_create_order_refund: 'invalid',
  woocommerce_rest_invalid_customer_id: 'invalid',
  woocommerce_rest_required_product_reference: 'invalid',
  woocommerce_rest_shop_webhook_invalid_topic: 'invalid',
}

const refusals = recordings()
  .filter((one) => one.response.status >= 400)
  .map((one) => ({ ...one, code: (one.response.body as { code: string }).code }))

describe('every recorded refusal', () => {
  it.each(refusals)('$request.method $request.path: $code', ({ request, response, code, note }) => {
    const read = classify(reply(response.body, response.status), {
      method: request.method ?? 'GET',
      path: request.path,
    })
    const expected = note === 'Read-only key used to write' ? 'forbidden' : EXPECTED[code]
    expect(read).toMatchObject({ kind: expected, vendorCode: code })
    // Translated and possibly personal texts of the shop stay out.
    expect(read?.publicMessage).not.toContain((response.body as { message: string }).message)
  })
  it('names the fields', () => {
    const of = (note: string) => refusals.find((one) => one.note === note)!
    const fields = (note: string) =>
      classify(reply(of(note).response.body, of(note).response.status), { path: '' })?.fields
    expect(fields('Number where a string is expected')).toEqual(['regular_price'])
    expect(fields('Duplicate SKU')).toEqual(['sku'])
    expect(fields('Missing e-mail')).toEqual(['email'])
  })
})

describe('refusals that are not WooCommerce’s', () => {
  it.each([
    [403, '<html>Forbidden</html>', 'unavailable', true],
    [406, '', 'unavailable', true],
    [501, '<html>', 'unavailable', true],
    [404, '<html>Not found</html>', 'unavailable', true],
    [403, { code: 'woocommerce_rest_cannot_view' }, 'forbidden', undefined],
    [401, { code: 'rest_login_required' }, 'unauthorized', undefined],
    [
      401,
      { code: 'woocommerce_rest_authentication_error', message: 'Invalid nonce - used.' },
      'unavailable',
      undefined,
    ],
  ])('%i %j is %s', (status, body, kind, holdsConnection) => {
    const read = classify(reply(body, status), { path: '/x' })
    expect([read?.kind, read?.holdsConnection]).toEqual([kind, holdsConnection])
  })
  it('are left to the common rules where status says enough', () => {
    for (const status of [429, 500, 502, 503])
      expect(classify(reply('<html>', status), { path: '/x' })).toBeUndefined()
    expect(classify(reply({ code: 'internal_server_error' }, 500), { path: '/x' })).toBeUndefined()
  })
})
