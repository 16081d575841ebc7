import { describe, expect, it } from 'vitest'
import {
  checkBaseUrl,
  checkBaseUrlResolved,
  isAllowedAddress,
  resolveChecked,
  type ResolvedAddress,
} from './safe-address.ts'

const PUBLIC = '93.184.215.14'
const at = (...addresses: string[]): readonly ResolvedAddress[] =>
  addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

/** Inputs that must be refused by their text alone. */
const REFUSED = [
  'https://127.0.0.1',
  'https://127.1',
  'https://0',
  'https://0.0.0.0',
  'https://0x7f000001',
  'https://0x7f.0.0.1',
  'https://2130706433',
  'https://017700000001',
  'https://0177.0.0.1',
  'https://１２７.０.０.１',
  'https://[::1]',
  'https://[::]',
  'https://[::ffff:127.0.0.1]',
  'https://[::ffff:7f00:1]',
  'https://[fd00::1]',
  'https://[fe80::1]',
  'https://[64:ff9b::7f00:1]',
  'https://[2002:7f00:1::]',
  'https://169.254.169.254',
  'https://10.0.0.5',
  'https://172.16.0.1',
  'https://192.168.1.10',
  'https://100.64.0.1',
  'https://224.0.0.1',
  'https://8.8.8.8',
  'https://localhost',
  'https://localhost.',
  'https://ⓛocalhost',
  'https://shop.localhost',
  'https://printer.local',
  'https://metadata.google.internal',
  'https://intranet',
  'https://router.home.arpa',
  'https://shop.example.com.',
  'https://sh\u043ep.example.com',
  'https://\u0430\u0440\u0440\u04cf\u0435.com',
  'http://shop.example.com',
  'https://shop.example.com:8443',
  'https://shop.example.com:22',
  'file:///etc/passwd',
  'ftp://shop.example.com',
  'gopher://shop.example.com',
  'javascript:alert(1)',
  'https://user:pass@shop.example.com',
  'https://shop.example.com@127.0.0.1',
  'https://shop.example.com/?next=x',
  'https://shop.example.com/#x',
  'shop.example.com',
  '//shop.example.com',
  '',
  'https://',
]

/** Addresses no name may lead to. */
const UNSAFE_ADDRESSES = [
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '0.1.2.3',
  '10.1.2.3',
  '172.31.255.255',
  '192.168.0.1',
  '169.254.169.254',
  '100.64.0.1',
  '100.127.255.255',
  '192.0.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:93.184.215.14',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::1',
  '2002:7f00:1::',
  '2001::1',
  '2001:db8::1',
  '2001:2::1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  '100::1',
  'nonsense',
]

describe('checkBaseUrl', () => {
  it.each(REFUSED)('refuses %s with a reason and a remedy', (text) => {
    const checked = checkBaseUrl(text)
    expect(checked.ok).toBe(false)
    if (!checked.ok) {
      expect(checked.reason).not.toBe('')
      expect(checked.remedy).not.toBe('')
    }
  })

  it.each([
    'https://shop.example.com',
    ' https://shop.example.com/nl/ ',
    'https://SHOP.example.com:443',
    'https://søster.example',
  ])('takes %s', (text) => {
    expect(checkBaseUrl(text).ok).toBe(true)
  })

  it('opens exactly the listed host and port, also for plain http', () => {
    const rules = { allowHosts: ['127.0.0.1:8080', '[::1]:8080', 'shop.local:80'] }
    expect(checkBaseUrl('http://127.0.0.1:8080', rules).ok).toBe(true)
    expect(checkBaseUrl('http://[::1]:8080', rules).ok).toBe(true)
    expect(checkBaseUrl('http://shop.local', rules).ok).toBe(true)
    expect(checkBaseUrl('http://127.0.0.1:8081', rules).ok).toBe(false)
    expect(checkBaseUrl('http://127.0.0.2:8080', rules).ok).toBe(false)
    expect(checkBaseUrl('https://shop.local', rules).ok).toBe(false)
    expect(checkBaseUrl('http://user:x@127.0.0.1:8080', rules).ok).toBe(false)
  })
})

describe('addresses', () => {
  it.each(UNSAFE_ADDRESSES)('%s is not public', (address) => {
    expect(isAllowedAddress(address, false)).toBe(false)
  })

  it.each([PUBLIC, '1.1.1.1', '2606:4700:4700::1111', '2a00:1450:400e:80c::200e'])(
    '%s is public',
    (address) => {
      expect(isAllowedAddress(address, false)).toBe(true)
    },
  )

  it('never opens link-local addresses, where clouds keep credentials', () => {
    expect(isAllowedAddress('10.0.0.5', true)).toBe(true)
    expect(isAllowedAddress('::ffff:127.0.0.1', true)).toBe(true)
    for (const address of ['169.254.169.254', '::ffff:169.254.169.254', 'fe80::1', '0.0.0.0', '224.0.0.1']) {
      expect(isAllowedAddress(address, true)).toBe(false)
    }
  })

  it('refuses a name with one public and one private address', async () => {
    const resolve = resolveChecked('shop.example.com', 443, {}, async () => at(PUBLIC, '10.0.0.5'))
    await expect(resolve).rejects.toMatchObject({ code: 'UNSAFE_ADDRESS' })
  })

  it('refuses a name without an address', async () => {
    const resolve = resolveChecked('shop.example.com', 443, {}, async () => [])
    await expect(resolve).rejects.toMatchObject({ code: 'UNSAFE_ADDRESS' })
  })

  it('opens a private address only on the listed port', async () => {
    const rules = { allowHosts: ['shop.local:8080'] }
    const resolver = async () => at('10.0.0.5')
    await expect(resolveChecked('shop.local', 8080, rules, resolver)).resolves.toHaveLength(1)
    await expect(resolveChecked('shop.local', 443, rules, resolver)).rejects.toThrow('not public')
  })
})

describe('checkBaseUrlResolved', () => {
  it.each(UNSAFE_ADDRESSES)('refuses a public name that leads to %s', async (address) => {
    const checked = await checkBaseUrlResolved('https://shop.example.com', {}, async () => at(address))
    expect(checked).toMatchObject({ ok: false, reason: expect.stringContaining('not public') })
  })

  it('says that a name was not found', async () => {
    const checked = await checkBaseUrlResolved('https://shop.example.com', {}, async () => {
      throw Object.assign(new Error('no'), { code: 'ENOTFOUND' })
    })
    expect(checked).toMatchObject({ ok: false, reason: 'shop.example.com was not found.' })
  })

  it('takes a public name', async () => {
    const checked = await checkBaseUrlResolved('https://shop.example.com', {}, async () => at(PUBLIC))
    expect(checked.ok).toBe(true)
  })
})
