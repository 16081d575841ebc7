import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { causeRef } from '@crosswalk/shared/causes'
import { countByState, countEnded, countFailures, listClosed, listFailures } from './failure-lists.ts'
import { endFailures, ignoreFailures, keepFailures, restoreFailures, type NewFailure } from './failures.ts'
import { listFailingCauses, listFailingFlows } from './failing-flows.ts'
import type { Store } from './database.ts'
import { newId } from './ids.ts'
import { purgeExpired } from './retention.ts'
import { json } from './schema.ts'
import { testStores } from './testing.ts'

const ROWS = 100_000

describe.each(await testStores())('failures on the $kind store', (home) => {
  let store: Store
  beforeAll(async () => {
    store = await home.open()
  }, 60_000)
  afterAll(async () => {
    await store.close()
    await home.remove()
  })

  const failed = (externalId: string, more: Partial<NewFailure> = {}): NewFailure => ({ id: newId('failure'), workspaceId: 'ws_1', flowId: 'flow_1', externalId, state: 'open', cause: causeRef('unknown_answer', { system: 'Crm' }), groupId: 'g1', nextTryAt: null, ...more }) // prettier-ignore
  const link = (externalId: string) =>
    store.db.insertInto('link').values({ flow_id: 'flow_1', workspace_id: 'ws_1', external_id: externalId, state: 'failed', label: `#${externalId}`, reason: 'no', last_error: json({ code: 'x', message: 'no' }) }).execute() // prettier-ignore
  const ids = (rows: readonly { external_id: string }[]) => rows.map((row) => row.external_id).sort()

  it('are one line each, whatever becomes of them, and page by key', async () => {
    for (const id of ['1', '2', '3', '4']) await link(id)
    await keepFailures(store.db, ['1', '2', '3', '4'].map((id) => failed(id)))
    await keepFailures(store.db, [failed('4', { groupId: 'g2', state: 'waiting', nextTryAt: new Date() })])
    expect(await countByState(store.db, 'ws_1')).toEqual({ open: 3, waiting: 1, ignored: 0 })
    const of = { workspaceId: 'ws_1', state: 'open', groupId: 'g1' } as const
    const first = await listFailures(store.db, { ...of, limit: 2 })
    const last = first.at(-1)
    const rest = await listFailures(store.db, { ...of, limit: 2, after: { groupId: 'g1', at: last?.first_at as Date, flowId: 'flow_1', externalId: last?.external_id ?? '' } }) // prettier-ignore
    expect(ids([...first, ...rest])).toEqual(['1', '2', '3'])
    expect(first[0]?.label).toMatch(/^#/)
    expect(await listFailures(store.db, { ...of, workspaceId: 'ws_2', limit: 9 })).toEqual([])
  }) // prettier-ignore

  it('end once, and count from then on as new ones', async () => {
    await endFailures(store.db, 'flow_1', ['1', '1', 'none'], 'itself')
    await endFailures(store.db, 'flow_1', ['1'], 'retried')
    const ended = await countEnded(store.db, 'ws_1', new Date(Date.now() - 60_000))
    expect([...ended.counts]).toEqual([['itself', 1]])
    await keepFailures(store.db, [failed('1')])
    expect(await countByState(store.db, 'ws_1')).toMatchObject({ open: 3 })
    await store.raw(`update failure set closed_at = now() - interval '15 days' where state = 'ended'`)
    await purgeExpired(store.db)
    expect((await countEnded(store.db, 'ws_1', new Date(0))).lastAt).toBeNull()
  })

  it('are set aside with their record, and taken back with what it said', async () => {
    const decision = { note: 'Test', by: 'me' }
    const flow = { id: 'flow_1', workspace_id: 'ws_1', source_connection_id: 'conn_1', entity: 'order' }
    const ids = ['2', '4', 'none']
    const lease = (until: string) => store.raw(`insert into record (connection_id, entity, external_id, lease_until) values ('conn_1', 'order', '2', now() + interval '${until}') on conflict (connection_id, entity, external_id) do update set lease_until = excluded.lease_until`) // prettier-ignore
    await lease('1 minute')
    expect(await ignoreFailures(store.db, flow, ids, decision)).toEqual({ ignored: [], held: ['2'] })
    await lease('-1 minute')
    expect(await ignoreFailures(store.db, { ...flow, workspace_id: 'ws_2' }, ids, decision)).toEqual({ ignored: [], held: [] }) // prettier-ignore
    expect(await ignoreFailures(store.db, flow, ids, decision)).toEqual({ ignored: ['2'], held: [] })
    const state = async () => (await store.raw<{ state: string; last_error: unknown }>(`select state, last_error from link where external_id = '2'`))[0] // prettier-ignore
    expect(await state()).toEqual({ state: 'skipped', last_error: null })
    const aside = await listClosed(store.db, { workspaceId: 'ws_1', state: 'ignored', limit: 9 })
    expect(aside.map((row) => row.external_id)).toEqual(['2'])
    expect(await restoreFailures(store.db, flow, ids)).toEqual(['2'])
    expect(await state()).toEqual({ state: 'failed', last_error: { code: 'x', message: 'no' } })
    expect(await restoreFailures(store.db, flow, ids)).toEqual([])
  })

  it('are told by flow and cause, with another stamp whenever they change', async () => {
    const [before] = await listFailingFlows(store.db)
    expect(before).toMatchObject({ flowId: 'flow_1', count: 3 })
    await keepFailures(store.db, [failed('2', { groupId: 'g3' })])
    expect((await listFailingFlows(store.db))[0]?.stamp).not.toBe(before?.stamp)
    const causes = await listFailingCauses(store.db, ['ws_1'], ['flow_1'])
    expect(causes.map(({ groupId, count, examples }) => [groupId, count, examples.length])).toEqual([['g1', 2, 2], ['g3', 1, 1]]) // prettier-ignore
  })

  describe('when there are 100,000', () => {
    beforeAll(async () => {
      await store.raw(`truncate failure, link`)
      await store.raw(`
        insert into failure (id, workspace_id, flow_id, external_id, state, cause, group_id, first_at, closed_at, ended_how)
        select 'fail_' || i, 'ws_' || i % 20, 'flow_' || i % 4, i::text,
               case i / 7 % 10 when 0 then 'ended' when 1 then 'waiting' else 'open' end, 'unknown_answer',
               'g' || i / 3 % 50, now() - i * interval '1 second',
               case i / 7 % 10 when 0 then now() - i * interval '1 second' end, case i / 7 % 10 when 0 then 'itself' end
          from generate_series(1, ${ROWS}) as i`)
      await store.raw(`
        insert into link (flow_id, workspace_id, external_id, state)
        select flow_id, workspace_id, external_id, 'failed' from failure where state = 'open'`)
      await store.raw('vacuum analyze failure')
      await store.raw('analyze link')
    }, 60_000)

    /** The plans of the statements that a piece of work runs. */
    async function plansOf(work: () => Promise<unknown>): Promise<string> {
      const seen: { sql: string; parameters: readonly unknown[] }[] = []
      const executor = store.db.getExecutor()
      const spy = executor.executeQuery.bind(executor)
      executor.executeQuery = (query) => {
        seen.push(query)
        return spy(query) as never
      }
      try {
        await work()
      } finally {
        executor.executeQuery = spy as never
      }
      const plans = await Promise.all(
        seen.map(({ sql, parameters }) =>
          store.raw<{ 'QUERY PLAN': string }>(`explain ${sql}`, [...parameters]),
        ),
      )
      return plans.flat().map((row) => row['QUERY PLAN']).join('\n') // prettier-ignore
    }
    const workspace = { workspaceId: 'ws_1', state: 'open' } as const
    const after = { groupId: 'g5', at: new Date(), flowId: 'flow_1', externalId: '5' }

    it.each([
      ['the counts by cause', 'failure_group', () => countFailures(store.db, 'ws_1', 'open')],
      ['a page of a cause', 'failure_group', () => listFailures(store.db, { ...workspace, groupId: 'g5', limit: 20 })],
      ['a later page of a cause', 'failure_group', () => listFailures(store.db, { ...workspace, groupId: 'g5', after, limit: 20 })],
      ['what was solved', 'failure_closed', () => listClosed(store.db, { workspaceId: 'ws_1', state: 'ended', limit: 20 })],
      ['how many were solved today', 'failure_closed', () => countEnded(store.db, 'ws_1', new Date(Date.now() - 60_000))],
      ['one that fails again', 'failure_record', () => endFailures(store.db, 'flow_1', ['5', '9'], 'itself')],
    ] as const)('%s is read from %s', async (_what, index, work) => {
      const plan = await plansOf(work)
      expect(plan).toContain(index)
      expect(plan).not.toContain('Seq Scan on failure')
    }) // prettier-ignore
  })
})
