import { causeRef, type CauseKey } from '@crosswalk/shared/causes'
import type { Call, FailureDescription, Reply } from '../sdk/index.ts'
import { isObject } from './rest.ts'

/** Codes of a value that another record holds; the owner's id is in the body for some. */
const TAKEN: Readonly<Record<string, readonly [field: string, words: string]>> = {
  product_invalid_sku: ['sku', 'Another product of the shop has this SKU.'],
  woocommerce_rest_product_not_created: [
    'sku',
    'This SKU is held by a product in the trash or by one being made.',
  ],
  product_invalid_global_unique_id: ['global_unique_id', 'Another product of the shop has this GTIN.'],
  term_exists: ['name', 'The shop has a category, tag or brand of this name.'],
  'registration-error-email-exists': ['email', 'Another customer of the shop has this e-mail address.'],
}

/** Codes that say "no" to this record for good, whatever their status. */
const REFUSED: Readonly<Record<string, readonly [cause: CauseKey, words: string]>> = {
  // A 500 that must not be tried again.
  woocommerce_rest_cannot_create_order_refund: [
    'value_refused',
    'The shop refused the refund: it is larger than what is left of the order.',
  ],
  woocommerce_rest_trash_not_supported: ['not_writable', 'The shop deletes such records only for good.'],
  woocommerce_rest_invalid_customer_id: ['record_gone', 'The shop does not know this customer.'],
  woocommerce_rest_required_product_reference: [
    'product_missing',
    'An order line names no product of the shop.',
  ],
  woocommerce_product_image_upload_error: [
    'picture_unreachable',
    'The shop could not fetch a picture of this product.',
  ],
}

const READ_ONLY =
  'The key of this connection may only read. Give it “Read/Write” permission in WooCommerce > Settings > Advanced > REST API.'

/**
 * What a refused answer means. Codes count, since messages are translated; undefined leaves the rest to the common
 * rules. Refusals that are not WooCommerce's own (HTML of a wall) are told apart by their missing code.
 */
export function classify(reply: Reply, call: Call): FailureDescription | undefined {
  const code = isObject(reply.body) && typeof reply.body['code'] === 'string' ? reply.body['code'] : null
  if (code === null) return foreignRefusal(reply)
  const taken = Object.hasOwn(TAKEN, code) ? TAKEN[code] : undefined
  if (taken !== undefined) {
    return { kind: 'conflict', publicMessage: taken[1], vendorCode: code, fields: [taken[0]] }
  }
  const refused = Object.hasOwn(REFUSED, code) ? REFUSED[code] : undefined
  if (refused !== undefined) {
    return { kind: 'invalid', publicMessage: refused[1], vendorCode: code, named: causeRef(refused[0]) }
  }
  return byCode(code, reply, call) ?? byParameters(code, reply)
}

function byCode(code: string, reply: Reply, call: Call): FailureDescription | undefined {
  const { status } = reply
  if (code === 'rest_no_route') {
    return {
      kind: 'unavailable',
      vendorCode: code,
      publicMessage:
        'The shop does not have this part of the WooCommerce API: WooCommerce is switched off, being updated or too old.',
      holdsConnection: true,
      named: causeRef('api_missing'),
    }
  }
  if (status === 401) return unauthorized(code, reply, call)
  if (status === 403) {
    return {
      kind: 'forbidden',
      vendorCode: code,
      publicMessage:
        'The WordPress user of this key may not do this. Make the key for an administrator or shop manager.',
      named: causeRef('permission_missing', { permission: 'manage the shop' }),
    }
  }
  if (/_invalid_id$|^woocommerce_rest_.*_invalid$/.test(code) && (status === 404 || status === 400)) {
    return { kind: 'not_found', vendorCode: code, publicMessage: 'The shop no longer has this record.' }
  }
  return undefined
}

function unauthorized(code: string, reply: Reply, call: Call): FailureDescription {
  const message =
    isObject(reply.body) && typeof reply.body['message'] === 'string' ? reply.body['message'] : ''
  const method = call.method ?? 'GET'
  if (code === 'woocommerce_rest_authentication_error') {
    if (/nonce/i.test(message)) {
      return {
        kind: 'unavailable',
        vendorCode: code,
        publicMessage: 'The shop has seen this request before.',
      }
    }
    if (/timestamp/i.test(message)) {
      return {
        kind: 'unauthorized',
        vendorCode: code,
        publicMessage: 'The clocks of the shop and of this service differ by more than 15 minutes.',
        wrongTime: true,
        named: causeRef('clock_differs'),
      }
    }
    // A read key used to write is told by a 401 too; reads with the same key go on.
    if (method !== 'GET' && /permission/i.test(message)) {
      return { kind: 'forbidden', vendorCode: code, publicMessage: READ_ONLY, named: causeRef('key_refused') }
    }
    return {
      kind: 'unauthorized',
      vendorCode: code,
      publicMessage:
        'The shop knows this key but refuses it: the consumer secret is wrong or the key may not read.',
      named: causeRef('key_refused'),
    }
  }
  const ofShop = code.startsWith('woocommerce_rest_')
  return {
    kind: 'unauthorized',
    vendorCode: code,
    named: causeRef(ofShop ? 'key_refused' : 'firewall_blocks'),
    publicMessage: ofShop
      ? 'The shop does not accept the key: it was deleted, or the server no longer passes the Authorization header on.'
      : 'A plugin of the shop closes its REST API. Allow the WooCommerce API (wc/v3) in the security plugin.',
  }
}

/** Errors that name parameters: `data.params` is an object of messages or, for missing ones, a list. */
function byParameters(code: string, reply: Reply): FailureDescription | undefined {
  const data = isObject(reply.body) && isObject(reply.body['data']) ? reply.body['data'] : {}
  const params = data['params']
  const fields = Array.isArray(params) ? params.map(String) : isObject(params) ? Object.keys(params) : []
  if (code === 'rest_invalid_json' || code === 'woocommerce_rest_request_entity_too_large') {
    return {
      kind: 'malformed',
      vendorCode: code,
      publicMessage: 'The shop could not read the call made to it.',
      ...(code === 'rest_invalid_json' ? {} : { named: causeRef('too_large') }),
    }
  }
  if (reply.status !== 400) return undefined
  const names = fields.length === 0 ? '' : `: ${fields.join(', ')}`
  return {
    kind: 'invalid',
    vendorCode: code,
    publicMessage: `The shop refused values of this record${names}.`,
    fields,
    ...(code === 'rest_missing_callback_param'
      ? { named: causeRef('value_missing', { field: fields[0] }) }
      : {}),
  }
}

/** Answers without a code of WordPress' come from the host or a wall in front of it; they say nothing of the record. */
function foreignRefusal(reply: Reply): FailureDescription | undefined {
  if ([403, 405, 406, 409, 418, 501].includes(reply.status)) {
    return {
      kind: 'unavailable',
      publicMessage: `A firewall or security plugin in front of the shop refused the call (answer ${reply.status}).`,
      holdsConnection: true,
      named: causeRef('firewall_blocks'),
    }
  }
  if (reply.status === 404) {
    return {
      kind: 'unavailable',
      publicMessage:
        'The shop’s REST API is not where it was: its permalinks were set to “Plain” or the shop has moved.',
      holdsConnection: true,
      named: causeRef('plain_permalinks'),
    }
  }
  return undefined
}
