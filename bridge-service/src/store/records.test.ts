import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from './database.ts'
import {
  abandonDependencies,
  claimDependencies,
  forgetDependencies,
  markDependenciesSent,
  settleDependencies,
} from './dependencies.ts'
import { countLinks, listLinks } from './link-lists.ts'
import { closeIntents, saveIntents, takeOverIntents } from './intents.ts'
import { findLinksByTarget, finishLinks, loadLinks } from './links.ts'
import type { Lease } from './records.ts'
import { findBehind } from './behind.ts'
import { leaseRecords, raiseWant, readWant, releaseLeases, renewLeases } from './records.ts'
import { testStores } from './testing.ts'

const keysOf = (ids: readonly string[], connectionId = 'conn_a') =>
  ids.map((externalId) => ({ connectionId, entity: 'order', externalId }))
const many = (count: number, prefix = '') => Array.from({ length: count }, (_, index) => `${prefix}${index}`)

describe.each(await testStores())('records, links and dependencies ($kind)', (testStore) => {
  let store: Store
  beforeAll(async () => {
    store = await testStore.open()
  }, 60_000)
  afterAll(async () => {
    await store.close()
    await testStore.remove()
  })

  const lease = async (ids: readonly string[], ttl = 20_000): Promise<Lease[]> =>
    (await leaseRecords(store.db, keysOf(ids), 'worker', ttl)).leased
  const outcome = (held: Lease, more: object = {}) => ({
    flowId: 'flow_1',
    workspaceId: 'ws_1',
    lease: held,
    state: 'linked' as const,
    haveVersion: held.wantVersion,
    synced: true,
    ...more,
  })

  it('raises want by one per call, whatever the order of the ids', async () => {
    const ids = many(200, 'w')
    const calls = [ids, [...ids].reverse(), [...ids, ...ids], [...ids].reverse()]
    await Promise.all(calls.map((list) => raiseWant(store.db, 'conn_a', 'order', list)))
    const want = await readWant(store.db, 'conn_a', 'order', ids)
    expect(new Set(want.values())).toEqual(new Set([4]))
    expect(want.size).toBe(200)
    expect((await raiseWant(store.db, 'conn_a', 'order', ['w1'], { tombstone: true })).get('w1')).toBe(5)
    expect((await lease(['w1']))[0]).toMatchObject({ tombstone: true, wantVersion: 5 })
  })

  it('gives each record to one of many parallel callers', async () => {
    const ids = many(100, 'p')
    const shuffled = () => [...ids].sort(() => Math.random() - 0.5)
    const answers = await Promise.all(
      many(8).map((holder) => leaseRecords(store.db, keysOf(shuffled()), holder, 20_000)),
    )
    const taken = answers.flatMap((answer) => answer.leased.map((held) => held.externalId))
    expect(taken.sort()).toEqual([...ids].sort())
    for (const answer of answers) expect(answer.leased.length + answer.elsewhere.length).toBe(100)
  })

  it('leases a key once per call and never twice to its holder', async () => {
    const answer = await leaseRecords(store.db, keysOf(['once', 'once', 'once']), 'worker', 20_000)
    expect(answer.leased).toHaveLength(1)
    expect(answer.elsewhere.map((key) => key.externalId)).toEqual(['once', 'once'])
    expect(await lease(['once'])).toEqual([])
  })

  it('takes an expired lease over with a higher token and fences the former holder', async () => {
    await raiseWant(store.db, 'conn_a', 'order', ['late', 'fine'])
    const former = await lease(['late', 'fine'], 1)
    await new Promise((resolve) => setTimeout(resolve, 5))
    const [taken] = await lease(['late'])
    expect(taken?.token).toBe((former[0]?.token ?? 0) + 1)
    expect((await renewLeases(store.db, former, 20_000)).map((held) => held.externalId)).toEqual(['fine'])
    const finished = await finishLinks(
      store.db,
      former.map((held) => outcome(held, { targetId: 'old' })),
    )
    expect(finished.map((row) => row.externalId)).toEqual(['fine'])
    const intents = former.map((held) => ({
      workspaceId: 'ws_1',
      lease: held,
      pending: { order: { at: 1, key: null } },
    }))
    expect(await saveIntents(store.db, 'flow_1', intents)).toBeNull()
    expect(
      await saveIntents(
        store.db,
        'flow_1',
        intents.filter((row) => row.lease.externalId === 'fine'),
      ),
    ).toMatch(/^int_/)
    await takeOverIntents(store.db, 'flow_1', ['late', 'fine'])
    expect((await loadLinks(store.db, 'flow_1', ['late', 'fine'])).get('fine')?.pending).toHaveProperty(
      'order',
    )
    expect((await loadLinks(store.db, 'flow_1', ['late'])).get('late')?.pending ?? {}).toEqual({})
    await releaseLeases(store.db, former)
    expect(await lease(['late', 'fine'])).toMatchObject([{ externalId: 'fine' }])
    expect(await finishLinks(store.db, [outcome(taken as Lease)])).toHaveLength(1)
  })

  it('tells at the end whether the record changed meanwhile', async () => {
    await raiseWant(store.db, 'conn_a', 'order', ['moved', 'still'])
    const held = await lease(['moved', 'still'])
    await raiseWant(store.db, 'conn_a', 'order', ['moved'])
    const finished = await finishLinks(
      store.db,
      held.map((each) => outcome(each)),
    )
    expect(finished.map((row) => [row.externalId, row.wantVersion]).sort()).toEqual([
      ['moved', 2],
      ['still', 1],
    ])
    const released = await releaseLeases(store.db, held)
    expect([...released.values()].sort()).toEqual([1, 2])
    const flow = { id: 'flow_1', source_connection_id: 'conn_a', entity: 'order' }
    const behind = await findBehind(store.db, flow, { limit: 1_000 })
    expect(behind).toContain('moved')
    expect(behind).not.toContain('still')
    expect(behind).not.toContain('once')
  })

  it('makes a change wait while its record is being finished', async () => {
    await raiseWant(store.db, 'conn_a', 'order', ['locked'])
    const [held] = await lease(['locked'])
    let raised = false
    let raising: Promise<unknown> | undefined
    await store.db.transaction().execute(async (tx) => {
      expect(await finishLinks(tx, [outcome(held as Lease)])).toMatchObject([{ wantVersion: 1 }])
      raising = raiseWant(store.db, 'conn_a', 'order', ['locked']).then(() => (raised = true))
      await tx.selectFrom('link').select('flow_id').limit(1).execute()
      expect(raised).toBe(false)
    })
    await raising
    expect((await readWant(store.db, 'conn_a', 'order', ['locked'])).get('locked')).toBe(2)
  })

  it('keeps what an outcome does not name and clears what it names as null', async () => {
    const [held] = (await lease(['merge'])) as [Lease]
    await saveIntents(store.db, 'flow_1', [
      {
        workspaceId: 'ws_1',
        lease: held,
        pending: { order: { at: 1, key: 'k' } },
        targetObject: 'order',
        targetKey: 'k',
      },
    ])
    await saveIntents(store.db, 'flow_1', [
      { workspaceId: 'ws_1', lease: held, pending: { lines: { at: 2, key: null } } },
    ])
    const closed = await saveIntents(store.db, 'flow_1', [
      { workspaceId: 'ws_1', lease: held, pending: { closed: { at: 3, key: null } } },
    ])
    await closeIntents(store.db, [closed as string])
    expect((await loadLinks(store.db, 'flow_1', ['merge'])).size).toBe(0)
    await takeOverIntents(store.db, 'flow_other', ['merge'])
    await takeOverIntents(store.db, 'flow_1', ['none'])
    expect((await loadLinks(store.db, 'flow_1', ['merge'])).size).toBe(0)
    await takeOverIntents(store.db, 'flow_1', ['none', 'merge'])
    const open = (await loadLinks(store.db, 'flow_1', ['merge', 'none'])).get('merge')
    expect(open).toMatchObject({
      pending: { order: { at: 1, key: 'k' }, lines: { at: 2, key: null } },
      state: 'pending',
      have_version: -1,
      target_key: 'k',
    })
    await finishLinks(store.db, [
      outcome(held, {
        complete: true,
        targetId: 't1',
        parts: { order: { id: 't1', hash: 'h', done: true } },
        summary: { number: '1001' },
        label: '#1001',
        sourceModifiedAt: new Date('2026-01-02T03:04:05.678Z'),
      }),
    ])
    const first = (await loadLinks(store.db, 'flow_1', ['merge'])).get('merge')
    expect(first).toMatchObject({
      pending: {},
      complete: true,
      target_id: 't1',
      target_object: 'order',
      have_version: 0,
    })
    expect(first?.source_modified_at?.toISOString()).toBe('2026-01-02T03:04:05.678Z')
    await finishLinks(store.db, [
      {
        flowId: 'flow_1',
        workspaceId: 'ws_1',
        lease: held,
        state: 'failed',
        attempts: 1,
        lastError: { code: 'invalid', message: 'no' },
        label: null,
      },
    ])
    const second = (await loadLinks(store.db, 'flow_1', ['merge'])).get('merge')
    expect(second).toMatchObject({
      state: 'failed',
      attempts: 1,
      label: null,
      summary: { number: '1001' },
      target_id: 't1',
    })
    expect(second).toMatchObject({
      have_version: 0,
      parts: { order: { done: true } },
      last_error: { code: 'invalid' },
    })
    expect(second?.first_synced_at).toEqual(first?.first_synced_at)
    expect(second?.synced_at).toEqual(first?.synced_at)
    expect(
      (await findLinksByTarget(store.db, 'ws_1', ['flow_1'], 'order', ['t1'])).map((row) => row.external_id),
    ).toEqual(['merge'])
    expect(await findLinksByTarget(store.db, 'ws_2', ['flow_1'], 'order', ['t1'])).toEqual([])
  })

  it('finishes two flows of one record in one call', async () => {
    const [held] = (await lease(['two'])) as [Lease]
    const finished = await finishLinks(store.db, [
      outcome(held, { flowId: 'flow_1' }),
      outcome(held, { flowId: 'flow_2', state: 'failed', lastError: { code: 'invalid', message: 'no' } }),
    ])
    expect(finished.map((row) => row.flowId).sort()).toEqual(['flow_1', 'flow_2'])
    expect((await loadLinks(store.db, 'flow_1', ['two'])).get('two')?.state).toBe('linked')
    expect((await loadLinks(store.db, 'flow_2', ['two'])).get('two')?.state).toBe('failed')
  })

  it('pages links by key, each once, in its own workspace', async () => {
    const held = await lease(many(45, 'page'))
    await finishLinks(
      store.db,
      held.map((each, index) =>
        outcome(each, {
          flowId: 'flow_p',
          workspaceId: 'ws_p',
          state: index % 3 ? 'linked' : 'failed',
          label: `#${each.externalId}`,
          lastError: index % 3 ? null : { code: 'invalid', message: 'no' },
        }),
      ),
    )
    const seen: string[] = []
    let page = await listLinks(store.db, { workspaceId: 'ws_p', limit: 10 })
    for (;;) {
      seen.push(...page.rows.map((row) => row.external_id))
      if (!page.next) break
      page = await listLinks(store.db, { workspaceId: 'ws_p', limit: 10, after: page.next })
    }
    expect(seen.sort()).toEqual(many(45, 'page').sort())
    const failed = await listLinks(store.db, {
      workspaceId: 'ws_p',
      flowId: 'flow_p',
      state: 'failed',
      limit: 100,
    })
    expect(failed.rows).toHaveLength(15)
    expect((await countLinks(store.db, 'ws_p')).map((row) => row.count).sort()).toEqual([15, 30])
    expect(
      (await listLinks(store.db, { workspaceId: 'ws_p', search: '#PAGE44', limit: 9 })).rows,
    ).toHaveLength(1)
    expect((await listLinks(store.db, { workspaceId: 'ws_p', search: '%', limit: 9 })).rows).toHaveLength(0)
    expect((await listLinks(store.db, { workspaceId: 'ws_none', limit: 9 })).rows).toHaveLength(0)
  })

  it('lets one of many workers create a shared thing', async () => {
    const claim = (holder: string) =>
      claimDependencies(store.db, 'conn_t', 'company', ['acme', 'beta', 'acme'], holder)
    const answers = await Promise.all(many(6).map(claim))
    expect(answers.flatMap((answer) => answer.mine.map((each) => each.matchKey)).sort()).toEqual([
      'acme',
      'beta',
    ])
    for (const { mine, waiting, linked } of answers)
      expect(mine.length + waiting.length + linked.length).toBe(2)
    const acme = String(answers.findIndex((answer) => answer.mine.some((each) => each.matchKey === 'acme')))
    await settleDependencies(store.db, 'conn_t', 'company', [
      { matchKey: 'acme', targetId: '77', refs: { n: 1 } },
    ])
    await abandonDependencies(store.db, 'conn_t', 'company', ['acme', 'beta'], 'nobody')
    const later = await claim('later')
    expect(later.linked).toMatchObject([{ match_key: 'acme', target_id: '77', refs: { n: 1 } }])
    expect(later.waiting).toEqual(['beta'])
    const beta = String(answers.findIndex((answer) => answer.mine.some((each) => each.matchKey === 'beta')))
    await abandonDependencies(store.db, 'conn_t', 'company', ['beta', 'acme'], beta)
    expect((await claim('later')).mine).toEqual([{ matchKey: 'beta', fresh: true, sentAt: null }])
    expect(acme).not.toBe('-1')
    await forgetDependencies(store.db, 'conn_t', 'company', ['77'])
    expect((await claim('later')).mine.map((each) => each.matchKey)).toEqual(['acme'])
  })

  it('hands a dead creator’s claim on, with the time it sent its request', async () => {
    const claim = (holder: string) => claimDependencies(store.db, 'conn_t', 'contact', ['h1'], holder)
    await claim('dead')
    expect([...(await markDependenciesSent(store.db, 'conn_t', 'contact', ['h1'], 'other'))]).toEqual([])
    expect([...(await markDependenciesSent(store.db, 'conn_t', 'contact', ['h1'], 'dead'))]).toEqual(['h1'])
    expect((await claim('next')).waiting).toEqual(['h1'])
    await store.raw(`update dependency set updated_at = now() - interval '2 minutes' where match_key = 'h1'`)
    const answers = await Promise.all([claim('next'), claim('third')])
    const mine = answers.flatMap((answer) => answer.mine)
    expect(mine).toHaveLength(1)
    expect(mine[0]?.sentAt).toBeInstanceOf(Date)
  })
})
