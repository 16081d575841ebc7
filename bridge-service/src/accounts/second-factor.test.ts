import { describe, expect, it } from 'vitest'
import { newRecoveryCodes, newSecret, showSecret, stepOf } from './second-factor.ts'

/** `12345678901234567890`, the secret of RFC 6238's appendix B. */
const RFC = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

describe('F2 codes of an authenticator app', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('F2 are those of RFC 6238 at %i s', (seconds, code) => {
    expect(stepOf(RFC, code, seconds * 1_000)).toBe(Math.floor(seconds / 30))
  })

  it('F2 are taken a step early or late, by their own step, and no more', () => {
    const at = (seconds: number) => stepOf(RFC, '287082', seconds * 1_000)
    expect([at(0), at(29), at(30), at(59), at(60), at(89), at(90), at(120)]).toEqual([
      1,
      1,
      1,
      1,
      1,
      1,
      null,
      null,
    ])
    expect(stepOf(RFC, '287083', 59_000)).toBeNull()
    expect(stepOf(RFC, '', 59_000)).toBeNull()
  })

  it('have a secret of 160 bits that is never the same, told in the three ways an app takes it', () => {
    const secrets = new Set(Array.from({ length: 1_000 }, newSecret))
    expect(secrets.size).toBe(1_000)
    const { secret, uri, qr } = showSecret(RFC, 'anna@example.com')
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(new URL(uri).protocol).toBe('otpauth:')
    expect(Object.fromEntries(new URL(uri).searchParams)).toMatchObject({ issuer: 'Crosswalk', secret: RFC, algorithm: 'SHA1', digits: '6', period: '30' }) // prettier-ignore
    expect(decodeURIComponent(uri)).toContain('anna@example.com')
    expect(qr).toMatch(/^<svg[\s\S]*<\/svg>\s*$/)
  })
})

it('F2 recovery codes carry more than 112 bits and are kept as hashes only', () => {
  const { codes, hashes } = newRecoveryCodes()
  expect(codes).toHaveLength(8)
  for (const code of codes) expect(code).toMatch(/^([0-9a-z]{4}-){5}[0-9a-z]{4}$/)
  expect(24 * Math.log2(36)).toBeGreaterThan(112)
  expect(hashes.map((hash) => hash.length)).toEqual(codes.map(() => 32))
})
