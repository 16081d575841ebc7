import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConnectorError } from '@crosswalk/connectors/sdk'
import { sampleLine } from '@crosswalk/shared/flows/sample-order'
import type { Order } from '@crosswalk/shared/model'
import { memoryFlow, shopOrder } from '../pipeline/testing.ts'
import { configure, crm, orders, place, settings, store, sync, useWorld } from '../pipeline/testing-world.ts'
import { createVault } from '../store/vault.ts'
import { decideCases, listCases } from '../store/match-cases.ts'
import { countMatchEntries } from '../store/match-entries.ts'
import { eraseSubject, openPayload } from '../store/payloads.ts'
import { groupPreviewRecords, listPreviewRecords } from '../store/preview-records.ts'
import { createRun, getRunById, moveRun } from '../store/runs.ts'
import { json } from '../store/schema.ts'
import { workChunks } from './chunk.ts'
import type { PreviewPart } from './preview-record.ts'
import type { Scope } from './scope.ts'
import { memoryEngine, placeFlow, workDeps } from './testing.ts'
import { noteHealthy } from './trouble.ts'

useWorld({ beforeAll, beforeEach, afterAll })
beforeAll(() => placeFlow(store))
beforeEach(async () => {
  for (const table of ['run', 'payload', 'bucket'] as const) await store.db.deleteFrom(table).execute()
  // Looking needs no flow that is live.
  await store.db.updateTable('flow').set({ state: 'draft' }).execute()
  for (const id of ['conn_crm', 'conn_shop']) noteHealthy(id, 'flow_1')
})

const vault = createVault(Buffer.alloc(32, 7))
const start = (kind: 'match' | 'preview', scope?: Scope) =>
  createRun(store.db, { workspaceId: 'ws_1', flowId: 'flow_1', kind, options: scope ? { scope } : {} })
const flowNow = () => memoryFlow(orders, crm, settings)
/** A stretch of a run. @returns what became of its job */
async function stretch(runId: string, flow = flowNow()) {
  const { engine } = memoryEngine()
  const job = {
    queue: 'chunk' as const,
    id: 'j',
    retryCount: 0,
    key: 'k',
    group: 'conn_crm',
    data: { runId },
  }
  const [outcome] = await workChunks([job], new AbortController().signal, workDeps(store, flow, engine))
  return outcome
}
/** Runs to the end; each stretch on the given flow. */
async function run(kind: 'match' | 'preview', scope?: Scope) {
  const { id } = await start(kind, scope)
  for (let i = 0; i < 50 && (await stretch(id))?.state === 'again'; i++);
  return (await getRunById(store.db, id)) ?? expect.fail('the run is gone')
}
const writes = () => crm.calls.filter(({ op }) => op !== 'find' && op !== 'read')
const records = (runId: string, more: object = {}) =>
  listPreviewRecords(store.db, { runId, limit: 200, ...more })
const partsOf = (row: { payload_id: string | null; sealed: Uint8Array | null }) =>
  (openPayload(row.sealed ?? new Uint8Array(), row.payload_id ?? '', 'ws_1', vault) as { parts: PreviewPart[] }).parts // prettier-ignore
const bought = (id: string, customer: Partial<Order['customer']>, more: Partial<Order> = {}) => {
  const order = shopOrder(id, more)
  return { ...order, customer: { ...order.customer, ...customer } }
}
const noEmail = { email: null, phone: '' } as const

describe('a match report', () => {
  it('tells of each part what the target has, what not, what is unclear and what has no key, and writes nothing', async () => {
    crm.put('people', { email: 'anna@example.com' })
    for (const name of ['B.', 'Bea']) crm.put('people', { email: 'bea@example.com', name })
    crm.put('goods', { key: 'TEA' })
    configure({ statuses: ['processing'] })
    const order = bought('4', noEmail)
    place(
      bought('1', { email: 'anna@example.com' }),
      bought('2', { email: 'bea@example.com' }),
      bought('3', { email: 'bea@example.com' }, { lines: [sampleLine({ id: '1', sku: '', name: 'Loose' })] }),
      { ...order, billing: { ...order.billing, email: '' } },
      bought('5', { email: 'new@example.com' }),
      bought('6', { email: 'anna@example.com' }, { status: { canonical: 'pending', source: 'pending', name: 'P' } }), // prettier-ignore
    )
    const done = await run('match')
    expect(done).toMatchObject({ state: 'succeeded', done: 6, total: 6, skipped_count: 1, failed_count: 0 })
    const counts = await countMatchEntries(store.db, done.id)
    const of = (role: string) =>
      Object.fromEntries(counts.filter((one) => one.role === role).map(({ outcome, count }) => [outcome, count])) // prettier-ignore
    expect(of('contact')).toEqual({ matched: 1, ambiguous: 1, no_key: 1, create: 1 })
    expect(of('product')).toEqual({ matched: 1, create: 1, no_key: 1 })
    expect(of('document')).toEqual({ create: 5 })
    expect(counts.find((one) => one.outcome === 'matched')?.foundBy).toBe('key')
    expect(writes()).toEqual([])
    expect(await listCases(store.db, { flowId: 'flow_1', limit: 9 })).toMatchObject([
      { role: 'contact', state: 'open', waiting: 0, records: 2 },
    ])
    for (const table of ['link', 'dependency', 'attempt', 'intent'] as const)
      expect(await store.db.selectFrom(table).selectAll().execute()).toEqual([])
  })

  it('goes by what was decided, and forgets questions that are none any more', async () => {
    const ids = ['B.', 'Bea'].map((name) => crm.put('people', { email: 'bea@example.com', name }))
    for (const name of ['C.', 'Cas']) crm.put('people', { email: 'cas@example.com', name })
    place(bought('1', { email: 'bea@example.com' }), bought('2', { email: 'cas@example.com' }))
    const first = await run('match')
    const cases = await listCases(store.db, { flowId: 'flow_1', limit: 9 })
    expect(cases).toHaveLength(2)
    const bea = cases.find((one) => one.external_id === '1')
    await decideCases(store.db, 'flow_1', [bea?.id ?? ''], { state: 'candidate', targetId: ids[1] ?? '', actor: 'x' }) // prettier-ignore
    crm.remove('people', crm.all('people').find((one) => one.fields['name'] === 'Cas')?.id ?? '')
    const again = await run('match')
    const contacts = (await countMatchEntries(store.db, again.id)).filter((one) => one.role === 'contact')
    expect(contacts.map(({ outcome, foundBy }) => [outcome, foundBy]).sort()).toEqual([
      ['matched', 'key'],
      ['matched', 'your decision'],
    ])
    expect((await listCases(store.db, { flowId: 'flow_1', limit: 9 })).map(({ state }) => state)).toEqual(['candidate']) // prettier-ignore
    expect(first.id).not.toBe(again.id)
  })

  it('says so where the flow does not make what is missing', async () => {
    configure({ customers: 'link_only', missingProducts: 'free_line' })
    place(bought('1', { email: 'new@example.com' }))
    const counts = await countMatchEntries(store.db, (await run('match')).id)
    expect(counts.filter((one) => one.outcome === 'absent').map((one) => one.role).sort()).toEqual(['contact', 'product']) // prettier-ignore
  })
})

describe('a preview run', () => {
  it('tells what every record would become, with each field that differs, and writes nothing', async () => {
    place(shopOrder('1'), shopOrder('2'), shopOrder('3'))
    await sync('1', '2')
    crm.calls.length = 0
    place(
      shopOrder('2', { status: { canonical: 'completed', source: 'completed', name: 'Completed' } }),
      shopOrder('4', { status: { canonical: 'draft', source: 'draft', name: 'Draft' } }),
      shopOrder('5', { status: { canonical: 'other', source: 'packed', name: 'Packed' } }),
    )
    configure({ stages: { processing: 'open', completed: 'won' } })
    const done = await run('preview')
    expect(done).toMatchObject({ state: 'succeeded', done: 5, created_count: 1, updated_count: 1, unchanged_count: 1, skipped_count: 1, failed_count: 1 }) // prettier-ignore
    const rows = await records(done.id)
    expect(rows.map(({ external_id, label, action }) => [external_id, label, action])).toEqual([
      ['1', '#1', 'unchanged'],
      ['2', '#2', 'update'],
      ['3', '#3', 'create'],
      ['4', '#4', 'skip'],
      ['5', '#5', 'fail'],
    ])
    const changed = partsOf(rows[1] ?? expect.fail())
    expect(changed).toMatchObject([{ part: 'document', action: 'update', fields: [{ target: 'stage', before: 'open', after: 'won', changed: true }] }]) // prettier-ignore
    const made = partsOf(rows[2] ?? expect.fail())
    expect(made.map(({ part, action }) => [part.split(':')[0], action])).toEqual([
      ['contact', 'create'],
      ['document', 'create'],
      ['line', 'create'],
      ['line', 'create'],
    ])
    expect(rows[0]?.payload_id).toBeNull()
    expect(JSON.stringify(await store.raw('select id, kind, sealed::text as sealed from payload'))).not.toContain(Buffer.from('example.com').toString('hex')) // prettier-ignore
    expect(await groupPreviewRecords(store.db, done.id)).toMatchObject([
      { action: 'fail', cause: 'mapping:stage', count: 1 },
      { action: 'skip', cause: 'Status filter', count: 1 },
    ])
    expect(writes()).toEqual([])
  })

  it('pages through what it found, by kind and cause', async () => {
    place(...Array.from({ length: 7 }, (_, i) => shopOrder(String(i + 1))))
    place(shopOrder('8', { status: { canonical: 'draft', source: 'draft', name: 'Draft' } }))
    const { id } = await run('preview')
    const first = await records(id, { limit: 3, action: 'create' })
    const rest = await records(id, { action: 'create', after: first.at(-1)?.seq })
    expect([...first, ...rest].map((row) => row.external_id)).toEqual(['1', '2', '3', '4', '5', '6', '7'])
    expect((await records(id, { cause: 'Status filter' })).map((row) => row.external_id)).toEqual(['8'])
  })

  it('looks at the newest, at a span of time, or at named ones', async () => {
    const made = (id: string, createdAt: string) => shopOrder(id, { createdAt })
    place(made('1', '2026-01-05T00:00:00Z'), made('2', '2026-02-05T00:00:00Z'), made('3', '2026-03-05T00:00:00Z')) // prettier-ignore
    const seen = async (scope: Scope) =>
      (await records((await run('preview', scope)).id)).map((row) => row.external_id)
    expect(await seen({ last: 2 })).toEqual(['1', '2'])
    expect(await seen({ from: '2026-02-01T00:00:00Z', to: '2026-03-01T00:00:00Z' })).toEqual(['2'])
    expect(await seen({ externalIds: ['3', '1', '404'] })).toEqual(['3', '1', '404'])
    configure({ startDate: '2026-03-01' })
    const done = await run('preview', { from: null })
    expect([done.done, done.skipped_count]).toEqual([3, 0])
    expect((await run('preview')).skipped_count).toBe(2)
    // Of those that somebody picks it is of interest what the rules make of them.
    expect((await run('preview', { last: 3 })).skipped_count).toBe(0)
  })

  it('is held, goes on where it was and ends; one that was cancelled does not', async () => {
    place(...Array.from({ length: 6 }, (_, i) => shopOrder(String(i + 1))))
    const { id } = await start('preview')
    // Each look at the clock is a minute later: a page per stretch.
    let now = Date.now()
    const slow = async () => {
      const deps = {
        ...workDeps(store, flowNow(), memoryEngine().engine),
        clock: { now: () => (now += 60_000) },
      }
      const job = {
        queue: 'chunk' as const,
        id: 'j',
        retryCount: 0,
        key: 'k',
        group: 'g',
        data: { runId: id },
      }
      return (await workChunks([job], new AbortController().signal, deps))[0]
    }
    expect(await slow()).toMatchObject({ state: 'again', afterMs: 0 })
    expect((await getRunById(store.db, id))?.done).toBe(2)
    await moveRun(store.db, 'ws_1', id, 'paused')
    expect(await slow()).toMatchObject({ state: 'done' })
    expect((await getRunById(store.db, id))?.done).toBe(2)
    await moveRun(store.db, 'ws_1', id, 'running')
    await slow()
    await slow()
    expect(await getRunById(store.db, id)).toMatchObject({ state: 'succeeded', done: 6, total: 6 })
    expect((await records(id)).map((row) => row.external_id)).toEqual(['1', '2', '3', '4', '5', '6'])
    const other = await start('match')
    await moveRun(store.db, 'ws_1', other.id, 'cancelled')
    expect(await stretch(other.id)).toMatchObject({ state: 'done' })
    expect((await getRunById(store.db, other.id))?.done).toBe(0)
  })

  it('waits for an account that is busy, and goes on at the same page', async () => {
    place(shopOrder('1'))
    crm.fail(() => {
      throw new ConnectorError({ kind: 'unavailable', publicMessage: 'busy' })
    })
    const { id } = await start('preview')
    expect(await stretch(id)).toMatchObject({ state: 'again' })
    expect(await getRunById(store.db, id)).toMatchObject({ state: 'running', done: 0 })
    crm.heal()
    noteHealthy('conn_crm', 'flow_1')
    await store.db.deleteFrom('bucket').execute()
    await stretch(id)
    expect(await getRunById(store.db, id)).toMatchObject({ state: 'succeeded', done: 1 })
  })

  it('ends when its rules are changed: half of it would tell another story', async () => {
    place(shopOrder('1'))
    const { id } = await start('preview')
    await moveRun(store.db, 'ws_1', id, 'running')
    await store.db.updateTable('run').set({ cursor: json({ position: null, rules: 'other' }) }).execute() // prettier-ignore
    expect(await stretch(id)).toMatchObject({ state: 'done' })
    expect(await getRunById(store.db, id)).toMatchObject({ state: 'failed', reason: expect.stringContaining('rules') as string }) // prettier-ignore
  })

  it('is erased with the person it speaks of; that there was a record stays', async () => {
    place(shopOrder('1'))
    const { id } = await run('preview')
    await eraseSubject(store.db, 'ws_1', vault.keyedHash('buyer1@example.com'), vault)
    expect(await records(id)).toMatchObject([{ external_id: '1', action: 'create', sealed: null }])
  })
})
