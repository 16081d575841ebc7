import { type Address, normaliseEmail, normaliseVatId, splitStreet } from '@crosswalk/shared/model'
import type { NativeAddress } from './native.ts'
import { plain } from './text.ts'

const NONE: NativeAddress = {}

/** A billing or shipping address. `state` is WooCommerce's code of the region, such as `CA` or `NL-UT`. */
export function decodeAddress(native: NativeAddress | undefined): Address {
  const from = native ?? NONE
  const street = plain(from['address_1'])
  const country = plain(from['country']).toUpperCase()
  return {
    firstName: plain(from['first_name']),
    lastName: plain(from['last_name']),
    company: plain(from['company']),
    street,
    street2: plain(from['address_2']),
    ...splitStreet(street, country),
    postalCode: plain(from['postcode']),
    city: plain(from['city']),
    region: plain(from['state']),
    country: /^[A-Z]{2}$/.test(country) ? country : '',
    email: plain(from['email']),
    phone: plain(from['phone']),
  }
}

/** The address as given, trimmed; null where it is none. */
export const emailOrNull = (value: unknown): string | null => {
  const text = plain(value)
  return text !== '' && normaliseEmail(text) !== null ? text : null
}

/** The buyer's VAT number from the first of the meta keys that holds one. */
export function vatIdOf(meta: Readonly<Record<string, unknown>>, keys: readonly string[]): string {
  for (const key of keys) {
    const value = Object.hasOwn(meta, key) ? meta[key] : undefined
    if (typeof value === 'string' && value.trim() !== '') return normaliseVatId(plain(value))
  }
  return ''
}
