import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ApiError } from '@crosswalk/shared/contract'
import { bridgeFactsOf } from '../connections/bridge-facts.ts'
import { lookAtIdentity, pauseForMessage } from '../connections/identity.ts'
import { listAudit } from '../store/audit.ts'
import { getConnection } from '../store/connections.ts'
import type { ConnectionRow } from '../store/schema.ts'
import { connectBoth, startFakeAccount, startRig, type FakeAccount, type Rig } from './testing.ts'

let rig: Rig
let id: string
beforeAll(async () => void (rig = await startRig()), 60_000)
beforeEach(async () => {
  await rig.reset()
  ;({ id } = (await connectBoth(rig, 'shop.example.com')).source)
})
afterAll(() => rig.close())

const owner = () => rig.client('owner').connections
const refused = (work: Promise<unknown>): Promise<ApiError> =>
  work.then(
    () => Promise.reject(new Error('it was not refused')),
    (error: unknown) => error as ApiError,
  )
const rowNow = async (): Promise<ConnectionRow> =>
  (await getConnection(rig.service.store.db, rig.workspaceId, id)) as ConnectionRow
/** The account calls itself so from now on. */
const callItself = (home: string, account: FakeAccount = rig.account): void => {
  account.answers['GET /account'] = () => ({ status: 200, body: { name: 'shop.example.com', home } })
}
const look = async () => lookAtIdentity(rig.service.connections.fromRow(await rowNow()), rig.service)
const params = () => ({ connectionId: id })
const answer = (as: 'moved' | 'copy') => owner().moved({ params: params(), body: { as } })

describe('an account that calls itself by another address', () => {
  it('is paused by a check, with the question and both addresses', async () => {
    expect((await owner().get({ params: params() })).moved).toBeNull()
    callItself('test.example.com')
    const { connection } = await owner().check({ params: params() })
    expect(connection).toMatchObject({
      state: 'paused',
      stateReason: expect.stringContaining('test.example.com'),
      moved: { from: 'shop.example.com', to: 'test.example.com', answer: null },
    })
    const { connections, flows } = await rig.client('viewer').overview.get({ query: {} })
    expect(connections.find((one) => one.id === id)).toMatchObject({ health: 'warning' })
    expect(flows).toHaveLength(1)
  })

  it('is paused by the look that the bridge takes by itself, once, and goes on when it is the old one again', async () => {
    callItself('test.example.com')
    expect(await look()).toBeNull()
    expect(await look()).toBeNull()
    const paused = await listAudit(rig.service.store.db, { workspaceId: rig.workspaceId, limit: 50 })
    expect(paused.filter(({ action }) => action === 'connection.moved')).toHaveLength(1)
    callItself('shop.example.com')
    expect((await look())?.state).toBe('active')
    expect((await owner().get({ params: params() })).moved).toBeNull()
  })

  it('stays paused as a copy, and can still be said to have moved', async () => {
    callItself('test.example.com')
    await look()
    const copy = await answer('copy')
    expect(copy.connection).toMatchObject({ state: 'paused', moved: { answer: 'copy' } })
    expect(copy.connection?.stateReason).toContain('nothing is taken')
    await look()
    expect((await rowNow()).state).toBe('paused')
    expect(rig.noted.restored).toEqual([])
    expect((await answer('moved')).connection).toMatchObject({ state: 'active', moved: null })
  })

  it.each(['up', 'not up yet'])('goes on when it has moved and its new address is %s, under its old name', async (is) => {
    const there = await startFakeAccount()
    try {
      rig.service.allowHosts = [...rig.service.allowHosts, new URL(there.url).host]
      callItself(there.url)
      if (is === 'up') callItself(there.url, there)
      await look()
      const { connection } = await answer('moved')
      const url = is === 'up' ? there.url : rig.account.url
      expect(connection).toMatchObject({ state: 'active', moved: null, origin: 'shop.example.com', settings: { url } })
      expect(rig.noted.restored).toEqual([id])
      expect(await look()).toBeNull()
      expect((await rowNow()).state).toBe('active')
    } finally {
      await there.close()
    }
  }) // prettier-ignore

  it('stays where it is when it is found nowhere, and says so', async () => {
    callItself('test.example.com')
    await look()
    rig.account.answers['GET /account'] = () => ({ status: 401, body: {} })
    const { connection, findings } = await answer('moved')
    expect(connection?.state).toBe('paused')
    expect(findings[0]).toMatchObject({ id: 'moved', state: 'failed', text: 'The account was not found at test.example.com.' }) // prettier-ignore
    expect(findings[0]?.remedy).not.toBe('')
  })

  it('is asked about by nobody else, and only where there is a question', async () => {
    expect((await refused(answer('moved'))).status).toBe(409)
    callItself('test.example.com')
    await look()
    const by = (role: 'operator' | 'stranger') =>
      refused(rig.client(role).connections.moved({ params: params(), body: { as: 'copy' } }))
    expect([(await by('operator')).status, (await by('stranger')).status]).toEqual([403, 404])
    const odd = await refused(owner().moved({ params: params(), body: { as: 'both' as never } }))
    expect([odd.status, odd.issues[0]?.path]).toEqual([400, ['body', 'as']])
  })

  it('is asked itself after a message from another address: a copy is known from then on', async () => {
    const paused = await pauseForMessage(await rowNow(), 'test.example.com', rig.service)
    expect(paused?.state).toBe('paused')
    expect(await pauseForMessage(await rowNow(), 'test.example.com', rig.service)).toBeNull()
    expect((await look())?.state).toBe('active')
    expect(bridgeFactsOf(await rowNow())).toMatchObject({ moved: null, copies: ['test.example.com'] })
    expect(await pauseForMessage(await rowNow(), 'test.example.com', rig.service)).toBeNull()
    expect((await rowNow()).state).toBe('active')
  })

  it('keeps the question when it is connected again with keys', async () => {
    callItself('test.example.com')
    await look()
    const again = await owner().reconnect({ params: params(), body: { credentials: { secret: 'newer-secret' } } }) // prettier-ignore
    expect(again.connection).toMatchObject({ state: 'paused', moved: { to: 'test.example.com' } })
  })
})

describe('how many records there are', () => {
  const counts = (of: Record<string, number | null>): void => {
    for (const [query, body] of Object.entries(of)) {
      rig.account.answers[`GET /count?${query}`] = () => ({ status: 200, body })
    }
  }
  const flowId = async (): Promise<string> => (await rig.client('viewer').flows.list()).items[0]?.id ?? ''

  it('is told by the source, of an account and of a flow with its statuses', async () => {
    counts({ 'from=&status=': 2_418, 'from=2026-01-01T00%3A00%3A00.000Z&status=': 38 })
    const volume = (from?: string) =>
      rig.client('viewer').connections.volume({ params: params(), query: { entity: 'order', ...(from ? { from } : {}) } })
    expect(await volume()).toEqual({ count: 2_418, atMost: false, warning: null })
    expect((await volume('2026-01-01T00:00:00Z')).count).toBe(38)

    counts({ 'from=&status=processing': 30, 'from=&status=cancelled': 4 })
    const params2 = { flowId: await flowId() }
    const { settings } = await rig.client('viewer').flows.get({ params: params2 })
    const ofFlow = () => rig.client('viewer').flows.volume({ params: params2 })
    expect((await ofFlow()).count).toBe(2_418)
    const save = (change: object) =>
      rig.client('operator').flows.update({ params: params2, body: { settings: { ...settings, ...change } } })
    await save({ statuses: ['processing', 'cancelled'] })
    expect(await ofFlow()).toEqual({ count: 34, atMost: false, warning: null })
    await save({ filter: { exists: ['number'] } })
    expect(await ofFlow()).toEqual({ count: 2_418, atMost: true, warning: null })
  }) // prettier-ignore

  it('is null with the reason, where the source cannot or does not say', async () => {
    const of = (entity: 'order' | 'stock') =>
      rig.client('viewer').connections.volume({ params: params(), query: { entity } })
    expect((await of('stock')).warning).toContain('does not tell')
    counts({ 'from=&status=': null })
    expect((await of('order')).count).toBeNull()
    rig.account.answers['GET /count?from=&status='] = () => ({ status: 403 })
    expect(await of('order')).toMatchObject({ count: null, warning: expect.stringContaining('Test shop') as string }) // prettier-ignore
  })

  it('is told to nobody of another workspace', async () => {
    const stranger = rig.client('stranger')
    const account = stranger.connections.volume({ params: params(), query: { entity: 'order' } })
    expect((await refused(account)).status).toBe(404)
    expect((await refused(stranger.flows.volume({ params: { flowId: await flowId() } }))).status).toBe(404)
  })
})
