import { SHORTEST_PASSWORD } from '@crosswalk/shared/contract'
import { Problem } from '../problem.ts'

/** Passwords that everybody tries first, small letters; loaded when one is chosen, for that is seldom. */
let common: Promise<ReadonlySet<string>> | undefined

async function load(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  const words = dictionary['passwords-common'].filter((word) => word.length >= SHORTEST_PASSWORD)
  return new Set(words.map((word) => word.toLowerCase()))
}

/**
 * Refuses passwords that are tried first: common ones, and the account's own address. How they are composed is nobody's
 * business (NIST SP 800-63B 5.1.1.2); how long they are, the contract says.
 * @throws Problem `bad_request`, about the field `password`
 */
export async function checkNewPassword(password: string, email: string): Promise<void> {
  common ??= load()
  const plain = password.normalize('NFC').toLowerCase()
  if ((await common).has(plain)) refuse('Everybody tries this password first. Choose another one.')
  const [local = ''] = email.split('@')
  if (
    plain === email ||
    (local.length > 3 && plain.startsWith(local) && /^\W?\d{0,4}\W?$/.test(plain.slice(local.length)))
  ) {
    refuse('This is nearly your e-mail address. Choose a password that cannot be told from it.')
  }
}

function refuse(message: string): never {
  throw new Problem('bad_request', message, { issues: [{ path: ['body', 'password'], message }] })
}
