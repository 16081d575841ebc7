import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Store } from './database.ts'
import { deleteFlow } from './flows.ts'
import { addMatchEntries, countMatchEntries } from './match-entries.ts'
import { addPayloads, openPayload, sealPayload } from './payloads.ts'
import { addPreviewRecords, groupPreviewRecords, listPreviewRecords } from './preview-records.ts'
import { purgeExpired } from './retention.ts'
import { createRun } from './runs.ts'
import { testStores } from './testing.ts'
import { createVault, UnsealError } from './vault.ts'

const vault = createVault(Buffer.alloc(32, 7))

describe.each(await testStores())('what a look finds, on the $kind store', (home) => {
  let store: Store
  let runId: string
  beforeAll(async () => void (store = await home.open()), 60_000)
  beforeEach(async () => {
    await store.raw('truncate workspace, connection, flow, run, payload cascade')
    await store.raw(`insert into workspace (id, name) values ('ws_1', 'Test')`)
    await store.raw(`insert into connection (id, workspace_id, connector, name, origin, hook_id)
      values ('conn_1', 'ws_1', 'x', 'x', 'x', 'x')`)
    await store.raw(`insert into flow (id, workspace_id, name, source_connection_id, target_connection_id, entity)
      values ('flow_1', 'ws_1', 'x', 'conn_1', 'conn_1', 'order')`)
    runId = (await createRun(store.db, { workspaceId: 'ws_1', flowId: 'flow_1', kind: 'preview' })).id
  })
  afterAll(async () => {
    await store.close()
    await home.remove()
  })

  const keep = async (seq: number, expiresAt = new Date(4e12)) => {
    const id = `pay_${seq}`
    await addPayloads(store.db, [{ id, workspaceId: 'ws_1', kind: 'preview', sealed: sealPayload({ seq }, id, 'ws_1', vault), expiresAt }]) // prettier-ignore
    await addPreviewRecords(store.db, runId, [{ seq, externalId: String(seq), label: null, action: 'create', cause: null, reason: null, payloadId: id }]) // prettier-ignore
  }
  const skip = (seq: number, cause: string) =>
    addPreviewRecords(store.db, runId, [{ seq, externalId: String(seq), label: '#1', action: 'skip', cause, reason: `${cause}: no`, payloadId: null }]) // prettier-ignore
  const rows = () => listPreviewRecords(store.db, { runId, limit: 200 })

  it('is listed with its differences while they are kept, and grouped by what leaves records out', async () => {
    await keep(1)
    await skip(2, 'Guests')
    await skip(3, 'Status filter')
    await skip(4, 'Guests')
    const [first, second] = await rows()
    expect(openPayload(first?.sealed ?? new Uint8Array(), 'pay_1', 'ws_1', vault)).toEqual({ seq: 1 })
    expect(() => openPayload(first?.sealed ?? new Uint8Array(), 'pay_2', 'ws_1', vault)).toThrow(UnsealError)
    expect(second).toMatchObject({ label: '#1', sealed: null })
    expect((await groupPreviewRecords(store.db, runId)).map(({ cause, count }) => [cause, count])).toEqual([
      ['Guests', 2],
      ['Status filter', 1],
    ])
  })

  it('goes when its time is over: first the differences, then the lines', async () => {
    await keep(1, new Date(1e12))
    await keep(2)
    await purgeExpired(store.db)
    expect((await rows()).map(({ seq, sealed }) => [seq, sealed !== null])).toEqual([[1, false], [2, true]]) // prettier-ignore
    await addMatchEntries(store.db, runId, [{ role: 'contact', id: 'a', outcome: 'create', foundBy: '' }])
    await store.raw(`update run set created_at = now() - interval '20 days'`)
    await purgeExpired(store.db)
    expect([await rows(), await countMatchEntries(store.db, runId)]).toEqual([[], []])
  })

  it('goes with its flow, sealed differences included', async () => {
    await keep(1)
    expect(await deleteFlow(store.db, 'ws_1', 'flow_1')).toBe(true)
    expect(await store.raw('select id from payload')).toEqual([])
    expect(await rows()).toEqual([])
  })

  it('counts once what several records speak of', async () => {
    const entry = (id: string, outcome: 'create' | 'matched', foundBy = '') => ({ role: 'contact', id, outcome, foundBy }) // prettier-ignore
    await addMatchEntries(store.db, runId, [entry('a', 'create'), entry('a', 'create'), entry('b', 'matched', 'Domain')]) // prettier-ignore
    await addMatchEntries(store.db, runId, [entry('a', 'create'), entry('c', 'matched', 'SKU')])
    expect((await countMatchEntries(store.db, runId)).map(({ outcome, foundBy }) => [outcome, foundBy])).toEqual([['create', ''], ['matched', 'Domain'], ['matched', 'SKU']]) // prettier-ignore
    const [row] = await store.raw<{ records: number }>(`select records from match_entry where id = 'a'`)
    expect(row?.records).toBe(3)
  })
})
