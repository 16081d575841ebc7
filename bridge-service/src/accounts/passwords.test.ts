import { describe, expect, it } from 'vitest'
import { createPasswords, SCRYPT_COST } from './passwords.ts'

const cheap = createPasswords({ ln: 4, r: 8, p: 1 })
const LONG = 'correct horse battery staple, and sixty-four characters of it….!'
const UNICODE = 'Grüße aus İstanbul 🌷 パスワード'

describe('A7 passwords', () => {
  it('A7 are kept as scrypt at the cost that OWASP asks for, with its parameters and a salt of their own', async () => {
    expect(SCRYPT_COST).toEqual({ ln: 17, r: 8, p: 1 })
    const dear = createPasswords()
    const stored = await dear.hash('a quiet lake at dawn')
    expect(stored).toMatch(/^scrypt\$ln=17,r=8,p=1\$[\w-]{22}\$[\w-]{43}$/)
    expect(await dear.verify('a quiet lake at dawn', stored)).toBe(true)
    const [one, other] = [await cheap.hash(LONG), await cheap.hash(LONG)]
    expect(one).not.toBe(other)
  })

  it.each([LONG, UNICODE, 'x'.repeat(256), ' spaces count '])(
    'A7 %j is right, and nothing beside it',
    async (password) => {
      const stored = await cheap.hash(password)
      expect(await cheap.verify(password, stored)).toBe(true)
      for (const wrong of [`${password} `, password.slice(1), password.toUpperCase() + 'x', '']) {
        expect(await cheap.verify(wrong, stored)).toBe(false)
      }
    },
  )

  it('A7 is the same whichever way a keyboard writes its accents', async () => {
    const stored = await cheap.hash('Crème brûlée'.normalize('NFD'))
    expect(await cheap.verify('Crème brûlée'.normalize('NFC'), stored)).toBe(true)
  })

  it('still opens what was kept at another cost, and says that it should be kept anew', async () => {
    const stored = await createPasswords({ ln: 5, r: 8, p: 2 }).hash(LONG)
    expect([await cheap.verify(LONG, stored), cheap.isOutdated(stored)]).toEqual([true, true])
    expect(cheap.isOutdated(await cheap.hash(LONG))).toBe(false)
  })

  it('F1 works as hard for an account that nobody has: it waits in the same row, which has an end', async () => {
    const passwords = createPasswords({ ln: 4, r: 8, p: 1 })
    const tries = Array.from({ length: 20 }, () => passwords.verify('whatever', null))
    await expect(passwords.verify('whatever', null)).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfter: 5,
    })
    expect(await Promise.all(tries)).toEqual(tries.map(() => false))
    expect(await passwords.verify('whatever', null)).toBe(false)
  })
})
