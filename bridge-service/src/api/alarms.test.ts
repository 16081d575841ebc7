import supertest from 'supertest'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { API_PREFIX, type ApiError } from '@crosswalk/shared/contract'
import { addMessages, claimMessages, settleMessage } from '../store/alarm-messages.ts'
import { endAlarm, raiseAlarm, type Trouble } from '../store/alarms.ts'
import { listAudit } from '../store/audit.ts'
import { startRig, type Rig, type Role } from './testing.ts'

let rig: Rig
beforeAll(async () => void (rig = await startRig()), 60_000)
beforeEach(() => rig.reset())
afterAll(() => rig.close())

const db = () => rig.service.store.db
const refused = (work: Promise<unknown>): Promise<ApiError> =>
  work.then(
    () => Promise.reject(new Error('it was not refused')),
    (error: unknown) => error as ApiError,
  )
const at = (minutes: number) => new Date(Date.parse('2026-03-30T10:00:00Z') + minutes * 60_000)

async function raise(id: string, minutes: number, more: Partial<Trouble> = {}) {
  const trouble: Trouble = {
    key: `refused:conn_${id}`, cause: 'refused', workspaceId: rig.workspaceId, flowId: null, connectionId: `conn_${id}`, since: at(minutes - 1),
    facts: { words: 'refused', account: id, system: 'Test shop', reason: 'Withdrawn.', flows: 2 }, ...more,
  } // prettier-ignore
  const row = await raiseAlarm(db(), trouble, at(minutes))
  if (!row) throw new Error('it is open already')
  return row
}

describe('the list of alarms', () => {
  it('says what happened, why, what to do and where, and what was sent about it', async () => {
    const alarm = await raise('a', 0)
    await addMessages(db(), alarm, 'raised', [{ channel: 'mail', recipient: 'owner@example.com' }, { channel: 'hook', recipient: '' }], at(0)) // prettier-ignore
    const claimed = await claimMessages(db(), {
      holder: 'test',
      channels: ['mail', 'hook'],
      now: at(0),
      limit: 5,
    })
    const [mail, hook] = [claimed.find((one) => one.channel === 'mail'), claimed.find((one) => one.channel === 'hook')] // prettier-ignore
    if (!mail || !hook) throw new Error('not claimed')
    await settleMessage(db(), mail, { state: 'sent', at: at(1) })
    await settleMessage(db(), hook, { state: 'waiting', error: 'The address answered 500.', next: at(2) })
    await rig.client('operator').alarms.saveSettings({ body: { settings: { timeZone: 'Europe/Amsterdam' } } })
    const { items } = await rig.client('viewer').alarms.list({})
    expect(items).toEqual([
      {
        id: alarm.id, cause: 'refused', state: 'open', flowId: null, connectionId: 'conn_a',
        since: at(-1).toISOString(), raisedAt: at(0).toISOString(), endedAt: null, acknowledgedAt: null,
        title: 'Test shop no longer accepts our sign-in',
        sentence: expect.stringMatching(/^Since 30 Mar.*, 11:59 \(Europe\/Amsterdam\) Test shop \(a\) refuses our sign-in\. 2 flows stand still\.$/),
        why: 'Withdrawn.', remedy: 'Connect a again.', calm: expect.stringMatching(/^Nothing is lost/),
        target: { screen: 'connection', flowId: null, connectionId: 'conn_a', group: null },
        messages: [
          { kind: 'raised', channel: 'mail', to: 'owner@example.com', state: 'sent', attempts: 1, error: null, nextTryAt: null, sentAt: at(1).toISOString() },
          { kind: 'raised', channel: 'hook', to: null, state: 'waiting', attempts: 1, error: 'The address answered 500.', nextTryAt: at(2).toISOString(), sentAt: null },
        ],
      },
    ]) // prettier-ignore
    expect((await rig.client('viewer').overview.get({})).alarms).toBe(1)
  })

  it('holds open and past ones, newest first, in pages, of a flow or a connection', async () => {
    const rows = []
    for (const [i, id] of ['a', 'b', 'c', 'd', 'e'].entries()) rows.push(await raise(id, i))
    await endAlarm(db(), rows[1]?.id ?? '', 'solved', at(10))
    await endAlarm(db(), rows[3]?.id ?? '', 'dropped', at(10))
    await raise('f', 9, { key: 'quiet:flow_1', cause: 'quiet', flowId: 'flow_1', connectionId: null, facts: { words: 'quiet' } }) // prettier-ignore
    const { alarms } = rig.client('viewer')
    const first = await alarms.list({ query: { limit: 4 } })
    const second = await alarms.list({ query: { limit: 4, cursor: first.next ?? '' } })
    expect([...first.items, ...second.items].map(({ connectionId, state }) => [connectionId, state])).toEqual([
      [null, 'open'], ['conn_e', 'open'], ['conn_d', 'ended'], ['conn_c', 'open'], ['conn_b', 'solved'], ['conn_a', 'open'],
    ]) // prettier-ignore
    expect(second.next).toBeNull()
    expect((await alarms.list({ query: { state: 'over' } })).items).toHaveLength(2)
    expect((await alarms.list({ query: { state: 'open', connectionId: 'conn_e' } })).items).toHaveLength(1)
    expect((await alarms.list({ query: { flowId: 'flow_1' } })).items[0]?.cause).toBe('quiet')
    expect((await rig.client('viewer').overview.get({})).alarms).toBe(4)
  })

  it('of another workspace is empty, and nobody there can say that they saw one', async () => {
    const { id } = await raise('a', 0)
    const stranger = rig.client('stranger')
    expect((await stranger.alarms.list({})).items).toEqual([])
    expect((await stranger.overview.get({})).alarms).toBe(0)
    expect(await refused(stranger.alarms.acknowledge({ params: { alarmId: id } }))).toMatchObject({
      status: 404,
    })
    expect((await rig.client('viewer').alarms.list({})).items[0]?.acknowledgedAt).toBeNull()
  })

  it('tells when somebody first said that they saw one', async () => {
    const { id } = await raise('a', 0)
    const params = { alarmId: id }
    expect(await refused(rig.client('viewer').alarms.acknowledge({ params }))).toMatchObject({ status: 403 })
    const seen = await rig.client('operator').alarms.acknowledge({ params })
    expect(seen.acknowledgedAt).not.toBeNull()
    expect((await rig.client('owner').alarms.acknowledge({ params })).acknowledgedAt).toBe(
      seen.acknowledgedAt,
    )
    const audit = await listAudit(db(), { workspaceId: rig.workspaceId, limit: 10 })
    expect(audit.filter(({ action, subject }) => action === 'alarm.acknowledged' && subject === id)).toHaveLength(2) // prettier-ignore
    expect(await refused(rig.client('operator').alarms.acknowledge({ params: { alarmId: 'alarm_none' } }))).toMatchObject({ status: 404 }) // prettier-ignore
  })
})

describe('settings of alarms', () => {
  const hookUrl = () => `${rig.account.url}/in?token=sesame`

  it('begin with safe defaults and a form', async () => {
    const view = await rig.client('operator').alarms.settings()
    expect(view).toMatchObject({
      version: 0,
      settings: {
        recipients: [],
        hookUrl: null,
        remindDaily: false,
        timeZone: 'UTC',
        unreachableMinutes: 15,
      },
      hookSecret: { set: false, setAt: null },
      mail: { ready: false, text: expect.stringContaining('SMTP_URL') },
    })
    expect(view.fields.map(({ name, widget }) => [name, widget])).toEqual(
      expect.arrayContaining([['recipients', 'emails'], ['hookUrl', 'url'], ['causes', 'multiselect'], ['remindDaily', 'switch'], ['unreachableMinutes', 'number']]), // prettier-ignore
    )
    expect(view.fields.map(({ name }) => name).sort()).toEqual(Object.keys(view.defaults).sort())
  })

  it('are stored whole, by version, and told in the audit without the address that may be a secret', async () => {
    const { alarms } = rig.client('operator')
    const settings = { recipients: ['owner@example.com'], hookUrl: hookUrl(), unreachableMinutes: 5 }
    const saved = await alarms.saveSettings({ body: { settings, basedOn: 0 } })
    expect(saved).toMatchObject({ version: 1, settings: { ...settings, quietHours: 3 }, hookSecret: { set: true } }) // prettier-ignore
    expect(await refused(alarms.saveSettings({ body: { settings: {}, basedOn: 7 } }))).toMatchObject({ status: 409 }) // prettier-ignore
    expect((await alarms.saveSettings({ body: { settings: {}, basedOn: 1 } })).settings).toMatchObject({ recipients: [] }) // prettier-ignore
    expect((await alarms.settings()).version).toBe(2)
    const audit = JSON.stringify(await listAudit(db(), { workspaceId: rig.workspaceId, limit: 10 }))
    expect(audit).toContain('alarm-settings.changed')
    expect(audit).not.toContain('sesame')
  })

  it.each([
    [{ recipients: ['nobody'] }, ['recipients', 0], '"Send mail to" is set to "nobody".'],
    [{ recipients: ['a@example.com\nBcc: b@example.com'] }, ['recipients', 0], /is set to/],
    [{ causes: ['weather'] }, ['causes', 0], '"Watch for" is set to "weather".'],
    [{ unreachableMinutes: 0 }, ['unreachableMinutes'], '"Minutes without an answer" is set to 0.'],
    [{ timeZone: 'Mars/Olympus' }, ['timeZone'], '"Time zone" is set to "Mars/Olympus".'],
    [{ hookUrl: 'javascript:alert(1)' }, ['hookUrl'], /is set to/],
    [{ color: 'red' }, [], 'There is no setting named "color".'],
  ])('%j is refused, by field', async (settings, path, message) => {
    const error = await refused(rig.client('operator').alarms.saveSettings({ body: { settings } }))
    expect(error).toMatchObject({ status: 400, issues: [{ path: ['body', 'settings', ...path], message: expect.stringMatching(message) }] }) // prettier-ignore
    expect((await rig.client('operator').alarms.settings()).version).toBe(0)
  })

  it.each([
    'http://alerts.example.com/',
    'https://127.0.0.1/',
    'https://169.254.169.254/latest',
    'https://localhost/x?y',
  ])('the address %s is not called', async (url) => {
    const error = await refused(rig.client('operator').alarms.saveSettings({ body: { settings: { hookUrl: url } } })) // prettier-ignore
    expect(error).toMatchObject({ status: 422, code: 'unsafe_address', issues: [{ path: ['body', 'settings', 'hookUrl'] }] }) // prettier-ignore
  })

  it('give the secret of signed calls to an owner, once, and never show it again', async () => {
    const owner = rig.client('owner')
    await owner.alarms.saveSettings({ body: { settings: { hookUrl: hookUrl() } } })
    const { secret, beforeCountsUntil } = await owner.alarms.newHookSecret()
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    // One was made when the address was saved, so that no call goes out unsigned.
    expect(beforeCountsUntil).not.toBeNull()
    const text = JSON.stringify(await owner.alarms.settings())
    expect(text).toContain('"set":true')
    expect(text).not.toContain(secret.slice(6))
    const stored = await rig.service.store.raw<{ row: string }>(
      'select alarm_setting::text as row from alarm_setting',
    )
    expect(stored[0]?.row).not.toContain(Buffer.from(secret.slice(6)).toString('hex'))
    expect((await owner.alarms.newHookSecret()).secret).not.toBe(secret)
  })

  it('are read and changed by operators, tried by operators, and secrets made by owners', async () => {
    const calls: [string, string, object | undefined, Role][] = [
      ['get', '/alarm-settings', undefined, 'operator'],
      ['put', '/alarm-settings', { settings: {} }, 'operator'],
      ['post', '/alarm-settings/test', undefined, 'operator'],
      ['post', '/alarm-settings/hook-secret', undefined, 'owner'],
    ]
    const ranks: Role[] = ['viewer', 'operator', 'owner']
    for (const [method, path, body, least] of calls) {
      const agent = supertest(rig.app)
      const call = (key?: string) => {
        const request = agent[method as 'get' | 'put' | 'post'](`${API_PREFIX}${path}`)
        if (key !== undefined) void request.set('authorization', `Bearer ${key}`)
        return request.send(body)
      }
      expect((await call()).status, `${path} without a key`).toBe(401)
      for (const role of ranks) {
        const allowed = ranks.indexOf(role) >= ranks.indexOf(least)
        expect((await call(rig.keys[role])).status, `${path} as ${role}`).toBe(allowed ? 200 : 403)
      }
    }
  })

  it('of one workspace are nothing to another', async () => {
    await rig
      .client('owner')
      .alarms.saveSettings({ body: { settings: { recipients: ['owner@example.com'] } } })
    const theirs = await rig.client('stranger').alarms.settings()
    expect(theirs).toMatchObject({ version: 0, settings: { recipients: [] } })
    await rig
      .client('stranger')
      .alarms.saveSettings({ body: { settings: { recipients: ['x@example.com'] } } })
    expect((await rig.client('owner').alarms.settings()).settings['recipients']).toEqual([
      'owner@example.com',
    ])
  })

  it('can be tried, a few times, for the own workspace only', async () => {
    const stranger = rig.client('stranger')
    expect(await stranger.alarms.test()).toEqual({ results: [{ channel: 'hook', to: null, ok: true, text: 'Sent.' }] }) // prettier-ignore
    expect(rig.noted.tested).toEqual([rig.otherWorkspaceId])
    let last: ApiError | undefined
    for (let i = 0; i < 5; i += 1) last = await stranger.alarms.test().then(() => undefined, (error: unknown) => error as ApiError) // prettier-ignore
    expect(last).toMatchObject({ status: 429 })
    expect(rig.noted.tested).toHaveLength(5)
    await rig.client('owner').alarms.test()
    expect(rig.noted.tested.at(-1)).toBe(rig.workspaceId)
  })
})
