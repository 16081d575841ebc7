import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPack } from './attempt-packs.ts'
import { addAttempts, getAttempt, listAttempts } from './attempts.ts'
import { addAudit, listAudit } from './audit.ts'
import {
  createConnection,
  findConnectionsByHook,
  getConnection,
  markUnauthorized,
  updateConnection,
} from './connections.ts'
import { addCounts, listCounts } from './counters.ts'
import { clearCursor, getCursor, saveCursor } from './cursors.ts'
import type { Store } from './database.ts'
import { storeDeliveries, storeDelivery } from './deliveries.ts'
import { createFlow, deleteFlow, findActiveFlows, getFlow, moveFlow, updateFlow } from './flows.ts'
import { deleteLookup, listLookups, saveLookup } from './lookups.ts'
import { addMapping, getMapping, listMappings } from './mappings.ts'
import { addPayloads, eraseSubject, findErased, findPayloads } from './payloads.ts'
import { purgeExpired } from './retention.ts'
import {
  addRunProgress,
  createRun,
  IllegalRunTransition,
  listRuns,
  moveRun,
  RUN_TRANSITIONS,
} from './runs.ts'
import type { ConnectionRow, FlowRow } from './schema.ts'
import { testStores } from './testing.ts'
import { createVault } from './vault.ts'
import { createWorkspace } from './workspaces.ts'

const vault = createVault(Buffer.alloc(32, 3))

describe.each(await testStores())('store verbs ($kind)', (testStore) => {
  let store: Store
  let workspaceId: string
  let connection: ConnectionRow
  let flow: FlowRow

  beforeAll(async () => {
    store = await testStore.open()
    workspaceId = (await createWorkspace(store.db, 'Example')).id
    connection = await createConnection(store.db, {
      workspaceId,
      connector: 'woocommerce',
      name: 'Shop',
      origin: 'shop.example.com',
      settings: { url: 'https://shop.example.com' },
      credentials: Buffer.from([0, 1, 255]),
    })
    const target = await createConnection(store.db, {
      workspaceId,
      connector: 'hubspot',
      name: 'CRM',
      origin: '123',
    })
    flow = await createFlow(store.db, {
      workspaceId,
      name: 'Orders',
      sourceConnectionId: connection.id,
      targetConnectionId: target.id,
      entity: 'order',
    })
  }, 60_000)

  afterAll(async () => {
    await store.close()
    await testStore.remove()
  })

  it('reads every type alike', async () => {
    const [row] = await store.raw(
      `select 9007199254740991::int8 big, 1.10::numeric amount, date '2026-02-03' as day, '{"a":[1]}'::jsonb doc,
              '\\x00ff'::bytea bytes, timestamptz '2026-02-03 04:05:06.789+02' as at, null::int8 nothing`,
    )
    expect(row).toEqual({
      big: 9007199254740991,
      amount: '1.10',
      day: '2026-02-03',
      doc: { a: [1] },
      bytes: Buffer.from([0, 255]),
      at: new Date('2026-02-03T02:05:06.789Z'),
      nothing: null,
    })
    await expect(store.raw('select 9007199254740993::int8 big')).rejects.toThrow(RangeError)
  })

  it('rolls a transaction back, also when a failed statement was swallowed', async () => {
    const adding = (id: string) => store.db.insertInto('workspace').values({ id, name: id })
    await expect(
      store.db.transaction().execute(async (tx) => {
        await tx.insertInto('workspace').values({ id: 'ws_gone', name: 'x' }).execute()
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    await expect(
      store.db.transaction().execute(async (tx) => {
        await tx.insertInto('workspace').values({ id: 'ws_gone', name: 'x' }).execute()
        await tx
          .insertInto('workspace')
          .values({ id: 'ws_gone', name: 'x' })
          .execute()
          .catch(() => {})
      }),
    ).rejects.toThrow()
    expect(await store.raw(`select 1 from workspace where id = 'ws_gone'`)).toEqual([])
    await adding('ws_still_works').execute()
  })

  it('keeps connections apart by workspace', async () => {
    const read = await getConnection(store.db, workspaceId, connection.id)
    expect(read).toMatchObject({ settings: { url: 'https://shop.example.com' }, state: 'active', facts: {} })
    expect(Buffer.from(read?.credentials ?? []).equals(Buffer.from([0, 1, 255]))).toBe(true)
    expect(await getConnection(store.db, 'ws_other', connection.id)).toBeUndefined()
    expect(await updateConnection(store.db, 'ws_other', connection.id, { name: 'stolen' })).toBeUndefined()
    expect(
      await updateConnection(store.db, workspaceId, connection.id, { facts: { version: '9' } }),
    ).toMatchObject({
      name: 'Shop',
      facts: { version: '9' },
    })
    const found = await findConnectionsByHook(store.db, [connection.hook_id, 'none'])
    expect([...found].map(([hookId, row]) => [hookId, row.id])).toEqual([[connection.hook_id, connection.id]])
  })

  it('lets one caller alone alert about a refused connection', async () => {
    const other = await createConnection(store.db, {
      workspaceId,
      connector: 'ecwid',
      name: 'E',
      origin: '1',
    })
    const answers = await Promise.all(
      [1, 2, 3].map(() => markUnauthorized(store.db, other.id, 'key revoked')),
    )
    expect(answers.filter(Boolean)).toHaveLength(1)
  })

  it('moves flows only along their states', async () => {
    expect(await moveFlow(store.db, workspaceId, flow.id, 'active')).toBeUndefined()
    expect(await moveFlow(store.db, workspaceId, flow.id, 'previewed')).toMatchObject({ state: 'previewed' })
    expect(await moveFlow(store.db, workspaceId, flow.id, 'active')).toMatchObject({ state: 'active' })
    expect((await findActiveFlows(store.db, connection.id, 'order')).map((row) => row.id)).toEqual([flow.id])
    const changed = await updateFlow(store.db, workspaceId, flow.id, { settings: { guests: 'skip' } })
    expect(changed?.settings_version).toBe(2)
    await expect(
      createFlow(store.db, {
        workspaceId: 'ws_still_works',
        name: 'stolen',
        sourceConnectionId: connection.id,
        targetConnectionId: connection.id,
        entity: 'order',
      }),
    ).rejects.toThrow(/own workspace/)
  })

  it('numbers mappings and notices an edit of an old version', async () => {
    const add = (document: object, expectedVersion?: number) =>
      store.db.transaction().execute((tx) =>
        addMapping(tx, {
          workspaceId,
          flowId: flow.id,
          document: document as Record<string, unknown>,
          ...(expectedVersion === undefined ? {} : { expectedVersion }),
        }),
      )
    expect((await add({ a: 1 }))?.version).toBe(1)
    expect((await add({ a: 2 }, 1))?.version).toBe(2)
    expect(await add({ a: 3 }, 1)).toBeUndefined()
    expect((await getMapping(store.db, flow.id, 1))?.document).toEqual({ a: 1 })
    expect((await listMappings(store.db, workspaceId, flow.id)).map((row) => row.version)).toEqual([2, 1])
    expect(await listMappings(store.db, 'ws_other', flow.id)).toEqual([])
    expect((await getFlow(store.db, workspaceId, flow.id))?.mapping_version).toBe(2)
  })

  it('versions lookups', async () => {
    const save = (entries: object, expectedVersion?: number) =>
      saveLookup(store.db, {
        workspaceId,
        name: 'tax',
        entries: entries as Record<string, unknown>,
        fallback: 'NL21',
        ...(expectedVersion === undefined ? {} : { expectedVersion }),
      })
    expect(await save({ '21/NL': 'A' }, 0)).toMatchObject({ version: 1, fallback: 'NL21' })
    expect(await save({ '21/NL': 'B' }, 0)).toBeUndefined()
    expect((await save({ '21/NL': 'B' }, 1))?.version).toBe(2)
    expect(await save({ '21/NL': 'C' }, 1)).toBeUndefined()
    expect((await save({ '21/NL': 'C' }))?.version).toBe(3)
    const [lookup] = await listLookups(store.db, workspaceId)
    expect(await deleteLookup(store.db, 'ws_other', lookup?.id ?? '')).toBe(false)
    expect(await deleteLookup(store.db, workspaceId, lookup?.id ?? '')).toBe(true)
  })

  it('stores a delivery once', async () => {
    const delivery = { connectionId: connection.id, dedupeKey: 'd1', topic: 'order.updated', externalId: '7' }
    expect(await storeDelivery(store.db, { ...delivery, body: Buffer.from('x') })).toBe('new')
    expect(await storeDelivery(store.db, delivery)).toBe('duplicate')
    const stored = await storeDeliveries(store.db, [delivery, { ...delivery, dedupeKey: 'd2' }])
    expect([...stored]).toEqual([`${connection.id}\nd2`])
    const racers = await Promise.all(
      [1, 2, 3, 4].map(() => storeDelivery(store.db, { ...delivery, dedupeKey: 'd3' })),
    )
    expect(racers.filter((answer) => answer === 'new')).toHaveLength(1)
  })

  it('pages attempts, newest first', async () => {
    const attempt = {
      workspaceId,
      flowId: flow.id,
      externalId: '7',
      step: 'deliver',
      outcome: 'created',
      summary: 'ok',
    }
    await addAttempts(store.db, [attempt, { ...attempt, pack: 'pack_1', durationMs: 1.6 }, attempt])
    const page = await listAttempts(store.db, { workspaceId, flowId: flow.id, externalId: '7', limit: 2 })
    expect(page).toHaveLength(2)
    const last = page[1]
    expect(last).not.toHaveProperty('pack')
    expect(last?.duration_ms).toBe(2)
    expect(await listAttempts(store.db, { workspaceId, before: last?.id ?? 0, limit: 9 })).toHaveLength(1)
    expect((await getAttempt(store.db, workspaceId, last?.id ?? 0))?.pack).toBe('pack_1')
    expect(await listAttempts(store.db, { workspaceId: 'ws_other', limit: 9 })).toEqual([])
  })

  it('allows exactly the transitions of the table', async () => {
    const states = Object.keys(RUN_TRANSITIONS) as (keyof typeof RUN_TRANSITIONS)[]
    const run = await createRun(store.db, { workspaceId, flowId: flow.id, kind: 'backfill' })
    for (const from of states) {
      for (const to of states) {
        await store.raw('update run set state = $1 where id = $2', [from, run.id])
        const moved = moveRun(store.db, workspaceId, run.id, to)
        if (RUN_TRANSITIONS[from].includes(to)) expect((await moved).state).toBe(to)
        else await expect(moved, `${from} → ${to}`).rejects.toThrow(IllegalRunTransition)
      }
    }
    await expect(moveRun(store.db, 'ws_other', run.id, 'running')).rejects.toThrow(/no run/)
  })

  it('adds up a run', async () => {
    const run = await createRun(store.db, { workspaceId, flowId: flow.id, kind: 'sweep', total: 500 })
    await Promise.all(
      [1, 2, 3].map(() => addRunProgress(store.db, run.id, { done: 100, created: 60, skipped: 40 })),
    )
    const after = await addRunProgress(store.db, run.id, { done: 1, failed: 1, cursor: { page: 4 } })
    expect(after).toMatchObject({ done: 301, created_count: 180, skipped_count: 120, failed_count: 1 })
    expect(after).toMatchObject({ cursor: { page: 4 }, total: 500 })
    const [newest, ...others] = await listRuns(store.db, { workspaceId, flowId: flow.id, limit: 10 })
    expect(newest?.id).toBe(run.id)
    const next = { createdAt: newest?.created_at ?? new Date(), id: newest?.id ?? '' }
    expect(await listRuns(store.db, { workspaceId, after: next, limit: 10 })).toHaveLength(others.length)
  })

  it('keeps cursors with the clock of the source', async () => {
    const clock = new Date('2026-01-02T03:04:05Z')
    await saveCursor(store.db, flow.id, 'sweep', { page: 1 }, null)
    await saveCursor(store.db, flow.id, 'sweep', { page: 2 }, clock)
    expect(await getCursor(store.db, flow.id, 'sweep')).toMatchObject({
      position: { page: 2 },
      source_clock: clock,
    })
    await clearCursor(store.db, flow.id, 'sweep')
    expect(await getCursor(store.db, flow.id, 'sweep')).toBeUndefined()
  })

  it('counts per day', async () => {
    const count = { workspaceId, flowId: flow.id, outcome: 'created', count: 2 }
    await Promise.all([addCounts(store.db, [count, { ...count, count: 3 }]), addCounts(store.db, [count])])
    const rows = await listCounts(store.db, { workspaceId, from: '2000-01-01', to: '2999-01-01' })
    expect(rows.map((row) => [row.outcome, row.count])).toEqual([['created', 7]])
    expect(rows[0]?.day).toMatch(/^\d{4}-\d\d-\d\d$/)
  })

  it('pages the audit', async () => {
    for (const action of ['a', 'b', 'c']) await addAudit(store.db, { workspaceId, actor: 'owner', action })
    const seen: string[] = []
    let after: { at: Date; id: string } | undefined
    for (let page = 0; page < 4; page += 1) {
      const rows = await listAudit(store.db, { workspaceId, limit: 1, ...(after && { after }) })
      seen.push(...rows.map((row) => row.action))
      const last = rows.at(-1)
      if (last) after = { at: last.at, id: last.id }
    }
    expect(seen.sort()).toEqual(['a', 'b', 'c'])
  })

  it('finds, erases and remembers a person by hash', async () => {
    const payload = {
      workspaceId,
      subjectHash: 'h1',
      kind: 'draft',
      sealed: Buffer.from('s'),
      expiresAt: new Date(4e12),
    }
    await addPayloads(store.db, [
      { ...payload, id: 'pay_1' },
      { ...payload, id: 'pay_2', subjectHash: 'h2' },
    ])
    expect((await findPayloads(store.db, workspaceId, 'h1')).map((row) => row.id)).toEqual(['pay_1'])
    expect(await eraseSubject(store.db, workspaceId, 'h1', vault)).toBe(1)
    expect(await eraseSubject(store.db, workspaceId, 'h1', vault)).toBe(0)
    expect([...(await findErased(store.db, workspaceId, ['h1', 'h2'])).keys()]).toEqual(['h1'])
    expect((await findErased(store.db, 'ws_other', ['h1'])).size).toBe(0)
  })

  it('erases what has outlived its time and keeps what still fails', async () => {
    await store.raw(`update delivery set received_at = now() - interval '20 days' where dedupe_key = 'd1'`)
    await addPayloads(store.db, [
      { id: 'pay_old', workspaceId, kind: 'draft', sealed: Buffer.from('s'), expiresAt: new Date(1e12) },
    ])
    await store.raw(`update attempt set at = now() - interval '20 days'`)
    const failing = {
      workspaceId,
      flowId: flow.id,
      externalId: 'bad',
      step: 'deliver',
      outcome: 'failed',
      summary: 'no',
    }
    await addAttempts(store.db, [failing])
    const details = { common: null, records: new Map([['bad', { kept: true }]]) }
    await addPack(store.db, { workspaceId, flowId: flow.id, failedId: 'bad' }, details, vault)
    await addPack(store.db, { workspaceId, flowId: flow.id }, details, vault)
    await store.raw(`update attempt_pack set at = now() - interval '20 days'`)
    await store.raw(`update attempt set at = now() - interval '20 days' where external_id = 'bad'`)
    await store.raw(
      `insert into link (flow_id, workspace_id, external_id, state) values ($1, $2, 'bad', 'failed')`,
      [flow.id, workspaceId],
    )
    expect(await purgeExpired(store.db)).toBe(3)
    expect(await store.raw('select failed_id from attempt_pack')).toEqual([{ failed_id: 'bad' }])
    expect(await store.raw('select 1 from attempt')).toHaveLength(4)
    expect(await purgeExpired(store.db)).toBe(0)
  })

  it('forgets runs that ended long ago, and keeps those that are open', async () => {
    const begun = { workspaceId, flowId: flow.id, kind: 'reconcile' as const }
    const [ended, open] = [await createRun(store.db, begun), await createRun(store.db, begun)]
    await moveRun(store.db, workspaceId, ended.id, 'cancelled')
    expect(await purgeExpired(store.db)).toBe(0)
    await store.raw(`update run set finished_at = now() - interval '91 days' where id = $1`, [ended.id])
    await store.raw(`update run set created_at = now() - interval '91 days' where id = $1`, [open.id])
    expect(await purgeExpired(store.db)).toBe(1)
    const left = await store.raw('select id from run where id in ($1, $2)', [ended.id, open.id])
    expect(left).toEqual([{ id: open.id }])
  })

  it('maintains itself without an error', async () => {
    await store.maintain()
    expect(await store.raw('select 1 as one')).toEqual([{ one: 1 }])
  })

  it('deletes a flow with all that belongs to it', async () => {
    expect(await store.db.transaction().execute((tx) => deleteFlow(tx, 'ws_other', flow.id))).toBe(false)
    expect(await store.db.transaction().execute((tx) => deleteFlow(tx, workspaceId, flow.id))).toBe(true)
    for (const table of ['link', 'attempt', 'counter', 'mapping', 'run', '"cursor"']) {
      expect(await store.raw(`select 1 from ${table} where flow_id = $1`, [flow.id]), table).toEqual([])
    }
  })
})
