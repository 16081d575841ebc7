import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ApiError } from '@crosswalk/shared/contract'
import { TRANSFORMS } from '@crosswalk/shared/mapping'
import { saveReconcileDays } from '../store/reconcile.ts'
import { createRuns } from '../workers/runs.ts'
import { memoryEngine } from '../workers/testing.ts'
import { getFlow } from '../store/flows.ts'
import { failRecord } from './testing-records.ts'
import { connectBoth, startRig, type Rig } from './testing.ts'

let rig: Rig
let flowId: string
let params: { flowId: string }
beforeAll(async () => void (rig = await startRig()), 60_000)
beforeEach(async () => {
  await rig.reset()
  flowId = (await connectBoth(rig)).flow.id
  params = { flowId }
})
afterAll(() => rig.close())

const operator = () => rig.client('operator')
const viewer = () => rig.client('viewer')
const stranger = () => rig.client('stranger')
const refused = (work: Promise<unknown>): Promise<ApiError> =>
  work.then(
    () => Promise.reject(new Error('it was not refused')),
    (error: unknown) => error as ApiError,
  )
const looksUp = (table: string, target = 'stage') => ({
  target,
  value: { kind: 'field' as const, path: ['payment', 'status'] },
  transforms: [{ use: 'lookup.table', with: { table } }],
})
const named = { target: 'name', value: { kind: 'field' as const, path: ['number'] } }
const document = (...rules: object[]) => ({ parts: { document: { rules: [named, ...rules] as never } } })
const live = () => rig.service.store.db.updateTable('flow').set({ state: 'active' }).execute()
const missing = (table: string, value: string | null) => ({ lookup: { table, value } })

describe('rules that are tried', () => {
  it('are given to the record that was asked for, with what is wrong with them', async () => {
    const asked: unknown[] = []
    const { tryRules } = rig.service
    rig.service.tryRules = async (flow, want) => {
      asked.push([flow.id, want.externalId, want.as, want.fields.some(({ name }) => name === 'totals.total')])
      return tryRules(flow, want)
    }
    const tried = await operator().mappings.try({ params, body: { document: document({ ...named, target: 'nowhere' }), externalId: '7', as: 'update' } }) // prettier-ignore
    rig.service.tryRules = tryRules
    expect(asked).toEqual([[flowId, '7', 'update', true]])
    expect(tried.problems).toMatchObject([{ code: 'unknown_target_field', rule: 1, target: 'nowhere' }])
  })

  it('show a person’s data, so viewers and strangers do not get them', async () => {
    const body = { document: document() }
    expect((await refused(viewer().mappings.try({ params, body }))).status).toBe(403)
    expect((await refused(stranger().mappings.try({ params, body }))).status).toBe(404)
    expect((await refused(operator().mappings.try({ params, body: { document: { parts: 7 } } as never }))).status).toBe(400) // prettier-ignore
  })
})

it('every step a rule can use is told with its settings', async () => {
  const { items } = await viewer().mappings.transforms()
  expect(items.map(({ id }) => id)).toEqual(TRANSFORMS.map(({ id }) => id))
  expect(items.find(({ id }) => id === 'lookup.table')?.fields).toMatchObject([{ name: 'table', optionsFrom: 'lookups' }]) // prettier-ignore
  expect(items.find(({ id }) => id === 'choice.from')?.fields[0]).toMatchObject({ name: 'pairs', widget: 'rows' }) // prettier-ignore
})

describe('a lookup table', () => {
  it('tells who asks it, what it lacks, and what may stand on both sides', async () => {
    const { id } = await operator().lookups.save({ params: { name: 'payments' }, body: { entries: [] } })
    await operator().mappings.save({ params, body: { document: document(looksUp('payments')) } })
    // Rules may be older than the loss of what they ask.
    await rig.client('owner').lookups.remove({ params: { lookupId: id } })
    await failRecord(rig, flowId, '7', 'mapping', missing('payments', 'paid'))
    await failRecord(rig, flowId, '8', 'mapping', missing('payments', 'paid'))
    await failRecord(rig, flowId, '9', 'mapping', missing('payments', null))
    const page = await viewer().lookups.get({ params: { name: 'payments' } })
    expect(page).toMatchObject({
      name: 'payments',
      table: null,
      uses: [{ flowId, part: 'document', target: 'stage', label: 'stage' }],
      answers: null,
      warning: null,
    })
    expect(page.gaps).toMatchObject([{ value: 'paid', count: 2 }, { value: null, count: 1 }]) // prettier-ignore
    expect(page.gaps[0]?.examples.map(({ externalId }) => externalId).sort()).toEqual(['7', '8'])
    expect(page.values.map(({ value }) => value)).toContain('unpaid')
    const { items } = await viewer().lookups.summaries()
    expect(items).toEqual([{ name: 'payments', rows: null, updatedAt: null, flows: [expect.any(String)], waiting: 3 }]) // prettier-ignore
    expect((await refused(stranger().lookups.get({ params: { name: 'payments' } }))).status).toBe(404)
    expect((await stranger().lookups.summaries()).items).toEqual([])
  })

  it('tries again what waited for a row, once it is saved, and nothing else', async () => {
    await live()
    await failRecord(rig, flowId, '7', 'mapping', missing('payments', 'Paid '))
    await failRecord(rig, flowId, '8', 'mapping', missing('payments', 'unpaid'))
    await failRecord(rig, flowId, '9', 'mapping', missing('others', 'paid'))
    await failRecord(rig, flowId, '10', 'mapping', missing('payments', null))
    const save = (fallback: { to: string } | null, basedOn: number) =>
      operator().lookups.save({ params: { name: 'payments' }, body: { entries: [{ from: 'paid', to: 'won' }], fallback, basedOn } }) // prettier-ignore
    expect((await save(null, 0)).retried).toBe(2)
    expect(rig.noted.synced).toEqual([{ ids: ['10', '7'], force: false }])
    expect((await save({ to: 'open' }, 1)).retried).toBe(3)
  })

  it('tries nothing again in a flow that stands', async () => {
    await failRecord(rig, flowId, '7', 'mapping', missing('payments', 'paid'))
    const saved = await operator().lookups.save({ params: { name: 'payments' }, body: { entries: [{ from: 'paid', to: 'won' }] } }) // prettier-ignore
    expect([saved.retried, rig.noted.synced]).toEqual([0, []])
  })
})

describe('rules for what is there already', () => {
  it('go to all that is in the target, wherever it came from, which is not marked as brought over', async () => {
    await live()
    const { store } = rig.service
    const flow = (await getFlow(store.db, rig.workspaceId, flowId)) ?? expect.fail('no flow')
    const { engine } = memoryEngine()
    const run = await createRuns({ store, engine }).start(flow, { kind: 'backfill', existing: true, requestedBy: 'me' }) // prettier-ignore
    expect(run.options).toEqual({ from: null, imported: false, existing: true })
    const body = { kind: 'backfill', existing: true, from: '2026-01-01T00:00:00Z' } as const
    expect((await refused(operator().runs.start({ params, body }))).status).toBe(400)
  })
})

it('records of a day that did not agree are told with their state now', async () => {
  const sums = { source_count: 2, source_sum: '60.50', target_count: 1, target_sum: '30.25', missing: 1, incomplete: 0, differing: 0, failed: 1 } // prettier-ignore
  await failRecord(rig, flowId, '8')
  const examples = [
    { externalId: '7', what: 'missing', source: '30.25', target: null },
    { externalId: '8', what: 'failed', source: '30.25', target: null },
  ] as const
  const day = { day: '2026-05-01', currency: 'EUR', ...sums, examples: [...examples] }
  await saveReconcileDays(rig.service.store.db, { id: flowId, workspaceId: rig.workspaceId }, '2026-05-01', [day], new Date('2026-05-02')) // prettier-ignore
  const { items } = await viewer().reconcile.records({ params: { flowId, day: '2026-05-01' } })
  expect(items).toMatchObject([
    { ...examples[0], currency: 'EUR', record: null },
    { ...examples[1], record: { externalId: '8', state: 'failed', error: { code: 'invalid' } } },
  ])
  const place = { params: { flowId, day: '2026-05-01' } }
  expect((await refused(stranger().reconcile.records(place))).status).toBe(404)
  expect((await refused(viewer().reconcile.records({ params: { flowId, day: 'yesterday' } }))).status).toBe(400) // prettier-ignore
})
