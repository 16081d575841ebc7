import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { composeMail } from '../bridge-service/src/alarms/compose.ts'
import { createMailer } from '../bridge-service/src/alarms/mail.ts'
import { readSmtp } from '../bridge-service/src/alarms/smtp-address.ts'
import type { AlarmRow } from '../bridge-service/src/store/alarm-schema.ts'
import { selfSigned } from '../connectors/src/sdk/test-certificate.ts'
import { startMailServer, type MailServer, type MailServerOptions } from './mail/server.ts'

const FROM = 'Crosswalk Brücke <alarms@example.com>'
const NOW = new Date('2026-03-30T10:10:00Z')
const certificate = selfSigned('localhost')
const open: MailServer[] = []
const authorities = getCACertificates('default')
const serve = async (options?: MailServerOptions, port?: number): Promise<MailServer> => {
  const server = await startMailServer(options, port)
  open.push(server)
  return server
}
const trust = (certificates: readonly string[]) => setDefaultCACertificates([...authorities, ...certificates])
beforeAll(() => trust([certificate.cert]))
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()))
})
afterAll(() => trust([]))

const alarm = (facts: AlarmRow['facts'] = {}): AlarmRow => ({
  id: 'alarm_1', workspace_id: 'ws_1', key: 'failure:flow_1:4f2a', cause: 'failure', flow_id: 'flow_1', connection_id: null,
  since: new Date('2026-03-30T10:05:00Z'), raised_at: NOW, told_at: NOW, ended_at: null, outcome: null, acknowledged_at: null, acknowledged_by: null,
  facts: { words: 'failure', entity: 'order', account: 'shop.example.com', target: 'HubSpot', count: 5, examples: '#1040, #1037', reason: 'HubSpot has no stage named Packed.', todo: 'Choose a stage.', group: '4f2a', ...facts },
}) // prettier-ignore
const options = {
  settings: { timeZone: 'Europe/Amsterdam' },
  publicUrl: 'https://bridge.example.com',
  now: NOW,
}
const mail = (facts?: AlarmRow['facts']) => ({
  ...composeMail('raised', alarm(facts), options),
  to: 'owner@example.com',
  id: 'msg_1',
})
const sendTo = (server: MailServer, scheme = 'smtp', user = '') =>
  createMailer(readSmtp(`${scheme}://${user}localhost:${server.port}`, FROM)).send(mail())
/** As if the server were on another machine. */
const sendAway = (server: MailServer, user = '') => {
  const smtp = readSmtp(`smtp://${user}localhost:${server.port}`, FROM)
  return createMailer({ ...smtp, tls: 'starttls' }).send(mail())
}

describe('a mail about an alarm', () => {
  it('says in text and HTML what happened, why, what to do and what is not affected', async () => {
    const server = await serve()
    await sendTo(server)
    const [taken] = server.mails
    expect(taken).toMatchObject({ envelopeFrom: 'alarms@example.com', envelopeTo: ['owner@example.com'] })
    expect(taken?.header('subject')).toBe('5 orders are not in HubSpot yet (shop.example.com)')
    expect(taken?.header('from')).toBe('Crosswalk Brücke <alarms@example.com>')
    expect(taken?.header('to')).toBe('owner@example.com')
    expect(taken?.header('message-id')).toBe('<msg_1@example.com>')
    expect(taken?.header('auto-submitted')).toBe('auto-generated')
    expect(taken?.text.replaceAll('\r\n', '\n')).toBe(`Since 12:05 today (Europe/Amsterdam), 5 orders could not be sent to HubSpot: #1040, #1037.

Why: HubSpot has no stage named Packed.

What to do: Choose a stage.

Do it here:
  https://bridge.example.com/#/failures?cause=4f2a

What is not affected: All other orders travel as usual.

You get one message per cause and one when it is solved. Change this in Crosswalk: Settings → Alarms.

Open the settings of alarms:
  https://bridge.example.com/#/settings/alarms
`) // prettier-ignore
    const words = (text: string) =>
      text
        .split(/\s+/)
        .filter((word) => word !== '')
        .join(' ')
    const shown = (taken?.html ?? '').replace(/<title>.*<\/title>/, '').replace(/<[^>]+>/g, ' ').replaceAll('&amp;', '&') // prettier-ignore
    expect(words(shown)).toBe(words(taken?.text ?? ''))
    expect(taken?.html).not.toMatch(/<(img|script|style|link)|cid:|https?:\/\/(?!bridge\.example\.com)/)
  })

  it.each([
    'x\r\nBcc: victim@example.com\r\n\r\nhello',
    'x\nSubject: other',
    '\u2028Bcc: victim@example.com',
    '=?utf-8?q?=0D=0ABcc:_victim=40example.com?=',
    '<img src=x onerror=alert(1)>" onclick="',
    '{flow} {constructor} ${7*7}',
  ])('lets no name get out of its place: %j', async (name) => {
    const server = await serve()
    const { text, html, subject, ...rest } = mail({ account: name, flow: name, target: name, examples: name, reason: name }) // prettier-ignore
    await createMailer(readSmtp(`smtp://localhost:${server.port}`, FROM)).send({
      ...rest,
      text,
      html,
      subject,
    })
    const [taken] = server.mails
    expect(taken?.envelopeTo).toEqual(['owner@example.com'])
    expect(taken?.headers.map(([header]) => header).sort()).toEqual(
      ['auto-submitted', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to', 'x-auto-response-suppress'], // prettier-ignore
    )
    expect(taken?.header('subject')).toBe(subject)
    expect(taken?.raw).not.toMatch(/^Bcc:/im)
    expect(taken?.html).not.toMatch(/<img|" onclick/)
    expect(taken?.text).not.toMatch(/victim@example\.com|49/)
  })

  it('keeps its subject short', () => {
    const { subject } = mail({ account: 'a-shop-with-a-very-long-name-indeed.example.com' })
    expect(subject.length).toBeLessThanOrEqual(60)
    expect(subject).toMatch(/^5 orders are not in HubSpot yet \(a-shop/)
  })
})

describe('the way to the mail server', () => {
  it('is encrypted from the first byte, or before anything is said', async () => {
    const login = { user: 'me', password: 'p@ss/word' }
    for (const how of ['at_once', 'starttls'] as const) {
      const server = await serve({ tls: { how, ...certificate }, login })
      const user = 'me:p%40ss%2Fword@'
      await (how === 'at_once' ? sendTo(server, 'smtps', user) : sendAway(server, user))
      expect(server.mails).toMatchObject([{ secure: true, user: 'me' }])
    }
  })

  it('says nothing to a server that offers no encryption', async () => {
    const server = await serve()
    await expect(sendAway(server)).rejects.toThrow('no secure connection')
    expect(server.mails).toEqual([])
  })

  it('trusts no certificate that nobody vouches for, or of another name, whatever the environment says', async () => {
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    try {
      const other = selfSigned('mail.example.com')
      for (const [cert, trusted] of [
        [selfSigned('localhost'), []],
        [other, [other.cert]],
      ] as const) {
        trust(trusted)
        const server = await serve({ tls: { how: 'at_once', ...cert } })
        await expect(sendTo(server, 'smtps')).rejects.toThrow('cannot be trusted')
        expect(server.mails).toEqual([])
      }
    } finally {
      trust([certificate.cert])
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
    }
  })

  it('says why a mail was not taken, without passwords and addresses', async () => {
    const server = await serve()
    server.refuse.set('owner@example.com', 550)
    await expect(sendTo(server)).rejects.toThrow(/^The mail server refused the recipient \(answer 550\)\.$/)
    const strict = await serve({ tls: { how: 'at_once', ...certificate }, login: { user: 'me', password: 'right' } }) // prettier-ignore
    await expect(sendTo(strict, 'smtps', 'me:wrong@')).rejects.toThrow(
      'The mail server does not accept our user name and password (answer 535).',
    )
    await server.close()
    await expect(sendTo(server)).rejects.toThrow(/^The mail server does not answer\.$/)
  })
})

describe('SMTP_URL and SMTP_FROM', () => {
  it('name the server, with the port that goes with the way', () => {
    expect(readSmtp('smtps://mail.example.com', 'a@example.com')).toEqual({
      host: 'mail.example.com', port: 465, tls: 'at_once', user: null, password: null, from: { name: 'Crosswalk', address: 'a@example.com' },
    }) // prettier-ignore
    expect(readSmtp('smtp://u:p%25@mail.example.com', '"The Shop" <a@example.com>')).toMatchObject({
      port: 587, tls: 'starttls', user: 'u', password: 'p%', from: { name: 'The Shop', address: 'a@example.com' },
    }) // prettier-ignore
    expect(readSmtp('smtp://127.0.0.1:25', 'a@example.com')).toMatchObject({ tls: 'none' })
    expect(readSmtp('smtp://[::1]:25', 'a@example.com')).toMatchObject({ host: '::1', tls: 'none' })
    expect(readSmtp('smtp://10.0.0.5:25', 'a@example.com')).toMatchObject({ tls: 'starttls' })
    expect(readSmtp('smtp://127.example.com:25', 'a@example.com')).toMatchObject({ tls: 'starttls' })
  })

  it.each([
    ['mail.example.com', 'a@example.com', /^SMTP_URL: write smtps/],
    ['https://mail.example.com', 'a@example.com', /^SMTP_URL: write smtps/],
    [
      'smtp://mail.example.com?tls.rejectUnauthorized=false',
      'a@example.com',
      /^SMTP_URL: nothing may follow/,
    ],
    ['smtp://u:%zz@mail.example.com', 'a@example.com', /^SMTP_URL: write signs/],
    ['smtps://mail.example.com', undefined, /^SMTP_FROM: write who/],
    ['smtps://mail.example.com', 'nobody', /^SMTP_FROM: write who/],
    ['smtps://mail.example.com', 'A <a@example.com>, B <b@example.com>', /^SMTP_FROM: write who/],
    ['smtps://mail.example.com', 'A\r\nBcc: b@example.com <a@example.com>', /^SMTP_FROM: write who/],
  ])('%j with %j is refused', (url, from, message) => {
    expect(() => readSmtp(url, from)).toThrow(message)
  })
})
