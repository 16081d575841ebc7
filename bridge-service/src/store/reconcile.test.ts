import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addAudit } from './audit.ts'
import { createConnection } from './connections.ts'
import type { Store } from './database.ts'
import { createFlow, deleteFlow } from './flows.ts'
import {
  lastReconciles,
  listComparable,
  listReconcileDays,
  saveReconcileDays,
  takesInSince,
  type NewReconcileDay,
} from './reconcile.ts'
import { purgeExpired } from './retention.ts'
import { createRun } from './runs.ts'
import type { FlowRow } from './schema.ts'
import { testStores } from './testing.ts'
import { createWorkspace } from './workspaces.ts'

const dayOf = (day: string, changes: Partial<NewReconcileDay> = {}): NewReconcileDay => ({
  day,
  currency: 'EUR',
  source_count: 2,
  source_sum: '10.10',
  target_count: 1,
  target_sum: null,
  missing: 1,
  incomplete: 0,
  differing: 0,
  failed: 0,
  examples: [],
  ...changes,
})

describe.each(await testStores())('comparisons in the store ($kind)', (testStore) => {
  let store: Store
  let workspaceId: string
  let flow: FlowRow

  beforeAll(async () => {
    store = await testStore.open()
    workspaceId = (await createWorkspace(store.db, 'Example')).id
    const end = async (name: string) =>
      (await createConnection(store.db, { workspaceId, connector: name, name, origin: name })).id
    flow = await createFlow(store.db, {
      workspaceId,
      name: 'Orders',
      sourceConnectionId: await end('shop'),
      targetConnectionId: await end('crm'),
      entity: 'order',
    })
  }, 60_000)
  afterAll(async () => {
    await store.close()
    await testStore.remove()
  })

  const save = (from: string, days: NewReconcileDay[], at: string) =>
    saveReconcileDays(store.db, { id: flow.id, workspaceId }, from, days, new Date(at))
  const list = async (days: number) =>
    (await listReconcileDays(store.db, { workspaceId, flowId: flow.id, days })).map(
      (row) => `${row.day} ${row.currency} ${row.missing}`,
    )

  it('replaces the days it looked at and keeps the earlier ones', async () => {
    const example = { externalId: '7', what: 'missing', source: '10.10', target: null } as const
    await save('2026-05-01', [dayOf('2026-05-01'), dayOf('2026-05-02'), dayOf('2026-05-03')], '2026-05-03T04:00:00Z') // prettier-ignore
    await save(
      '2026-05-02',
      [dayOf('2026-05-02', { missing: 0, differing: 3, examples: [example] }), dayOf('2026-05-02', { currency: 'USD' })],
      '2026-05-04T04:00:00Z',
    ) // prettier-ignore
    expect(await list(60)).toEqual(['2026-05-02 EUR 0', '2026-05-02 USD 1', '2026-05-01 EUR 1'])
    expect(await list(1)).toEqual(['2026-05-02 EUR 0', '2026-05-02 USD 1'])
    const [row] = await listReconcileDays(store.db, { workspaceId, flowId: flow.id, days: 1 })
    expect(row).toMatchObject({ source_sum: '10.10', target_sum: null, examples: [example] })
    expect(await listReconcileDays(store.db, { workspaceId: 'ws_other', flowId: flow.id, days: 9 })).toEqual(
      [],
    )
  })

  it('tells what the last one found', async () => {
    expect(await lastReconciles(store.db, workspaceId)).toEqual([
      {
        flowId: flow.id,
        checkedAt: new Date('2026-05-04T04:00:00Z'),
        missing: 1,
        incomplete: 0,
        differing: 3,
      },
    ])
    expect(await lastReconciles(store.db, 'ws_other')).toEqual([])
  })

  it('tells of live flows when a comparison began last, and whether one is open', async () => {
    expect(await listComparable(store.db)).toEqual([])
    await store.raw(`update flow set state = 'active' where id = $1`, [flow.id])
    const last = (row: { created_at: Date }, open: boolean) => [
      { id: flow.id, last: row.created_at.getTime(), open },
    ]
    expect(await listComparable(store.db)).toEqual(last(flow, false))
    const start = (kind: 'reconcile' | 'backfill') =>
      createRun(store.db, { workspaceId, flowId: flow.id, kind })
    await store.raw(`update run set created_at = '2026-01-01', state = 'failed' where id = $1`, [(await start('reconcile')).id]) // prettier-ignore
    const newest = await start('reconcile')
    await start('backfill')
    expect(await listComparable(store.db)).toEqual(last(newest, true))
    await store.raw(`update run set state = 'failed' where id = $1`, [newest.id])
    expect(await listComparable(store.db)).toEqual(last(newest, false))
    await store.raw(`delete from run where kind = 'backfill'`)
  })

  it('knows from when on a flow takes in all records', async () => {
    const since = async () => (await takesInSince(store.db, flow))?.toISOString() ?? null
    expect(await since()).toBe(flow.created_at.toISOString())
    await addAudit(store.db, { workspaceId, actor: 'owner', action: 'flow.active', subject: flow.id })
    await store.raw(`update audit set at = '2026-05-10T00:00:00Z' where action = 'flow.active'`)
    await addAudit(store.db, { workspaceId, actor: 'owner', action: 'flow.active', subject: flow.id })
    expect(await since()).toBe('2026-05-10T00:00:00.000Z')
    const backfill = async (state: string, options: Record<string, unknown>) => {
      const run = await createRun(store.db, { workspaceId, flowId: flow.id, kind: 'backfill', options })
      await store.raw('update run set state = $1 where id = $2', [state, run.id])
    }
    await backfill('cancelled', {})
    expect(await since()).toBe('2026-05-10T00:00:00.000Z')
    await backfill('partial', { from: '2026-04-01T00:00:00Z' })
    expect(await since()).toBe('2026-04-01T00:00:00.000Z')
    await backfill('succeeded', { from: '2026-06-01T00:00:00Z' })
    expect(await since()).toBe('2026-04-01T00:00:00.000Z')
    // New rules for what is there, and a run from the flow's own start date, take nothing older in.
    await backfill('succeeded', { from: null, existing: true })
    await backfill('succeeded', {})
    expect(await since()).toBe('2026-04-01T00:00:00.000Z')
    await backfill('succeeded', { from: null })
    expect(await since()).toBeNull()
  })

  it('is forgotten after its time, and with its flow', async () => {
    await save('2001-01-01', [dayOf('2001-01-01'), dayOf('2999-01-01')], '2026-05-05T04:00:00Z')
    expect(await purgeExpired(store.db)).toBe(1)
    expect(await list(60)).toEqual(['2999-01-01 EUR 1'])
    expect(await store.db.transaction().execute((tx) => deleteFlow(tx, workspaceId, flow.id))).toBe(true)
    expect(await store.raw('select 1 from reconcile_day')).toEqual([])
  })
})
