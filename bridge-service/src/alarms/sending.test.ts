import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { causeRef } from '@crosswalk/shared/causes'
import { newHookSecret, signatureOf } from './hook.ts'
import { sealAlarmSecret } from './hook-secret.ts'
import { acknowledgeAlarm } from '../store/alarms.ts'
import { listMessages } from '../store/alarm-messages.ts'
import { replaceHookSecret } from '../store/alarm-settings.ts'
import type { Store } from '../store/database.ts'
import { purgeExpired } from '../store/retention.ts'
import { testStores } from '../store/testing.ts'
import {
  alarmRig,
  DAY,
  failOrders,
  HOUR,
  MINUTE,
  readFlow,
  SECOND,
  sendAll,
  type AlarmRig,
} from './testing.ts'
import { waitMs } from './sender.ts'

const REFUSED = 'HubSpot no longer accepts our sign-in'
const WELL = 'Solved: HubSpot (crm_0) accepts our sign-in again'

/** An address that is called, with what came. */
async function startReceiver() {
  const calls: { headers: IncomingMessage['headers']; body: string }[] = []
  const receiver = { host: '', calls, status: 204, close: () => new Promise<void>((done) => server.close(() => done())) } // prettier-ignore
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      calls.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
      response.writeHead(receiver.status).end()
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  receiver.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return receiver
}

it('waits longer after each try, up to an hour', () => {
  expect([0, 1, 2, 6, 7, 50].map(waitMs).map((ms) => ms / SECOND)).toEqual([30, 60, 120, 1_920, 3_600, 3_600])
})

describe.each(await testStores())('messages about alarms ($kind store)', (home) => {
  let store: Store
  let rig: AlarmRig
  beforeAll(async () => {
    store = await home.open()
  }, 60_000)
  afterAll(async () => {
    await store.close()
    await home.remove()
  })
  beforeEach(async () => {
    rig = await alarmRig(store)
  })

  const stays = { meanwhile: () => readFlow(store, rig.now()) }
  const refuse = () =>
    store.raw(`update connection set state = 'unauthorized', state_reason = 'Withdrawn.' where id = 'crm_0'`)
  const allow = () => store.raw(`update connection set state = 'active' where id = 'crm_0'`)
  const messages = async () => {
    const alarms = await store.raw<{ id: string }>('select id from alarm order by raised_at')
    return listMessages(store.db, alarms.map(({ id }) => id)) // prettier-ignore
  }
  const oneAlarm = async () => (await store.raw<{ id: string }>('select id from alarm'))[0]?.id ?? ''

  it('go to the workspace and to whom its flows name, each address once', async () => {
    await rig.settings({ recipients: ['owner@example.com', 'shop@example.com'] })
    await store.raw(
      `update flow set settings = '{"alertRecipients":["Owner@Example.com","flow@example.com"]}'`,
    )
    await refuse()
    await rig.pass(MINUTE, stays)
    expect(rig.handed.map(({ to }) => to.toLowerCase()).sort()).toEqual(['flow@example.com', 'owner@example.com', 'shop@example.com']) // prettier-ignore
  })

  it('are none of a cause that is not watched for, or on a way that is not in use', async () => {
    await rig.settings({ causes: ['quiet'] })
    await refuse()
    await rig.pass(MINUTE, stays)
    expect(await store.raw('select 1 from alarm')).toEqual([])
    await rig.settings({ channels: ['hook'] })
    await rig.pass(MINUTE, stays)
    expect(await store.raw('select 1 from alarm')).toHaveLength(1)
    expect(rig.handed).toEqual([])
  })

  it('end quietly when nobody wants to hear of the cause any more', async () => {
    await refuse()
    await rig.pass(MINUTE, stays)
    expect(rig.news()).toEqual([REFUSED])
    await rig.settings({ causes: ['quiet'] })
    await rig.pass(MINUTE, stays)
    expect([rig.news(), await store.raw('select outcome from alarm')]).toEqual([[], [{ outcome: 'dropped' }]])
  })

  it('are sent once by however many processes, and none is lost', async () => {
    await rig.settings({ recipients: Array.from({ length: 20 }, (_, i) => `owner${i}@example.com`) })
    const all = [rig.alarms, rig.another(), rig.another(), rig.another()]
    await refuse()
    await Promise.all(all.map((one) => one.look()))
    for (let round = 0; round < 4; round += 1) await Promise.all(all.map(sendAll))
    expect(new Set(rig.handed.map(({ to }) => to)).size).toBe(20)
    expect(rig.handed).toHaveLength(20)
    await allow()
    await Promise.all(all.map((one) => one.look()))
    for (let round = 0; round < 4; round += 1) await Promise.all(all.map(sendAll))
    expect(rig.handed).toHaveLength(40)
  })

  it('of a process that died are sent by another, when its claim has run out, under the same id', async () => {
    await refuse()
    await rig.alarms.look()
    const [message] = await messages()
    await store.raw(
      `update alarm_message set claimed_by = 'dead', claimed_until = clock_timestamp() + interval '1 minute'`,
    )
    const other = rig.another()
    await sendAll(other)
    expect(rig.handed).toEqual([])
    await store.raw(`update alarm_message set claimed_until = clock_timestamp() - interval '1 second'`)
    await sendAll(other)
    await sendAll(rig.alarms)
    expect(rig.handed.map(({ id }) => id)).toEqual([message?.id])
  })

  it('are repeated by no restart', async () => {
    await refuse()
    await rig.pass(MINUTE, stays)
    expect(rig.news()).toEqual([REFUSED])
    rig.alarms = rig.another()
    await rig.pass(10 * MINUTE, { ...stays, step: 2 * MINUTE })
    expect(rig.news()).toEqual([])
    rig.alarms = rig.another()
    await allow()
    await rig.pass(MINUTE, stays)
    expect(rig.news()).toEqual([WELL])
  })

  it('that cannot be sent are tried again after longer and longer, show why, and are given up after a day', async () => {
    rig.mailFails = 'The mail server does not answer.'
    await refuse()
    await rig.pass(MINUTE, stays)
    expect(await messages()).toMatchObject([{ state: 'waiting', attempts: 2, error: 'The mail server does not answer.' }]) // prettier-ignore
    await rig.pass(10 * MINUTE, { ...stays, step: MINUTE })
    expect((await messages())[0]?.attempts).toBeLessThan(7)
    rig.mailFails = null
    await rig.pass(10 * MINUTE, { ...stays, step: MINUTE })
    expect(rig.news()).toEqual([REFUSED])
    expect(await messages()).toMatchObject([{ state: 'sent', error: null }])

    rig.mailFails = 'No.'
    await allow()
    await rig.pass(26 * HOUR, { ...stays, step: HOUR })
    expect((await messages()).map(({ kind, state }) => [kind, state])).toEqual([['raised', 'sent'], ['solved', 'given_up']]) // prettier-ignore
    rig.mailFails = null
    await rig.pass(2 * HOUR, { ...stays, step: HOUR })
    expect(rig.news()).toEqual([])
  })

  it('tell of the end never before the beginning', async () => {
    rig.mailFails = 'No.'
    await refuse()
    await rig.pass(MINUTE, stays)
    await allow()
    await rig.pass(MINUTE, stays)
    rig.mailFails = null
    await rig.pass(20 * MINUTE, { ...stays, step: MINUTE })
    expect(rig.news()).toEqual([REFUSED, WELL])
  })

  it('remind once a day only where that is wanted and nobody has seen it', async () => {
    await refuse()
    await rig.pass(3 * DAY, { ...stays, step: 12 * HOUR })
    expect(rig.news()).toEqual([REFUSED])
    await rig.settings({ remindDaily: true })
    await rig.pass(12 * HOUR, { ...stays, step: 6 * HOUR })
    expect(rig.news()).toEqual([REFUSED])
    expect(rig.handed.at(-1)?.text).toMatch(/^This is still so; it was told .* for the first time\./)
    await rig.pass(2 * DAY, { ...stays, step: 6 * HOUR })
    expect(rig.news()).toEqual([REFUSED, REFUSED])
    await acknowledgeAlarm(store.db, 'ws_1', await oneAlarm(), { actor: 'key_1', at: new Date(rig.now()) })
    await rig.pass(3 * DAY, { ...stays, step: 6 * HOUR })
    expect(rig.news()).toEqual([])
  })

  it('go when their time is over, with the alarm they are about', async () => {
    await refuse()
    await rig.pass(MINUTE, stays)
    await allow()
    await rig.pass(MINUTE, stays)
    await store.raw(`update alarm set ended_at = now() - interval '80 days'`)
    await purgeExpired(store.db)
    expect(await messages()).toHaveLength(2)
    await store.raw(`update alarm set ended_at = now() - interval '91 days'`)
    await purgeExpired(store.db)
    expect(await store.raw('select 1 from alarm_message')).toEqual([])
  })

  it('say nothing of a cause that cannot be looked at; the others go on', async () => {
    await failOrders(store, [7], causeRef('unknown_answer', { words: 'Wrong.' }))
    await rig.pass(MINUTE, stays)
    expect(rig.news()).toHaveLength(1)
    await store.raw('alter table failure rename to failure_away')
    await refuse()
    await rig.pass(MINUTE, stays)
    expect(rig.news()).toEqual([REFUSED])
    await store.raw('alter table failure_away rename to failure')
    await store.raw(`update failure set state = 'ended'`)
    await rig.pass(MINUTE, stays)
    expect(rig.news()).toEqual(['Solved: no order fails for this cause any more'])
  })

  describe('as signed calls', () => {
    let receiver: Awaited<ReturnType<typeof startReceiver>>
    let secret: string
    beforeEach(async () => {
      receiver = await startReceiver()
      rig = await alarmRig(store, { allowHosts: [receiver.host] })
      await rig.settings({ recipients: [], hookUrl: `http://${receiver.host}/in?key=1` })
      secret = newHookSecret()
      await renew(secret)
      return () => receiver.close()
    })
    const renew = (to: string) =>
      replaceHookSecret(store.db, 'ws_1', sealAlarmSecret('ws_1', to, rig.vault), new Date(rig.now()))
    const signedBy = ({ headers, body }: (typeof receiver.calls)[number], by: readonly string[]) =>
      headers['webhook-signature'] ===
      signatureOf(by, String(headers['webhook-id']), Number(headers['webhook-timestamp']), body)

    it('say what a program needs to know, and when it is over', async () => {
      await refuse()
      await rig.pass(MINUTE, stays)
      await allow()
      await rig.pass(MINUTE, stays)
      const bodies = receiver.calls.map(({ body }) => JSON.parse(body) as { type: string; data: object })
      expect(bodies).toMatchObject([
        { type: 'alarm.raised', data: { cause: 'refused', state: 'open', connectionId: 'crm_0', flowId: null, title: REFUSED, why: 'Withdrawn.', link: 'https://bridge.example.com/#/connections/crm_0' } },
        { type: 'alarm.solved', data: { cause: 'refused', state: 'solved', title: WELL } },
      ]) // prettier-ignore
      expect(receiver.calls.every((call) => signedBy(call, [secret]))).toBe(true)
      expect(receiver.calls.some((call) => signedBy(call, [newHookSecret()]))).toBe(false)
      expect(JSON.stringify(bodies)).not.toContain('@')
    })

    it('are tried again under the same id until the address says it has them', async () => {
      receiver.status = 500
      await refuse()
      await rig.pass(2 * MINUTE, stays)
      expect((await messages())[0]).toMatchObject({ state: 'waiting', error: 'The address answered 500.' })
      receiver.status = 200
      await rig.pass(5 * MINUTE, stays)
      const ids = receiver.calls.map(({ headers }) => headers['webhook-id'])
      expect(ids.length).toBeGreaterThan(2)
      expect(new Set(ids).size).toBe(1)
      expect((await messages())[0]?.state).toBe('sent')
    })

    it('carry the signature of the secret before as well, for a day', async () => {
      const next = newHookSecret()
      await renew(next)
      await refuse()
      await rig.pass(MINUTE, stays)
      await rig.pass(DAY, { ...stays, step: DAY })
      await allow()
      await rig.pass(MINUTE, stays)
      const [first, last] = receiver.calls
      expect(first && signedBy(first, [next, secret])).toBe(true)
      expect(last && signedBy(last, [next])).toBe(true)
    })

    it('are not made where the address is taken away, and say so', async () => {
      await refuse()
      await rig.alarms.look()
      await rig.settings({ recipients: [], hookUrl: null })
      await rig.pass(MINUTE, stays)
      expect(receiver.calls).toEqual([])
      expect(await messages()).toMatchObject([{ state: 'given_up', error: 'No address to call is set.' }])
    })

    it('as a test say how they fared', async () => {
      await rig.settings({ recipients: ['owner@example.com'], hookUrl: `http://${receiver.host}/in` })
      rig.mailFails = 'The mail server does not answer.'
      expect(await rig.alarms.test('ws_1')).toEqual([
        { channel: 'mail', to: 'owner@example.com', ok: false, text: 'The mail server does not answer.' },
        { channel: 'hook', to: null, ok: true, text: 'Sent.' },
      ])
      expect(JSON.parse(receiver.calls[0]?.body ?? '')).toMatchObject({ type: 'alarm.test' })
      expect(await rig.alarms.test('ws_2')).toEqual([])
    })
  })
})
