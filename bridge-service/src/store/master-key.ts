import { randomBytes } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { randomText } from './ids.ts'

const KEY_BYTES = 32
/** Keys of documentation and example files: publicly known, so refused. */
const EXAMPLE_KEYS = new Set([
  Buffer.from(Array.from({ length: KEY_BYTES }, (_, index) => index)).toString('hex'),
  Buffer.from('0123456789abcdef0123456789abcdef').toString('hex'),
  '0123456789abcdef'.repeat(4),
])

export interface MasterKeySource {
  /** Value of the environment variable, base64 or hex; undefined when it is not set. */
  envValue?: string | undefined
  /** Used when the environment has none; made at the first start. Lies beside the data directory, never in it. */
  keyFile: string
}

/** The key cannot be used; the message is one line that says what to do. */
export class MasterKeyError extends Error {
  override name = 'MasterKeyError'
}

function decode(text: string): Buffer {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  if (/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return Buffer.from(text, 'base64')
  return Buffer.alloc(0)
}

function check(text: string, from: string): Buffer {
  const hint = 'make one with: openssl rand -base64 32'
  if (text === '') throw new MasterKeyError(`The master key in ${from} is empty; ${hint}`)
  const key = decode(text)
  if (key.length !== KEY_BYTES)
    throw new MasterKeyError(`The master key in ${from} is not 32 bytes of base64 or hex; ${hint}`)
  if (new Set(key).size === 1)
    throw new MasterKeyError(`The master key in ${from} is one repeated byte; ${hint}`)
  if (EXAMPLE_KEYS.has(key.toString('hex')) || new Set(key).size < 8) {
    throw new MasterKeyError(`The master key in ${from} is an example, known to everybody; ${hint}`)
  }
  return key
}

/** Writes a whole file and links it into place, so that a second process sees none or all of it. */
function createKeyFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const temporary = `${path}.${randomText(12)}`
  const descriptor = openSync(temporary, 'wx', 0o600)
  try {
    writeSync(descriptor, `${randomBytes(KEY_BYTES).toString('base64')}\n`)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  try {
    linkSync(temporary, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(temporary)
  }
}

/**
 * The 32 bytes from which all keys are derived: from the environment, else from the key file, which is created
 * (mode 0600) when it does not exist.
 * @throws {MasterKeyError} for an empty, short, repeated-byte or example key, and a key file that others may read
 */
export function loadMasterKey({ envValue, keyFile }: MasterKeySource): Buffer {
  if (envValue !== undefined) return check(envValue.trim(), 'the environment')
  if (!statSync(keyFile, { throwIfNoEntry: false })) createKeyFile(keyFile)
  if (process.platform !== 'win32' && (statSync(keyFile).mode & 0o077) !== 0) {
    throw new MasterKeyError(`The key file ${keyFile} can be read by other users; run: chmod 600 ${keyFile}`)
  }
  return check(readFileSync(keyFile, 'utf8').trim(), keyFile)
}

/** The key file that belongs to a data directory: beside it, so that a copy of the data carries no key. */
export function keyFileFor(dataDir: string): string {
  return `${dataDir.replace(/[/\\]+$/, '')}.key`
}
