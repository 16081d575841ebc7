import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ApiError } from '@crosswalk/shared/contract'
import { listAudit } from '../store/audit.ts'
import { keepCases } from '../store/match-cases.ts'
import { json } from '../store/schema.ts'
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
const refused = (work: Promise<unknown>): Promise<ApiError> =>
  work.then(
    () => Promise.reject(new Error('it was not refused')),
    (error: unknown) => error as ApiError,
  )
/** Cases as the pipeline leaves them, each with two candidates. */
const meet = (...ids: string[]) =>
  keepCases(
    rig.service.store.db,
    ids.map((id, index) => ({
      id: `match_${id}`,
      workspaceId: rig.workspaceId,
      flowId,
      role: index % 2 === 0 ? 'contact' : 'company',
      object: 'deals',
      externalId: String(100 + index),
      candidates: [
        { id: '7', by: 'Domain' },
        { id: '9', by: 'Domain' },
      ],
    })),
  )
/** A record that failed because of a case. */
const waits = (externalId: string, id: string) =>
  rig.service.store.db
    .insertInto('link')
    .values({
      flow_id: flowId,
      workspace_id: rig.workspaceId,
      external_id: externalId,
      state: 'failed',
      last_error: json({ code: 'ambiguous', message: 'Choose one.', match: `match_${id}` }),
    })
    .execute()

describe('what people decide', () => {
  it('is listed in the order it came up, page by page, with words from both sides', async () => {
    await meet('a')
    await meet('b')
    await meet('c')
    await waits('1', 'a')
    await waits('2', 'a')
    const { matchLabels } = rig.service
    rig.service.matchLabels = async () => ({
      cases: new Map([['match_a', 'Anna Jansen']]),
      candidates: new Map([['deals\n7', { label: 'A. Jansen', url: 'https://crm.example.com/7' }]]),
      warning: 'Half of it did not answer.',
    })
    const first = await operator().matches.list({ params, query: { limit: 2 } })
    rig.service.matchLabels = matchLabels
    expect(first.items[0]).toEqual({
      id: 'match_a',
      role: 'contact',
      object: 'deals',
      objectLabel: 'Deal',
      label: 'Anna Jansen',
      externalId: '100',
      waiting: 2,
      records: null,
      candidates: [
        { id: '7', by: 'Domain', label: 'A. Jansen', url: 'https://crm.example.com/7' },
        { id: '9', by: 'Domain', label: null, url: null },
      ],
      decision: null,
      createdAt: expect.any(String) as string,
    })
    expect(first.warning).toBe('Half of it did not answer.')
    const second = await operator().matches.list({ params, query: { limit: 2, cursor: first.next ?? '' } })
    expect([first, second].flatMap(({ items }) => items.map(({ id }) => id))).toEqual(['match_a', 'match_b', 'match_c']) // prettier-ignore
    expect(second.next).toBeNull()
    expect((await rig.client('viewer').matches.list({ params })).items).toHaveLength(3)
  })

  it('for one case is a candidate, and the records that waited go on', async () => {
    await meet('a')
    await waits('1', 'a')
    const body = { ids: ['match_a'], as: 'candidate' as const, targetId: '9' }
    expect(await operator().matches.decide({ params, body })).toEqual({ decided: 1, sent: 1, more: false })
    expect(rig.noted.synced).toEqual([{ ids: ['1'], force: false }])
    const [decided] = (await operator().matches.list({ params, query: { state: 'decided' } })).items
    expect(decided?.decision).toMatchObject({
      as: 'candidate',
      targetId: '9',
      by: expect.any(String) as string,
    })
    expect((await operator().matches.list({ params, query: { state: 'open' } })).items).toEqual([])
    const [entry] = await listAudit(rig.service.store.db, { workspaceId: rig.workspaceId, limit: 1 })
    expect(entry).toMatchObject({ action: 'match.decided', subject: flowId, detail: { as: 'candidate' } })
    await operator().matches.decide({ params, body: { ids: ['match_a'], as: 'undecided' } })
    expect((await operator().matches.list({ params, query: { state: 'open' } })).items).toHaveLength(1)
  })

  it('for all of a kind leaves the others open', async () => {
    await meet('a', 'b', 'c')
    const decided = await operator().matches.decide({
      params,
      body: { all: { role: 'contact' }, as: 'oldest' },
    })
    expect(decided).toMatchObject({ decided: 2, more: false })
    const list = await operator().matches.list({ params })
    expect(list.items.map(({ decision }) => decision?.targetId ?? null)).toEqual(['7', null, '7'])
    expect(await operator().matches.decide({ params, body: { all: {}, as: 'leave_out' } })).toMatchObject({
      decided: 1,
    })
  })

  it('is refused where it makes no sense, with what is expected', async () => {
    await meet('a', 'b')
    const decide = (body: Parameters<ReturnType<typeof operator>['matches']['decide']>[0]['body']) =>
      refused(operator().matches.decide({ params, body }))
    const other = await decide({ ids: ['match_a'], as: 'candidate', targetId: '8' })
    expect([other.status, other.issues[0]?.expected]).toEqual([400, 'one of: 7, 9'])
    expect((await decide({ ids: ['match_a', 'match_b'], as: 'candidate', targetId: '7' })).status).toBe(400)
    expect((await decide({ ids: ['match_a'], as: 'candidate' })).status).toBe(400)
    expect((await decide({ ids: ['match_a'], as: 'create', targetId: '7' })).status).toBe(400)
    expect((await decide({ ids: ['match_a'], all: {}, as: 'create' })).status).toBe(400)
    expect((await decide({ as: 'create' })).status).toBe(400)
    expect((await decide({ ids: ['match_zz'], as: 'create' })).status).toBe(404)
    expect((await refused(operator().matches.list({ params, query: { cursor: 'x' } }))).status).toBe(400)
    expect((await operator().matches.list({ params })).items.every((one) => one.decision === null)).toBe(true)
  })

  it('is for operators of the same workspace alone', async () => {
    await meet('a')
    const body = { ids: ['match_a'], as: 'create' as const }
    expect((await refused(rig.client('viewer').matches.decide({ params, body }))).status).toBe(403)
    expect((await refused(rig.client('stranger').matches.decide({ params, body }))).status).toBe(404)
    expect((await refused(rig.client('stranger').matches.list({ params }))).status).toBe(404)
  })
})
