import { createCipheriv, createDecipheriv, createHash, hash, hkdfSync, randomBytes } from 'node:crypto'

const FORMAT = 1
const KEY_ID_BYTES = 4
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEAD_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES

/** Where a sealed value lives. It is authenticated: a ciphertext copied to another place does not open. */
export interface SealedPlace {
  workspaceId: string
  rowId: string
  field: string
}

export interface Vault {
  /** Layout: format (1 byte), key id (4), nonce (12), tag (16), ciphertext. A fresh nonce each time. */
  seal(plain: string | Uint8Array, place: SealedPlace): Buffer
  /** @throws {UnsealError} when the value was moved, changed, or sealed with a key that is not given any more */
  open(sealed: Uint8Array, place: SealedPlace): Buffer
  sealJson(value: unknown, place: SealedPlace): Buffer
  openJson<T>(sealed: Uint8Array, place: SealedPlace): T
  /** Names the key that seals; tells nothing of it. */
  keyId: string
  /** True when a key that sealed the value is given. */
  knows(sealed: Uint8Array): boolean
  /** True when the value was sealed with an older key and should be sealed anew. */
  isOutdated(sealed: Uint8Array): boolean
  /** SHA-512/256 of the hash key and the text, base64url: equal texts are recognised, none can be read or guessed. */
  keyedHash(text: string): string
}

export class UnsealError extends Error {
  override name = 'UnsealError'
}

interface SubKeys {
  id: Buffer
  sealKey: Buffer
  hashKey: Buffer
}

function deriveKeys(master: Uint8Array): SubKeys {
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `crosswalk/${purpose}/1`, 32))
  const id = createHash('sha256').update(derive('key-id')).digest().subarray(0, KEY_ID_BYTES)
  return { id, sealKey: derive('seal'), hashKey: derive('hash') }
}

/** Length-prefixed, so that no two places give the same bytes. */
function associatedData(head: Uint8Array, place: SealedPlace): Buffer {
  const parts = [place.workspaceId, place.rowId, place.field].map((part) => Buffer.from(part))
  return Buffer.concat([head, ...parts.flatMap((part) => [Buffer.from(`${part.length}:`), part])])
}

function openWith(keys: SubKeys, sealed: Buffer, place: SealedPlace): Buffer {
  const head = sealed.subarray(0, 1 + KEY_ID_BYTES)
  const decipher = createDecipheriv(
    'aes-256-gcm',
    keys.sealKey,
    sealed.subarray(1 + KEY_ID_BYTES, HEAD_BYTES),
  )
  decipher.setAAD(associatedData(head, place))
  decipher.setAuthTag(sealed.subarray(HEAD_BYTES, HEAD_BYTES + TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES + TAG_BYTES)), decipher.final()])
  } catch {
    throw new UnsealError(
      `The sealed ${place.field} of ${place.rowId} does not open: it was changed or moved.`,
    )
  }
}

/**
 * AES-256-GCM and a keyed hash, both with keys derived (HKDF) from the master key. The newest key seals; older
 * ones, given for rotation, still open what they sealed. The hash always uses `hashMaster ?? newest`: rotating it
 * would make every stored hash unrecognisable.
 */
export function createVault(
  newest: Uint8Array,
  older: readonly Uint8Array[] = [],
  hashMaster = newest,
): Vault {
  const current = deriveKeys(newest)
  const known = new Map([...older.map(deriveKeys), current].map((keys) => [keys.id.toString('hex'), keys]))
  const hashPrefix = deriveKeys(hashMaster).hashKey.toString('base64url')
  const head = Buffer.concat([Buffer.from([FORMAT]), current.id])

  const seal: Vault['seal'] = (plain, place) => {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', current.sealKey, nonce)
    cipher.setAAD(associatedData(head, place))
    const body = Buffer.concat([cipher.update(plain), cipher.final()])
    return Buffer.concat([head, nonce, cipher.getAuthTag(), body])
  }
  const open: Vault['open'] = (sealed, place) => {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
    if (bytes.length < HEAD_BYTES + TAG_BYTES || bytes[0] !== FORMAT)
      throw new UnsealError('Not a sealed value.')
    const keys = known.get(bytes.subarray(1, 1 + KEY_ID_BYTES).toString('hex'))
    if (!keys)
      throw new UnsealError(`The ${place.field} of ${place.rowId} was sealed with another master key.`)
    return openWith(keys, bytes, place)
  }
  return {
    seal,
    open,
    sealJson: (value, place) => seal(JSON.stringify(value), place),
    openJson: <T>(sealed: Uint8Array, place: SealedPlace) => JSON.parse(open(sealed, place).toString()) as T,
    keyId: current.id.toString('hex'),
    knows: (sealed) => known.has(Buffer.from(sealed.subarray(1, 1 + KEY_ID_BYTES)).toString('hex')),
    isOutdated: (sealed) => !current.id.equals(sealed.subarray(1, 1 + KEY_ID_BYTES)),
    keyedHash: (text) => hash('sha512-256', hashPrefix + text, 'base64url'),
  }
}
