import { expect, it } from 'vitest'
import { NewPassword } from '@crosswalk/shared/contract'
import { checkNewPassword } from './password-rules.ts'

const EMAIL = 'anna.jansen@example.com'

it.each([
  'password1',
  'PASSWORD1',
  'iloveyou',
  'qwertyuiop',
  '12345678',
  'letmein123',
  'football',
  'sunshine',
])('A7 refuses %s, which is tried first', async (password) => {
  await expect(checkNewPassword(password, EMAIL)).rejects.toMatchObject({
    code: 'bad_request',
    issues: [{ path: ['body', 'password'], message: expect.stringContaining('tries this password first') }],
  })
})

it.each([EMAIL, 'anna.jansen', 'Anna.Jansen1985', 'anna.jansen!'])(
  'refuses %s, which the address gives away',
  async (password) => {
    await expect(checkNewPassword(password, EMAIL)).rejects.toThrow(/e-mail address/)
  },
)

it.each(['lemon kettle', 'anna.jansen likes long sentences', 'ölçüölçü', 'x'.repeat(64)])(
  'A7 takes %s, however it is composed',
  async (password) => {
    await checkNewPassword(password, EMAIL)
    expect(NewPassword.safeParse(password).success).toBe(true)
  },
)

it('A7 counts characters, not what they are made of: 8 at least, 256 at most', () => {
  const fits = (password: string) => NewPassword.safeParse(password).success
  expect([fits('1234567'), fits('🌷🌷🌷🌷🌷🌷🌷'), fits('🌷🌷🌷🌷🌷🌷🌷🌷'), fits('x'.repeat(256)), fits('x'.repeat(257))]).toEqual([
    false, false, true, true, false,
  ]) // prettier-ignore
})
