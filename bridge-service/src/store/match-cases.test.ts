import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Store } from './database.ts'
import { decideCases, findWaiting, forgetCases, keepCases, listCases, readCases } from './match-cases.ts'
import { json } from './schema.ts'
import { testStores } from './testing.ts'

describe.each(await testStores())('cases that people decide, on the $kind store', (home) => {
  let store: Store
  beforeAll(async () => {
    store = await home.open()
    await store.raw(`insert into workspace (id, name) values ('ws_1', 'Test')`)
    await store.raw(`insert into connection (id, workspace_id, connector, name, origin, hook_id)
      values ('conn_1', 'ws_1', 'x', 'x', 'x', 'x')`)
    await store.raw(`insert into flow (id, workspace_id, name, source_connection_id, target_connection_id, entity)
      values ('flow_1', 'ws_1', 'x', 'conn_1', 'conn_1', 'order'), ('flow_2', 'ws_1', 'x', 'conn_1', 'conn_1', 'order')`)
  }, 60_000)
  beforeEach(async () => void (await store.raw('truncate match_case, link')))
  afterAll(async () => {
    await store.close()
    await home.remove()
  })

  const met = (id: string, candidates: readonly string[] = ['7', '9'], flowId = 'flow_1') => ({ id, workspaceId: 'ws_1', flowId, role: 'contact', object: 'contacts', externalId: '1', candidates: candidates.map((one) => ({ id: one, by: 'Domain' })) }) // prettier-ignore
  const decide = (state: 'candidate' | 'oldest' | 'create' | 'open', ids: string[], targetId?: string) =>
    decideCases(store.db, 'flow_1', ids, { state, targetId: targetId ?? null, actor: 'somebody' })
  const all = () => listCases(store.db, { flowId: 'flow_1', limit: 200 })

  it('keep the time they came up and their decision when they are met again', async () => {
    expect(await keepCases(store.db, [met('a'), met('a'), met('b')])).toEqual(new Set())
    const before = await all()
    expect(await decide('candidate', ['a'], '9')).toEqual(['a'])
    expect(await keepCases(store.db, [met('a', ['9', '7', '11']), met('b')])).toEqual(new Set(['a']))
    const [a, b] = await all()
    expect(a).toMatchObject({ state: 'candidate', target_id: '9', decided_by: 'somebody' })
    expect(a?.candidates.map(({ id }) => id)).toEqual(['9', '7', '11'])
    expect([a?.created_at, b?.created_at]).toEqual(before.map((one) => one.created_at))
    expect(b?.updated_at).toEqual(before[1]?.updated_at)
  })

  it('are open again when the record decided for is none of the candidates any more', async () => {
    await keepCases(store.db, [met('a')])
    await decide('oldest', ['a'])
    expect((await all())[0]).toMatchObject({ state: 'candidate', target_id: '7' })
    expect(await keepCases(store.db, [met('a', ['9', '11'])])).toEqual(new Set())
    expect((await all())[0]).toMatchObject({ state: 'open', target_id: null, decided_by: null, decided_at: null }) // prettier-ignore
    await decide('create', ['a'])
    await keepCases(store.db, [met('a', ['11'])])
    expect((await all())[0]).toMatchObject({ state: 'create' })
  })

  it('belong to their flow, page by key, and are forgotten only while they are open', async () => {
    await keepCases(
      store.db,
      Array.from({ length: 5 }, (_, i) => met(`c${i}`)),
    )
    await keepCases(store.db, [met('other', ['7'], 'flow_2')])
    expect(await decide('create', ['other', 'c0'])).toEqual(['c0'])
    const first = await listCases(store.db, { flowId: 'flow_1', open: true, limit: 2 })
    const last = first.at(-1)
    const rest = await listCases(store.db, { flowId: 'flow_1', open: true, limit: 9, after: { createdAt: last?.created_at ?? new Date(), id: last?.id ?? '' } }) // prettier-ignore
    expect([...first, ...rest].map(({ id }) => id)).toEqual(['c1', 'c2', 'c3', 'c4'])
    await forgetCases(store.db, ['c0', 'c1'])
    expect([...(await readCases(store.db, ['c0', 'c1', 'c2'])).keys()].sort()).toEqual(['c0', 'c2'])
  })

  it('know the records that wait for them', async () => {
    await keepCases(store.db, [met('a'), met('b')])
    for (const [id, match] of [['1', 'a'], ['2', 'a'], ['3', 'b'], ['4', null]] as const)
      await store.db.insertInto('link').values({ flow_id: 'flow_1', workspace_id: 'ws_1', external_id: id, state: 'failed', last_error: json({ code: 'x', message: 'x', ...(match ? { match } : {}) }) }).execute() // prettier-ignore
    expect((await all()).map(({ id, waiting }) => [id, waiting])).toEqual([['a', 2], ['b', 1]]) // prettier-ignore
    expect(await findWaiting(store.db, 'flow_1', ['a', 'b'], { after: '1', limit: 1 })).toEqual(['2'])
    expect(await findWaiting(store.db, 'flow_1', ['a'], { after: '', limit: 9 })).toEqual(['1', '2'])
  })
})
