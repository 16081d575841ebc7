import { createHmac, timingSafeEqual } from 'node:crypto'
import type { PairingOffer } from '../store/site-schema.ts'

/** Whose proof it is; `key`: no proof, but what the site signs with from then on. */
export type PairingRole = 'bridge' | 'site' | 'key'

/** HMAC-SHA256 by a code's key over the lines that both sides have seen. */
export const pairingMac = (key: Uint8Array, role: PairingRole, offer: PairingOffer): Buffer =>
  createHmac('sha256', key)
    .update(
      ['crosswalk-pairing-1', role, offer.siteNonce, offer.bridgeNonce, offer.siteUrl, offer.siteId].join(
        '\n',
      ),
    )
    .digest()

/** Whether a proof (hex, 64 digits) is right; in constant time. */
export const isProof = (given: string, right: Buffer): boolean =>
  given.length === right.length * 2 && timingSafeEqual(Buffer.from(given, 'hex'), right)
