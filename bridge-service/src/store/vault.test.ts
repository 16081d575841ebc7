import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { keyFileFor, loadMasterKey, MasterKeyError } from './master-key.ts'
import { createVault, UnsealError } from './vault.ts'

const place = { workspaceId: 'ws_1', rowId: 'conn_1', field: 'credentials' }

describe('vault', () => {
  const master = randomBytes(32)
  const vault = createVault(master)

  it('opens what it sealed, with another ciphertext each time', () => {
    const first = vault.sealJson({ secret: 'marker-secret' }, place)
    const second = vault.sealJson({ secret: 'marker-secret' }, place)
    expect(first.equals(second)).toBe(false)
    expect(first.includes('marker')).toBe(false)
    expect(vault.openJson(first, place)).toEqual({ secret: 'marker-secret' })
    expect(vault.open(vault.seal('', place), place).length).toBe(0)
  })

  it.each([
    ['workspace', { ...place, workspaceId: 'ws_2' }],
    ['row', { ...place, rowId: 'conn_2' }],
    ['field', { ...place, field: 'hook_secret' }],
    ['a shifted boundary', { workspaceId: 'ws_1c', rowId: 'onn_1', field: 'credentials' }],
  ])('does not open a ciphertext in another %s', (_, elsewhere) => {
    expect(() => vault.open(vault.seal('x', place), elsewhere)).toThrow(UnsealError)
  })

  it('does not open when any byte was changed', () => {
    const sealed = vault.seal('some text', place)
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed)
      changed[index] = (changed[index] ?? 0) ^ 1
      expect(() => vault.open(changed, place), `byte ${index}`).toThrow(UnsealError)
    }
    expect(() => vault.open(sealed.subarray(0, 20), place)).toThrow(UnsealError)
  })

  it('rotates: an older key still opens, the newest seals, hashes stay the same', () => {
    const old = vault.seal('kept', place)
    const rotated = createVault(randomBytes(32), [master], master)
    expect(rotated.open(old, place).toString()).toBe('kept')
    expect(rotated.isOutdated(old)).toBe(true)
    const renewed = rotated.seal('kept', place)
    expect(rotated.isOutdated(renewed)).toBe(false)
    expect(() => vault.open(renewed, place)).toThrow(/another master key/)
    expect(rotated.keyedHash('a@example.com')).toBe(vault.keyedHash('a@example.com'))
  })

  it('hashes with the key', () => {
    const text = vault.keyedHash('a@example.com')
    expect(text).toMatch(/^[\w-]{43}$/)
    expect(vault.keyedHash('a@example.com')).toBe(text)
    expect(createVault(randomBytes(32)).keyedHash('a@example.com')).not.toBe(text)
  })
})

describe('master key', () => {
  const directory = mkdtempSync(join(tmpdir(), 'crosswalk-key-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  const keyFile = keyFileFor(join(directory, 'data/'))

  it.each([
    ['empty', ''],
    ['short', randomBytes(16).toString('base64')],
    ['no encoding of 32 bytes', 'not a key at all!'],
    ['all zero', Buffer.alloc(32).toString('base64')],
    ['an example', '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'],
    ['a pattern', '0123456789abcdef'.repeat(4)],
  ])('refuses a key that is %s with one line', (_, envValue) => {
    let message = ''
    try {
      loadMasterKey({ envValue, keyFile })
    } catch (error) {
      expect(error).toBeInstanceOf(MasterKeyError)
      message = (error as Error).message
    }
    expect(message).toMatch(/^The master key in the environment .+openssl rand -base64 32$/)
  })

  it('takes base64 and hex from the environment, and makes no file then', () => {
    const key = randomBytes(32)
    expect(loadMasterKey({ envValue: key.toString('hex'), keyFile }).equals(key)).toBe(true)
    expect(loadMasterKey({ envValue: `${key.toString('base64')}\n`, keyFile }).equals(key)).toBe(true)
    expect(statSync(keyFile, { throwIfNoEntry: false })).toBeUndefined()
  })

  it('makes a key file beside the data directory, once, for its owner alone', () => {
    expect(keyFile).toBe(join(directory, 'data.key'))
    const key = loadMasterKey({ keyFile })
    expect(key.length).toBe(32)
    expect(statSync(keyFile).mode & 0o777).toBe(0o600)
    const written = readFileSync(keyFile)
    expect(loadMasterKey({ keyFile }).equals(key)).toBe(true)
    expect(readFileSync(keyFile).equals(written)).toBe(true)
    chmodSync(keyFile, 0o644)
    expect(() => loadMasterKey({ keyFile })).toThrow(/chmod 600/)
    chmodSync(keyFile, 0o600)
    writeFileSync(keyFile, '')
    expect(() => loadMasterKey({ keyFile })).toThrow(/is empty/)
  })
})
