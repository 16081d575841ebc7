import { afterAll, beforeAll, expect, it } from 'vitest'
import { saveReconcileDays } from '../store/reconcile.ts'
import { connectBoth, startRig, type Rig } from './testing.ts'

let rig: Rig
beforeAll(async () => {
  rig = await startRig()
}, 60_000)
afterAll(() => rig.close())

it('tells both sides per day, and on the overview what the last comparison found', async () => {
  const { flow } = await connectBoth(rig)
  const viewer = rig.client('viewer')
  const params = { flowId: flow.id }
  expect((await viewer.reconcile.days({ params })).items).toEqual([])
  expect((await viewer.overview.get({})).flows[0]?.reconcile).toBeNull()
  const day = { day: '2026-05-01', currency: 'EUR', source_count: 2, source_sum: '60.50', target_count: 1, target_sum: '30.25', missing: 1, incomplete: 0, differing: 0, failed: 0 } // prettier-ignore
  const example = { externalId: '7', what: 'missing', source: '30.25', target: null } as const
  const checkedAt = '2026-05-02T04:00:00.000Z'
  const bare = { ...day, day: '2026-05-02', currency: '', source_sum: null, target_sum: null, missing: 0, target_count: 2 } // prettier-ignore
  await saveReconcileDays(
    rig.service.store.db,
    { id: flow.id, workspaceId: rig.workspaceId },
    '2026-05-01',
    [
      { ...day, examples: [example] },
      { ...bare, examples: [] },
    ],
    new Date(checkedAt),
  )
  const found = { missing: 0, incomplete: 0, differing: 0, failed: 0, examples: [], checkedAt }
  expect((await viewer.reconcile.days({ params, query: { days: 7 } })).items).toEqual([
    {
      ...found,
      day: '2026-05-02',
      currency: null,
      source: { count: 2, amount: null },
      target: { count: 2, amount: null },
    },
    {
      ...found,
      day: '2026-05-01',
      currency: 'EUR',
      source: { count: 2, amount: '60.50' },
      target: { count: 1, amount: '30.25' },
      missing: 1,
      examples: [example],
    },
  ])
  expect((await viewer.overview.get({})).flows[0]?.reconcile).toEqual({ checkedAt, missing: 1, incomplete: 0, differing: 0 }) // prettier-ignore
})
