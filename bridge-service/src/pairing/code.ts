import { hkdfSync, randomBytes } from 'node:crypto'

/** Crockford's: no I, L, O and U, so that a code can be read from a screen and typed. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 5 random bits each, 80 in sum. */
const LENGTH = 16

const derive = (code: string, purpose: string, bytes: number): Buffer =>
  Buffer.from(hkdfSync('sha256', code, '', `crosswalk/${purpose}/1`, bytes))

/** A new code as it is shown: `7K4M-2QXP-9HTB-3WVE`. */
export function newPairingCode(): string {
  const letters = [...randomBytes(LENGTH)].map((byte) => ALPHABET[byte % 32]).join('')
  return letters.replace(/(.{4})(?=.)/g, '$1-')
}

/** What is derived from a code as it is shown. The name tells nothing of the key. */
export function derivedFrom(code: string): { name: string; key: Buffer } {
  const bare = code.replaceAll('-', '')
  return { name: derive(bare, 'pairing-name', 16).toString('hex'), key: derive(bare, 'pairing', 32) }
}
