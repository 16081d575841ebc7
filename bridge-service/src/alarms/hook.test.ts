import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { callHook, checkHookUrl, newHookSecret, signatureOf } from './hook.ts'
import type { HookBody } from './compose.ts'
import { SendError } from './mail.ts'

const NOW = new Date('2026-03-30T10:00:00.700Z')
const body: HookBody = { type: 'alarm.test', timestamp: NOW.toISOString(), data: { text: 'Ünïcode' } }

let server: Server
let host: string
let seen: { request: IncomingMessage; body: string }[]
let answer: { status: number; headers?: Record<string, string> }
beforeEach(async () => {
  seen = []
  answer = { status: 204 }
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      seen.push({ request, body: Buffer.concat(chunks).toString() })
      response.writeHead(answer.status, answer.headers).end()
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => new Promise<void>((done) => server.close(() => done())))

const call = (more: { url?: string; secrets?: string[] } = {}, allowHosts = [host]) =>
  callHook(
    {
      url: `http://${host}/in/box?key=a%2Fb`,
      secrets: [newHookSecret()],
      id: 'msg_1',
      body,
      now: NOW,
      ...more,
    },
    { allowHosts },
  )

describe('a signed call', () => {
  it('is signed over id, time and the bytes of the body, with every secret that counts', async () => {
    const secrets = [newHookSecret(), newHookSecret()]
    await call({ secrets })
    const [{ request, body: text } = { request: undefined, body: '' }] = seen
    expect([request?.method, request?.url]).toEqual(['POST', '/in/box?key=a%2Fb'])
    expect(JSON.parse(text)).toEqual(body)
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': 'msg_1',
      'webhook-timestamp': '1774864800',
    })
    // As a receiver reckons it.
    const expected = secrets.map((secret) => {
      const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
      return `v1,${createHmac('sha256', key).update(`msg_1.1774864800.${text}`).digest('base64')}`
    })
    expect(request?.headers['webhook-signature']?.toString().split(' ')).toEqual(expected)
  })

  it('has secrets of 256 bits, each its own', () => {
    const secrets = Array.from({ length: 100 }, newHookSecret)
    expect(new Set(secrets).size).toBe(100)
    for (const secret of secrets) {
      expect(Buffer.from(secret.replace(/^whsec_/, ''), 'base64')).toHaveLength(32)
    }
    expect(signatureOf(secrets.slice(0, 1), 'a', 1, '{}')).not.toBe(
      signatureOf(secrets.slice(0, 1), 'a', 2, '{}'),
    )
  })

  it.each([400, 404, 410, 500, 503])('fails by the answer %i, in words', async (status) => {
    answer = { status }
    await expect(call()).rejects.toThrow(`The address answered ${status}.`)
  })

  it('does not follow where the answer leads', async () => {
    answer = { status: 307, headers: { location: `http://${host}/elsewhere` } }
    await expect(call()).rejects.toThrow('leads elsewhere')
    expect(seen).toHaveLength(1)
  })

  it('says that nobody answers', async () => {
    await new Promise<void>((done) => server.close(() => done()))
    await expect(call()).rejects.toThrow(new SendError('The address does not answer.'))
  })

  it.each([
    ['http://127.0.0.1:1/x', 'not https'],
    ['https://127.0.0.1/x?y=1', 'a number'],
    ['https://[::ffff:127.0.0.1]/', 'a number'],
    ['https://169.254.169.254/latest/meta-data', 'a number'],
    ['https://user:pass@alerts.example.com/', 'user name or password'],
    ['https://localhost/', 'not a public one'],
    ['https://alerts.example.com:8443/', 'Port 8443'],
    ['file:///etc/passwd', 'cannot be called'],
  ])('never goes to %s', async (url, reason) => {
    await expect(call({ url }, [])).rejects.toThrow(reason)
    expect(await checkHookUrl(url, {})).toMatchObject({ ok: false, reason: expect.stringContaining(reason) })
    expect(seen).toEqual([])
  })

  it('never goes where a public name leads to a private address', async () => {
    const resolver = async () => [{ address: '127.0.0.1', family: 4 as const }]
    const url = `https://alerts.example.com/`
    const sent = callHook({ url, secrets: [newHookSecret()], id: 'msg_1', body, now: NOW }, { resolver })
    await expect(sent).rejects.toThrow('not public')
  })
})
