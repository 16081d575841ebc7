import { randomBytes } from 'node:crypto'

const PREFIXES = {
  workspace: 'ws',
  connection: 'conn',
  flow: 'flow',
  lookup: 'look',
  run: 'run',
  audit: 'aud',
  payload: 'pay',
  accessKey: 'key',
  pack: 'pack',
  intent: 'int',
  alarm: 'alarm',
  alarmMessage: 'msg',
  site: 'site',
  pairingCode: 'pair',
  account: 'acct',
  session: 'sess',
  invitation: 'inv',
  failure: 'fail',
} as const

export type IdKind = keyof typeof PREFIXES

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz'

/** `length` characters of [0-9a-z] from the system's CSPRNG, without modulo bias. 5.17 bits a character. */
export function randomText(length: number): string {
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length * 2)) {
      if (byte >= 252 || text.length === length) continue
      text += ALPHABET[byte % 36]
    }
  }
  return text
}

/** A new row id such as `conn_8f3k…`: the prefix names the table, 20 characters carry 103 random bits. */
export function newId(kind: IdKind): string {
  return `${PREFIXES[kind]}_${randomText(20)}`
}

/** The path part of a webhook address: 32 characters, 165 bits, so that it cannot be guessed. */
export function newHookId(): string {
  return randomText(32)
}
