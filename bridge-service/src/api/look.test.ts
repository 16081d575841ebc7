import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ApiError } from '@crosswalk/shared/contract'
import { newId } from '../store/ids.ts'
import { addMatchEntries } from '../store/match-entries.ts'
import { addPayloads, sealPayload } from '../store/payloads.ts'
import { addPreviewRecords, type PreviewAction } from '../store/preview-records.ts'
import { addRunProgress, createRun } from '../store/runs.ts'
import { connectBoth, startRig, type Rig } from './testing.ts'

let rig: Rig
let flowId: string
beforeAll(async () => void (rig = await startRig()), 60_000)
beforeEach(async () => {
  await rig.reset()
  flowId = (await connectBoth(rig)).flow.id
})
afterAll(() => rig.close())

const viewer = () => rig.client('viewer')
const refused = (work: Promise<unknown>): Promise<ApiError> =>
  work.then(
    () => Promise.reject(new Error('it was not refused')),
    (error: unknown) => error as ApiError,
  )
const made = async (kind: 'match' | 'preview'): Promise<string> =>
  (await createRun(rig.service.store.db, { workspaceId: rig.workspaceId, flowId, kind })).id

describe('a match report', () => {
  it('has a row for each part, whose numbers add up', async () => {
    const runId = await made('match')
    const { db } = rig.service.store
    await addRunProgress(db, runId, { done: 9, skipped: 2, total: 12 })
    await addMatchEntries(db, runId, [
      { role: 'document', id: 'a', outcome: 'matched', foundBy: 'Domain' },
      { role: 'document', id: 'b', outcome: 'matched', foundBy: 'link' },
      { role: 'document', id: 'c', outcome: 'matched', foundBy: 'link' },
      { role: 'document', id: 'd', outcome: 'ambiguous', foundBy: '' },
      { role: 'document', id: 'none:7:', outcome: 'no_key', foundBy: '' },
    ])
    const report = await viewer().matches.report({ params: { runId } })
    expect(report.run).toMatchObject({ kind: 'match', done: 9, total: 12, counts: { skipped: 2 } })
    expect(report.rows).toEqual([
      {
        role: 'document',
        object: 'deals',
        objectLabel: 'Deal',
        total: 5,
        matched: 3,
        matchedBy: [
          { by: 'link', count: 2 },
          { by: 'Domain', count: 1 },
        ],
        create: 0,
        ambiguous: 1,
        noKey: 1,
        absent: 0,
        unknown: 0,
      },
    ])
  })

  it('is there for its own workspace alone, and only where it is one', async () => {
    const runId = await made('match')
    expect((await refused(rig.client('stranger').matches.report({ params: { runId } }))).status).toBe(404)
    const other = await made('preview')
    expect((await refused(viewer().matches.report({ params: { runId: other } }))).status).toBe(404)
    expect((await refused(viewer().previews.summary({ params: { runId } }))).status).toBe(404)
  })
})

describe('a preview run', () => {
  const fill = async (): Promise<string> => {
    const runId = await made('preview')
    const { db } = rig.service.store
    const parts = [
      { part: 'document', role: 'document', object: 'deals', id: '5', foundBy: 'link', action: 'update', fields: [{ target: 'stage', before: 'new', after: 'won', changed: true }], problem: null },
    ] // prettier-ignore
    const id = newId('payload')
    await addPayloads(db, [
      { id, workspaceId: rig.workspaceId, kind: 'preview', sealed: sealPayload({ parts }, id, rig.workspaceId, rig.service.vault), expiresAt: new Date(4e12) },
    ]) // prettier-ignore
    const row = (seq: number, action: PreviewAction, cause: string | null = null, payloadId: string | null = null) => ({ seq, externalId: String(seq), label: `#${seq}`, action, cause, reason: cause && `${cause}: so it is.`, payloadId }) // prettier-ignore
    await addPreviewRecords(db, runId, [
      row(1, 'update', null, id),
      row(2, 'skip', 'Guests'),
      row(3, 'skip', 'Guests'),
      row(4, 'fail', 'mapping:stage'),
      row(5, 'create', null, 'pay_gone'),
    ])
    return runId
  }

  it('tells its counts, what leaves records out and what fails them', async () => {
    const runId = await fill()
    const summary = await viewer().previews.summary({ params: { runId } })
    expect(summary).toMatchObject({
      run: { kind: 'preview', state: 'queued' },
      groups: [
        { action: 'skip', cause: 'Guests', reason: 'Guests: so it is.', count: 2 },
        { action: 'fail', cause: 'mapping:stage', count: 1 },
      ],
    })
    expect(Date.parse(summary.keptUntil)).toBeGreaterThan(Date.now() + 13 * 86_400_000)
  })

  it('lists its records page by page with what would change; what was erased is told as such', async () => {
    const params = { runId: await fill() }
    const first = await viewer().previews.records({ params, query: { limit: 3 } })
    const second = await viewer().previews.records({ params, query: { limit: 3, cursor: first.next ?? '' } })
    expect([...first.items, ...second.items].map((one) => one.externalId)).toEqual(['1', '2', '3', '4', '5'])
    expect(first.items[0]?.parts).toMatchObject([{ fields: [{ target: 'stage', before: 'new', after: 'won' }] }]) // prettier-ignore
    expect([second.items[1]?.parts, first.items[1]?.parts, second.next]).toEqual([null, [], null])
    const left = await viewer().previews.records({ params, query: { action: 'skip', cause: 'Guests' } })
    expect(left.items.map((one) => one.externalId)).toEqual(['2', '3'])
  })

  it('is refused to strangers, for cursors of others and for kinds there are not', async () => {
    const params = { runId: await fill() }
    expect((await refused(rig.client('stranger').previews.records({ params }))).status).toBe(404)
    expect((await refused(rig.client('stranger').previews.summary({ params }))).status).toBe(404)
    expect((await refused(viewer().previews.records({ params, query: { cursor: 'x' } }))).status).toBe(400)
    expect((await refused(viewer().previews.records({ params, query: { action: 'burn' as never } }))).status).toBe(400) // prettier-ignore
  })
})

describe('the start of a look', () => {
  const start = (body: object) =>
    rig.client('operator').runs.start({ params: { flowId }, body: body as never })

  it('takes the newest records, dates or ids', async () => {
    for (const scope of [
      { last: 50 },
      { from: null },
      { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' },
      { externalIds: ['1'] },
      {},
    ])
      // prettier-ignore
      expect(await start({ kind: 'preview', scope })).toMatchObject({ kind: 'preview', flowId })
    expect(await start({ kind: 'match' })).toMatchObject({ kind: 'match' })
  })

  it('is refused with two ways to choose at once, with a scope of another kind of run, and to viewers', async () => {
    expect((await refused(start({ kind: 'match', scope: { last: 5, externalIds: ['1'] } }))).status).toBe(400)
    expect((await refused(start({ kind: 'match', scope: { last: 0 } }))).status).toBe(400)
    expect((await refused(start({ kind: 'match', scope: { last: 5, to: '2026-02-01T00:00:00Z' } }))).status).toBe(400) // prettier-ignore
    expect((await refused(start({ kind: 'backfill', scope: { last: 5 } }))).status).toBe(400)
    const mine = viewer().runs.start({ params: { flowId }, body: { kind: 'match' } })
    expect((await refused(mine)).status).toBe(403)
    const theirs = rig.client('stranger').runs.start({ params: { flowId }, body: { kind: 'match' } })
    expect((await refused(theirs)).status).toBe(404)
  })
})
