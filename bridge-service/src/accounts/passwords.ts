import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { Problem } from '../problem.ts'

/** N = 2^ln, block size, parallelism: memory of 128 · N · r bytes for the time of one hash. */
export interface ScryptCost {
  ln: number
  r: number
  p: number
}

/** The least that OWASP's Password Storage Cheat Sheet gives for scrypt: N = 2^17, r = 8, p = 1 (128 MiB, some 0.3 s). */
export const SCRYPT_COST: ScryptCost = { ln: 17, r: 8, p: 1 }

const SALT_BYTES = 16
const HASH_BYTES = 32
/** Hashes that wait for their turn; whoever comes then is asked to come again. */
const LONGEST_QUEUE = 20

const STORED = /^scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w-]{22})\$([\w-]{43})$/

export interface Passwords {
  /** `scrypt$ln=…,r=…,p=…$salt$hash`, for the store. */
  hash: (password: string) => Promise<string>
  /** Compares; null for an account that nobody has takes as long and is never right. */
  verify: (password: string, stored: string | null) => Promise<boolean>
  /** True where a stored hash was made at another cost than today's. */
  isOutdated: (stored: string) => boolean
}

/**
 * Passwords as scrypt hashes, one at a time: each takes the memory of a small service, and strangers ask for them.
 * @param cost a test's own, cheaper one; hashes carry theirs, so changing it spoils none
 */
export function createPasswords(cost: ScryptCost = SCRYPT_COST): Passwords {
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (waiting >= LONGEST_QUEUE) {
      throw new Problem('rate_limited', 'Too many people sign in at once. Try again in a few seconds.', { retryAfter: 5 }) // prettier-ignore
    }
    waiting += 1
    const mine = last.then(work)
    last = mine.catch(() => undefined).then(() => void (waiting -= 1))
    return mine
  }
  const derive = (password: string, salt: Buffer, of: ScryptCost) => inTurn(() => derived(password, salt, of))
  /** What strangers' tries are compared with. */
  const decoy = { salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) }

  return {
    hash: async (password) => {
      const salt = randomBytes(SALT_BYTES)
      const hash = await derive(password, salt, cost)
      return `scrypt$ln=${cost.ln},r=${cost.r},p=${cost.p}$${salt.toString('base64url')}$${hash.toString('base64url')}`
    },
    verify: async (password, stored) => {
      const known = stored === null ? { ...decoy, cost } : parse(stored)
      const hash = await derive(password, known.salt, known.cost)
      return timingSafeEqual(hash, known.hash) && stored !== null
    },
    isOutdated: (stored) => {
      const { ln, r, p } = parse(stored).cost
      return ln !== cost.ln || r !== cost.r || p !== cost.p
    },
  }
}

function parse(stored: string): { cost: ScryptCost; salt: Buffer; hash: Buffer } {
  const parts = STORED.exec(stored)
  if (parts === null) throw new Error('a stored password is of no known form')
  const [, ln, r, p, salt = '', hash = ''] = parts
  return {
    cost: { ln: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64url'),
    hash: Buffer.from(hash, 'base64url'),
  }
}

/** In one form of Unicode: what one keyboard sends as a letter with an accent, another sends as two characters. */
function derived(password: string, salt: Buffer, { ln, r, p }: ScryptCost): Promise<Buffer> {
  const N = 2 ** ln
  return new Promise((done, failed) =>
    scrypt(password.normalize('NFC'), salt, HASH_BYTES, { N, r, p, maxmem: 256 * N * r }, (error, hash) =>
      error ? failed(error) : done(hash),
    ),
  )
}
