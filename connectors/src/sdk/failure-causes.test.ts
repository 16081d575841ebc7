import { describe, expect, it } from 'vitest'
import { causeOf } from '@crosswalk/shared/causes'
import { ConnectorError } from './errors.ts'
import { failureOf, failureOfTry } from './failure.ts'
import { readReply } from './respond.ts'
import { UnsafeAddressError } from './safe-address.ts'
import { TransportError } from './transport.ts'

const told = (error: unknown): [string, unknown] => {
  if (!(error instanceof ConnectorError)) throw error
  const ref = causeOf({ code: error.kind, step: 'deliver', system: 'Test', source: 'Shop', named: error.named, words: error.words, field: error.fields[0] }) // prettier-ignore
  return [ref.key, ref.params['words']]
}

describe('the cause of a refusal that no connector reads', () => {
  const refused = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    told(failureOf({ status, body, headers }, { path: '/x' }, { label: 'Test' }, 'test.example.com', 0))
  it.each([
    [302, 'address_moved'],
    [400, 'unknown_answer'],
    [401, 'sign_in_refused'],
    [403, 'permission_missing'],
    [404, 'record_gone'],
    [408, 'system_silent'],
    [409, 'value_taken'],
    [410, 'record_gone'],
    [413, 'too_large'],
    [423, 'system_silent'],
    [429, 'slow_down'],
    [500, 'system_silent'],
  ])('%i is %s', (status, cause) => {
    expect(refused(status, '')[0]).toBe(cause)
  })
  it.each([
    ['message', { message: 'No, "Anna Jansen" may not.' }],
    ['eAccounting', { ErrorCode: 2000, DeveloperErrorMessage: 'No, "Anna Jansen" may not.' }],
    ['CCV Shop', { status: 500, code: '500.20', developermessage: 'No, "Anna Jansen" may not.' }],
    ['Asperion', { title: 'No, "Anna Jansen" may not.', detail: null, status: 400 }],
    ['Lightspeed', { error: { code: 400, message: 'No, "Anna Jansen" may not.' } }],
    ['Ecwid', { errorMessage: 'No, "Anna Jansen" may not.', errorCode: 'WRONG' }],
  ])('keeps the words of %s, without the values', (_name, body) => {
    expect(refused(400, body)).toEqual(['unknown_answer', 'No, … may not.'])
  })
  it('takes no words from what is none', () => {
    for (const body of ['<html>', null, [], { message: 7 }, { error: null }])
      expect(refused(400, body)[1]).toBe(undefined)
  })
})

describe('the cause of a call without an answer', () => {
  const failed = (fault: 'network' | 'timeout' | 'too_large', cause: unknown, sent = false) =>
    told(failureOfTry(new TransportError(fault, sent, cause), 'Test', 'test.example.com'))
  const coded = (code: string) => Object.assign(new Error('x'), { code })
  it.each([
    ['a timeout', 'timeout', undefined, true, 'system_silent'],
    ['a name nobody knows', 'network', coded('ENOTFOUND'), false, 'system_silent'],
    ['a refused connection', 'network', coded('ECONNREFUSED'), false, 'system_silent'],
    ['a line that broke', 'network', coded('ECONNRESET'), true, 'answer_lost'],
    ['a certificate', 'network', coded('CERT_HAS_EXPIRED'), false, 'certificate_bad'],
    ['an endless answer', 'too_large', undefined, true, 'answer_unreadable'],
  ] as const)('%s', (_name, fault, cause, sent, key) => {
    expect(failed(fault, cause, sent)[0]).toBe(key)
  })
  it('a private address', () => {
    expect(failed('network', new UnsafeAddressError('10.0.0.1'))[0]).toBe('address_unsafe')
  })
})

it('names what a plugin printed before the data', () => {
  const body = Buffer.from('<b>Notice</b>: Undefined index in cart\n{"id":1}')
  const read = () => readReply({ status: 200, headers: { 'content-type': 'application/json' }, body }, 'Test')
  try {
    read()
    throw new Error('it was read')
  } catch (error) {
    expect(told(error)).toEqual(['text_before_data', expect.stringContaining('Undefined index in cart')])
  }
})
