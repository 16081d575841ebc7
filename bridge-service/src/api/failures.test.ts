import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ApiError } from '@crosswalk/shared/contract'
import { addAttempts } from '../store/attempts.ts'
import { addPack } from '../store/attempt-packs.ts'
import { markUnauthorized } from '../store/connections.ts'
import { endFailures, keepFailures } from '../store/failures.ts'
import { groupIdOf } from '../pipeline/failure-cause.ts'
import { causeRef } from '@crosswalk/shared/causes'
import { connectBoth, startRig, type Rig } from './testing.ts'
import { failRecord } from './testing-records.ts'

let rig: Rig
let flowId: string
beforeAll(async () => {
  rig = await startRig()
}, 60_000)
afterAll(() => rig.close())
beforeEach(async () => {
  await rig.reset()
  flowId = (await connectBoth(rig)).flow.id
})
const operator = () => rig.client('operator').failures
const refused = async (call: Promise<unknown>): Promise<ApiError> =>
  call.then(
    () => Promise.reject(new Error('it was not refused')),
    (error: unknown) => error as ApiError,
  )
const db = () => rig.service.store.db
/** Three orders without a stage and one of which a value was refused. */
async function fourFailed(): Promise<{ stage: string; value: string }> {
  for (const id of ['1', '2', '3']) await failRecord(rig, flowId, id, 'mapping', { use: 'lookup.table', table: 'stages', value: 'packed', field: 'stage' }) // prettier-ignore
  await failRecord(rig, flowId, '4', 'invalid', { field: 'amount', label: 'Amount' })
  const { items } = await operator().groups({})
  return { stage: items[0]?.id ?? '', value: items[1]?.id ?? '' }
}

describe('what has failed', () => {
  it('comes by cause, with remedy, numbers and samples', async () => {
    await fourFailed()
    const { items, counts } = await rig.client('viewer').failures.groups({})
    expect(items).toMatchObject([
      {
        cause: {
          key: 'stage_missing',
          title: 'The CRM has no stage for the status “packed”.',
          action: 'Choose a stage',
          target: { screen: 'flow-settings', field: 'stages', side: null },
          retryable: false,
        },
        count: 3,
        flows: [{ id: flowId, entity: 'order', count: 3 }],
        standing: null,
        nextTryAt: null,
      },
      { cause: { key: 'value_refused', title: 'The CRM does not take the value of “Amount”.' }, count: 1 },
    ])
    expect(items[0]?.samples.map(({ label, tries }) => [label, tries])).toHaveLength(3)
    expect(counts).toEqual({ open: 4, waiting: 0, ignored: 0, solvedByItself: 0, solved: 0 })
  })

  it('is listed by cause, a page at a time', async () => {
    const { stage } = await fourFailed()
    const first = await operator().list({ query: { group: stage, limit: 2 } })
    const second = await operator().list({ query: { group: stage, limit: 2, cursor: first.next ?? '' } })
    expect([...first.items, ...second.items].map((one) => one.externalId).sort()).toEqual(['1', '2', '3'])
    expect(second.next).toBeNull()
    expect((await operator().list({ query: { flowId } })).items).toHaveLength(4)
    expect((await refused(operator().list({ query: { group: 'Not one!' } }))).status).toBe(400)
  })

  it('counts what ended, and how', async () => {
    await fourFailed()
    await endFailures(db(), flowId, ['1', '2'], 'itself')
    await endFailures(db(), flowId, ['3'], 'retried')
    const { counts, lastEndedAt } = await operator().groups({})
    expect(counts).toMatchObject({ open: 1, solvedByItself: 2, solved: 3 })
    expect(lastEndedAt).not.toBeNull()
    const { items } = await operator().list({ query: { state: 'ended' } })
    expect(items.map((one) => one.ended).sort()).toEqual(['itself', 'itself', 'retried'])
  })

  it('stands with its record', async () => {
    await fourFailed()
    const record = await rig.client('viewer').records.get({ params: { flowId, externalId: '4' } })
    expect(record.failure).toMatchObject({ state: 'open', cause: { key: 'value_refused' }, label: '#4' })
  })

  it('is one line for an account that refuses our sign-in, with the records that wait for it', async () => {
    const flow = await rig.client('viewer').flows.get({ params: { flowId } })
    await markUnauthorized(db(), flow.target.connectionId, 'It refuses the key.')
    const cause = causeRef('sign_in_refused', { system: flow.target.label })
    const wait = (externalId: string) => ({ id: `fail_${externalId}`, workspaceId: rig.workspaceId, flowId, externalId, state: 'waiting' as const, cause, groupId: groupIdOf(cause), nextTryAt: new Date() }) // prettier-ignore
    await keepFailures(db(), [wait('8'), wait('9')])
    const { items } = await operator().groups({})
    expect(items).toMatchObject([
      { cause: { key: 'sign_in_refused' }, count: 2, standing: { connectionId: flow.target.connectionId } },
    ])
    expect(items[0]?.cause.remedy).toContain('2 records wait')
    expect((await operator().groups({ query: { state: 'waiting' } })).items).toEqual([])
  })

  it('of another business is not there', async () => {
    const { stage } = await fourFailed()
    const { failures } = rig.client('stranger')
    expect((await failures.groups({})).items).toEqual([])
    expect((await failures.list({ query: { group: stage } })).items).toEqual([])
    expect((await refused(failures.retry({ body: { group: stage } }))).status).toBe(404)
    expect((await refused(failures.retry({ body: { flowId, externalIds: ['1'] } }))).status).toBe(404)
    expect((await failures.ignore({ body: { group: stage, note: 'x' } })).ignored).toBe(0)
    expect((await operator().groups({})).counts.open).toBe(4)
  })
})

describe('trying again', () => {
  it('takes some records at once, and all of a cause as one run', async () => {
    const { stage } = await fourFailed()
    expect(await operator().retry({ body: { flowId, externalIds: ['4', '4'] } })).toEqual({ accepted: 1, runs: [] }) // prettier-ignore
    expect(rig.noted.synced).toEqual([{ ids: ['4'], force: true }])
    const { accepted, runs } = await operator().retry({ body: { group: stage } })
    expect(accepted).toBe(3)
    expect(runs).toMatchObject([{ flowId, kind: 'replay', total: 3, state: 'queued' }])
  })

  it('refuses what names neither or both, a cause that has gone, and viewers', async () => {
    await fourFailed()
    const status = async (body: object) => (await refused(operator().retry({ body }))).status
    expect(await status({})).toBe(400)
    expect(await status({ flowId })).toBe(400)
    expect(await status({ flowId, externalIds: ['1'], group: 'abc' })).toBe(400)
    expect(await status({ group: 'abc' })).toBe(404)
    const { failures } = rig.client('viewer')
    expect((await refused(failures.retry({ body: { flowId, externalIds: ['1'] } }))).status).toBe(403)
  })
})

describe('setting aside', () => {
  it('needs a note, is listed with it, and can be taken back', async () => {
    await fourFailed()
    const body = { flowId, externalIds: ['4'], note: 'Test order' }
    expect((await refused(operator().ignore({ body: { ...body, note: ' ' } }))).status).toBe(400)
    expect(await operator().ignore({ body })).toEqual({ ignored: 1 })
    expect((await refused(operator().ignore({ body }))).status).toBe(409)
    const record = () => rig.client('viewer').records.get({ params: { flowId, externalId: '4' } })
    expect(await record()).toMatchObject({ state: 'skipped', reason: 'Test order', error: null })
    const { items } = await operator().list({ query: { state: 'ignored' } })
    expect(items).toMatchObject([{ externalId: '4', note: 'Test order', state: 'ignored' }])
    expect((await operator().groups({})).counts).toMatchObject({ open: 3, ignored: 1 })
    const back = { flowId, externalIds: ['4'] }
    expect(await operator().restore({ body: back })).toEqual({ restored: 1 })
    expect(await record()).toMatchObject({ state: 'failed', error: { code: 'invalid' }, failure: { state: 'open', note: null } }) // prettier-ignore
    expect((await refused(operator().restore({ body: back }))).status).toBe(409)
  })

  it('takes all of a cause', async () => {
    const { stage } = await fourFailed()
    expect(await operator().ignore({ body: { group: stage, note: 'Never mind' } })).toEqual({ ignored: 3 })
    expect((await operator().groups({})).counts).toMatchObject({ open: 1, ignored: 3 })
    const audit = await rig.client('owner').access.audit({ query: {} })
    expect(audit.items[0]).toMatchObject({ action: 'failure.ignored', subject: flowId })
  })
})

describe('correcting values', () => {
  const params = () => ({ flowId, externalId: '4' })
  const keepTry = async (detail: object) => {
    const common = { document: { rules: [{ target: 'amount', transforms: [] }, { target: 'name', transforms: [] }], lists: [] } } // prettier-ignore
    const pack = await addPack(db(), { workspaceId: rig.workspaceId, flowId }, { common, records: new Map([['4', detail]]) }, rig.service.vault) // prettier-ignore
    await addAttempts(db(), [{ workspaceId: rig.workspaceId, flowId, externalId: '4', runId: null, step: 'deliver', outcome: 'failed', summary: 'x', durationMs: 1, mappingVersion: 1, pack, subjectHash: null }]) // prettier-ignore
  }

  it('shows the fields of the last try with their values, the refused one first', async () => {
    await fourFailed()
    const draft = { name: 'Order 4', amount: 'many' }
    const part = { part: 'document', object: 'deals', id: null, foundBy: null, state: 'failed', wrote: null, draft, problem: { kind: 'invalid', message: 'no', fields: ['amount'] } } // prettier-ignore
    await keepTry({ traces: [], parts: [part] })
    const { items } = await operator().editable({ params: params() })
    expect(items.map(({ part, field, value, failed }) => [part, field.name, value, failed])).toEqual([
      ['document', 'amount', 'many', true],
      ['document', 'name', 'Order 4', false],
    ])
    expect((await refused(rig.client('viewer').failures.editable({ params: params() }))).status).toBe(403)
  })

  it('shows the field that the cause names where nothing of the last try is kept', async () => {
    await fourFailed()
    const { items } = await operator().editable({ params: params() })
    expect(items.map(({ part, field, failed }) => [part, field.name, failed])).toEqual([
      ['document', 'amount', true],
    ])
  })

  it('sends them once, and says only which fields they are', async () => {
    await fourFailed()
    const values = [{ part: 'document', field: 'name', value: 'Anna Jansen' }]
    expect(await operator().edit({ params: params(), body: { values } })).toEqual({ accepted: 1 })
    expect(rig.noted.edited).toMatchObject([{ externalId: '4', values }])
    const audit = await rig.client('owner').access.audit({ query: {} })
    expect(audit.items[0]).toMatchObject({ action: 'failure.edited', detail: { fields: ['document.name'] } })
    expect(JSON.stringify(audit)).not.toContain('Jansen')
  })

  it('refuses parts and fields that there are not, and records that there are not', async () => {
    await fourFailed()
    const sent = (value: object, of = params()) => refused(operator().edit({ params: of, body: { values: [{ part: 'document', field: 'name', value: 'x', ...value }] } })) // prettier-ignore
    expect(await sent({ part: 'banana' })).toMatchObject({ status: 400, message: expect.stringContaining('banana') }) // prettier-ignore
    expect(await sent({ field: 'colour' })).toMatchObject({ status: 400, message: expect.stringContaining('colour') }) // prettier-ignore
    expect((await sent({}, { flowId, externalId: 'none' })).status).toBe(404)
    expect(rig.noted.edited).toEqual([])
  })
})
