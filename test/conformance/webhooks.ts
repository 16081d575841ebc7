import type { RawWebhook } from '@crosswalk/connectors/sdk'
import { afterEach, describe, expect, it } from 'vitest'
import { startReceiver } from './receiver.ts'
import { connect, keeper } from './session.ts'
import type { Subject } from './subject.ts'

const SECRET = 'WebhookSecretOfTheConformanceSuite7'

/** Webhooks: making them at the source, proving who sent one, reading what it tells. */
export function webhookTests(subject: Subject): void {
  const { webhooks } = subject.connector
  if (webhooks === undefined) return
  const side = subject.webhooks
  if (side === undefined)
    throw new Error(`${subject.connector.id} has webhooks: its subject has to deliver them`)
  const { keep, closeAll } = keeper()
  let closeReceiver = async (): Promise<void> => {}
  afterEach(async () => {
    await closeAll()
    await closeReceiver()
  })
  const open = async () => {
    const receiver = await startReceiver()
    closeReceiver = receiver.close
    const running = keep(await subject.start({ webhookTargets: [receiver.host] }))
    const session = keep(await connect(subject, running))
    const want = { url: receiver.url, secret: SECRET, topics: side.topics }
    return {
      receiver,
      running,
      session,
      subscribe: () => session.run((context) => webhooks.subscribe!(want, context)),
    }
  }
  const verify = (raw: RawWebhook, secret = SECRET): string => webhooks.verify(raw, secret, new Date())
  /** Deliveries of one change; pings are left out. */
  const changed = async () => {
    const { receiver, running, subscribe } = await open()
    await subscribe()
    await side.deliver(running)
    receiver.received.splice(0)
    const key = side.change(running)
    await side.deliver(running)
    expect(receiver.received.length).toBeGreaterThan(0)
    return { key, raws: receiver.received }
  }

  describe('webhooks', () => {
    it('are made once', async () => {
      const { session, subscribe } = await open()
      const first = await subscribe()
      const again = await subscribe()
      expect(first.subscriptions.map((entry) => entry.topic).sort()).toEqual([...side.topics].sort())
      expect(again.subscriptions.map((entry) => entry.id).sort()).toEqual(
        first.subscriptions.map((entry) => entry.id).sort(),
      )
      expect(again.subscriptions.every((entry) => entry.active)).toBe(true)
      expect(again.revived).toEqual([])
      expect(session.waits).toEqual([])
    })

    it('are taken by the source for every topic the connector names', async () => {
      const { receiver, session } = await open()
      const topics = Object.keys(webhooks.topics)
      for (const topic of topics) {
        const want = { url: `${receiver.url}/${topic}`, secret: SECRET, topics: [topic] }
        const { subscriptions } = await session.run((context) => webhooks.subscribe!(want, context))
        expect(subscriptions).toMatchObject([{ topic, active: true }])
      }
    })

    it('follow the service to another host', async () => {
      const { receiver, running, session, subscribe } = await open()
      await subscribe()
      const url = receiver.url.replace('127.0.0.1', 'localhost')
      const { topics } = side
      const moved = await session.run((context) =>
        webhooks.subscribe!({ url, secret: SECRET, topics }, context),
      )
      expect(moved.subscriptions).toHaveLength(topics.length)
      await side.deliver(running)
      receiver.received.splice(0)
      side.change(running)
      await side.deliver(running)
      expect(receiver.received).toEqual([])
    })

    it('are switched on again, and told apart, when the source has switched them off', async () => {
      const { running, subscribe } = await open()
      await subscribe()
      side.switchOff(running)
      const { subscriptions, revived } = await subscribe()
      expect(revived).toHaveLength(1)
      expect(subscriptions.every((entry) => entry.active)).toBe(true)
    })

    it('are taken away again', async () => {
      const { receiver, running, session, subscribe } = await open()
      await subscribe()
      await session.run((context) => webhooks.unsubscribe!(receiver.url, context))
      await side.deliver(running)
      receiver.received.splice(0)
      side.change(running)
      await side.deliver(running)
      expect(receiver.received).toEqual([])
    })

    it('prove their sender over the raw bytes', async () => {
      const { raws } = await changed()
      const raw = raws[0]!
      const header = side.signatureHeader
      const signature = String(raw.headers[header])
      const signed = (value: RawWebhook['headers'][string]): RawWebhook => ({
        ...raw,
        headers: { ...raw.headers, [header]: value },
      })
      expect(verify(raw)).toBe('ok')
      expect(verify(raw, 'another secret')).toBe('bad_signature')
      expect(verify({ ...raw, body: Buffer.concat([raw.body, Buffer.from(' ')]) })).toBe('bad_signature')
      expect(verify(signed(undefined))).toBe('unsigned')
      expect(['unsigned', 'bad_signature']).toContain(verify(signed('')))
      for (const bad of [
        signature.slice(0, -1),
        `${signature}x`,
        signature.toLowerCase(),
        'é'.repeat(44),
        '{}',
        [signature, signature],
        [],
      ]) {
        expect(['unsigned', 'bad_signature'], JSON.stringify(bad)).toContain(verify(signed(bad)))
      }
      expect(verify(raw, '')).not.toBe('ok')
    })

    it('tell which record to read again', async () => {
      const { key, raws } = await changed()
      const told = raws.map((raw) => webhooks.notices(raw))
      expect(told.flatMap((entry) => entry.notices.map((notice) => notice.externalId))).toContain(key)
      for (const { notices } of told) {
        for (const notice of notices) expect(subject.connector.sources[notice.entity]).toBeDefined()
      }
    })

    it('survive nonsense from a sender that has the secret', async () => {
      const { raws } = await changed()
      for (const text of ['', '[]', 'null', '{"id":{}}', '{"id":', '<html>']) {
        expect(webhooks.notices({ ...raws[0]!, body: Buffer.from(text) }).notices).toEqual([])
      }
    })

    it('know a ping', () => {
      expect(verify(side.ping())).toBe('ping')
    })

    it('are not promised for an address the source would not call', () => {
      expect(webhooks.reaches(new URL('https://bridge.example.com/hooks/abc'))).toBe(true)
      for (const url of ['http://127.0.0.1/hooks', 'https://localhost/hooks', 'https://10.0.0.5/hooks']) {
        expect(webhooks.reaches(new URL(url)), url).toBe(false)
      }
    })
  })
}
