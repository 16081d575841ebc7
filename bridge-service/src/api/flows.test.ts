import { addPack } from '../store/attempt-packs.ts'
import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { API_PREFIX, type ApiError } from '@crosswalk/shared/contract'
import { addAttempts } from '../store/attempts.ts'
import { addCounts } from '../store/counters.ts'
import { listAudit } from '../store/audit.ts'
import { addRunProgress, moveRun } from '../store/runs.ts'
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
const refused = (work: Promise<unknown>): Promise<ApiError> =>
  work.then(
    () => Promise.reject(new Error('it was not refused')),
    (error: unknown) => error as ApiError,
  )
const rules = (...targets: string[]) => ({
  parts: {
    document: {
      rules: targets.map((target) => ({ target, value: { kind: 'field' as const, path: ['number'] } })),
    },
  },
})

describe('a flow', () => {
  it('begins with default settings, suggested stages and the mapping of the connector', async () => {
    const flow = await operator().flows.get({ params })
    expect(flow).toMatchObject({
      name: 'shop.example.com: Orders → Deal',
      state: 'draft',
      mappingVersion: 1,
      documentLabel: 'Deal',
    })
    expect(flow.settings).toMatchObject({
      pipeline: 'sales',
      stages: { processing: 'won', cancelled: 'lost' },
      webhooks: true,
    })
    const mapping = await operator().mappings.get({ params: { flowId, version: '1' } })
    expect(mapping.document.parts['document']?.rules[0]?.target).toBe('name')
    expect((await operator().flows.list()).items.map((one) => one.id)).toEqual([flowId])
  })

  it('is refused where the two systems cannot do it, with what they can', async () => {
    const { source, target } = await operator().flows.get({ params })
    const make = (from: string, to: string, entity: 'order' | 'stock', document = 'deal') =>
      refused(
        operator().flows.create({
          body: { sourceConnectionId: from, targetConnectionId: to, entity, document },
        }),
      )
    const back = await make(target.connectionId, source.connectionId, 'order')
    expect([back.status, back.message]).toEqual([422, 'Test CRM cannot be read for order.'])
    const odd = await make(source.connectionId, target.connectionId, 'order', 'invoice')
    expect(odd.issues).toEqual([
      { path: ['body', 'document'], message: expect.any(String), expected: 'one of: deal' },
    ])
    expect((await make(source.connectionId, source.connectionId, 'order')).status).toBe(422)
  })

  it('takes settings whole, and names each one that is wrong', async () => {
    const { settings } = await operator().flows.get({ params })
    const changed = await operator().flows.update({
      params,
      body: { name: 'Paid orders', settings: { ...settings, statuses: ['processing'] } },
    })
    expect(changed).toMatchObject({
      name: 'Paid orders',
      settingsVersion: 2,
      settings: { statuses: ['processing'] },
    })
    const wrong = await refused(
      operator().flows.update({ params, body: { settings: { guests: 'maybe', colour: 1 } } }),
    )
    expect(wrong.status).toBe(400)
    expect(wrong.issues.map((issue) => issue.path.slice(0, 2).join('.'))).toContain('body.settings')
    expect(wrong.issues.find((issue) => issue.path.includes('guests'))?.expected).toContain('as_customers')
  })

  it('tells its form, fields, stages and choices', async () => {
    const { fields, defaults } = await operator().flows.form({ params: { entity: 'order' } })
    expect(fields.map((field) => field.name)).toContain('stages')
    expect(defaults).toMatchObject({ webhooks: true })
    const catalogue = await operator().flows.fields({ params })
    expect(catalogue.parts).toMatchObject([{ role: 'document', requiredTargets: ['name'] }])
    expect(catalogue.parts[0]?.sourceFields.map((field) => field.name)).toContain('totals.total')
    const stages = await operator().flows.stages({ params })
    expect(stages).toMatchObject({
      pipelines: [{ pipeline: 'sales' }],
      suggested: { pipeline: 'sales' },
      warning: null,
    })
    const { options } = await operator().flows.options({ params })
    expect(options['target.stages']?.map((option) => option.value)).toEqual(['new', 'won', 'lost'])
    rig.account.answers['GET /statuses'] = () => ({ status: 403 })
    const without = await operator().flows.stages({ params })
    expect(without.statuses).toEqual([])
    expect(without.warning).toContain('Test shop')
  })

  it('goes from draft over preview to live and pause, and tells the service', async () => {
    const move = (to: 'previewed' | 'active' | 'paused') => operator().flows.move({ params, body: { to } })
    expect((await refused(move('active'))).message).toBe(
      'A flow that is draft cannot become active. Look at a preview first.',
    )
    await move('previewed')
    expect((await move('active')).state).toBe('active')
    expect((await move('active')).state).toBe('active')
    expect((await move('paused')).state).toBe('paused')
    expect(rig.noted).toMatchObject({ activated: [flowId] })
    const audit = await listAudit(rig.service.store.db, { workspaceId: rig.workspaceId, limit: 9 })
    expect(audit.map((entry) => entry.action).slice(0, 3)).toEqual([
      'flow.paused',
      'flow.active',
      'flow.previewed',
    ])
  })

  it('begins with records of today, and takes earlier ones along only where that is asked for', async () => {
    const today = new Date().toISOString().slice(0, 10)
    const begun = await operator().flows.get({ params })
    expect(begun.settings['startDate']).toBe(today)
    const live = (history: { from: string | null } | null) =>
      operator().flows.move({ params, body: { to: 'active', history } })
    const early = await refused(live({ from: null }))
    expect([early.status, (await operator().runs.list({ query: {} })).items]).toEqual([409, []])
    await operator().flows.update({ params, body: { settings: { ...begun.settings, startDate: null } } })
    await operator().flows.move({ params, body: { to: 'previewed' } })
    expect((await live(null)).settings['startDate']).toBe(today)
    expect((await operator().runs.list({ query: {} })).items).toEqual([])
    expect((await refused(live({ from: null }))).message).toContain('live already')

    await operator().flows.move({ params, body: { to: 'paused' } })
    const from = '2026-01-01T00:00:00Z'
    expect((await live({ from })).settings['startDate']).toBe(from)
    expect((await operator().runs.list({ query: {} })).items).toMatchObject([{ kind: 'backfill', flowId }])
    const odd = await refused(operator().flows.move({ params, body: { to: 'paused', history: null } }))
    expect([odd.status, odd.issues[0]?.path]).toEqual([400, ['body', 'history']])
  })

  it('is not live by name only when it could not be started', async () => {
    const { flowActivated } = rig.service
    rig.service.flowActivated = async () => {
      throw new Error('hidden')
    }
    await operator().flows.move({ params, body: { to: 'previewed' } })
    expect((await refused(operator().flows.move({ params, body: { to: 'active' } }))).status).toBe(500)
    expect(await operator().flows.get({ params })).toMatchObject({
      state: 'paused',
      stateReason: expect.stringContaining('could not be started'),
    })
    rig.service.flowActivated = flowActivated
  })

  it('is removed by an owner', async () => {
    expect(await rig.client('owner').flows.remove({ params })).toEqual({ removed: true })
    expect((await refused(operator().flows.get({ params }))).status).toBe(404)
  })
})

describe('its mapping', () => {
  it('is checked before it is saved, with every problem in place', async () => {
    const wrong = await refused(
      operator().mappings.save({ params, body: { document: rules('stage', 'nowhere') } }),
    )
    expect([wrong.status, wrong.code]).toEqual([422, 'mapping_problems'])
    expect(wrong.issues.map((issue) => issue.path.join('.'))).toContain(
      'body.document.parts.document.rules.1.target',
    )
    const { problems } = await rig
      .client('viewer')
      .mappings.check({ params, body: { document: rules('stage', 'nowhere') } })
    expect(problems.map((problem) => problem.code).sort()).toEqual([
      'required_target_missing',
      'unknown_target_field',
    ])
    expect((await operator().mappings.list({ params })).items).toHaveLength(1)
  })

  it('is kept in versions, and two people do not overwrite each other', async () => {
    const saved = await operator().mappings.save({
      params,
      body: { document: rules('name', 'stage'), note: 'Stage', basedOn: 1 },
    })
    expect(saved).toMatchObject({ version: 2, current: true, note: 'Stage' })
    const late = await refused(
      operator().mappings.save({ params, body: { document: rules('name'), basedOn: 1 } }),
    )
    expect([late.status, late.code]).toEqual([409, 'conflict'])
    const { parts } = await operator().mappings.diff({ params, query: { from: 1, to: 2 } })
    expect(parts).toMatchObject([{ part: 'document', added: [{ rule: { target: 'stage' } }], removed: [] }])
    const { items } = await operator().mappings.list({ params })
    expect(items.map((item) => [item.version, item.current])).toEqual([[2, true], [1, false]]) // prettier-ignore
    expect((await refused(operator().mappings.get({ params: { flowId, version: '9' } }))).status).toBe(404)
  })

  it('is previewed with rules and settings that are not saved', async () => {
    let asked: unknown
    const { preview } = rig.service
    rig.service.preview = async (flow, want) => {
      asked = { flow: flow.id, want }
      return preview(flow, want)
    }
    const result = await operator().mappings.preview({
      params,
      body: { limit: 3, mapping: rules('name'), settings: {} },
    })
    expect(result.records).toEqual([])
    expect(asked).toMatchObject({ flow: flowId, want: { limit: 3, settings: { webhooks: true } } })
    rig.service.preview = preview
  })
})

describe('lookup tables', () => {
  it('are saved by name, kept in order, and guarded against a lost change', async () => {
    const save = (to: string, basedOn: number) =>
      operator().lookups.save({ params: { name: 'taxes' }, body: { entries: [{ from: '9', to }, { from: '21', to: 'HIGH' }], fallback: { to: 'NONE' }, basedOn } }) // prettier-ignore
    const table = await save('LOW', 0)
    expect(table).toMatchObject({ name: 'taxes', version: 1, entries: [{ from: '9', to: 'LOW' }, { from: '21', to: 'HIGH' }], fallback: { to: 'NONE' } }) // prettier-ignore
    expect((await save('LOWER', 1)).version).toBe(2)
    expect((await refused(save('LOWEST', 1))).status).toBe(409)
    expect((await operator().flows.options({ params })).options.lookups).toContainEqual({
      value: 'taxes',
      label: 'taxes',
    })
    await rig.client('owner').lookups.remove({ params: { lookupId: table.id } })
    expect((await operator().lookups.list()).items).toEqual([])
  })
})

describe('runs', () => {
  it('are started, paused, resumed, cancelled and listed by page', async () => {
    const run = await operator().runs.start({
      params,
      body: { kind: 'backfill', from: '2026-01-01T00:00:00Z' },
    })
    expect(run).toMatchObject({ flowId, kind: 'backfill', state: 'queued', done: 0, rate: null })
    const turn = { params: { runId: run.id } }
    expect((await operator().runs.pause(turn)).state).toBe('paused')
    expect((await operator().runs.resume(turn)).state).toBe('running')
    expect((await operator().runs.cancel(turn)).state).toBe('cancelled')
    const over = await refused(operator().runs.resume(turn))
    expect([over.status, over.message]).toEqual([409, 'A run that is cancelled cannot become running.'])
    for (let count = 0; count < 2; count++)
      await operator()
        .runs.cancel({
          params: { runId: (await operator().runs.start({ params, body: { kind: 'sweep' } })).id },
        })
        .catch(() => undefined)
    const first = await operator().runs.list({ query: { limit: 2 } })
    const second = await operator().runs.list({ query: { limit: 2, cursor: first.next ?? '' } })
    expect([...first.items, ...second.items].map((item) => item.id)).toHaveLength(
      new Set([...first.items, ...second.items].map((item) => item.id)).size,
    )
    expect(second.items.map((item) => item.id)).toEqual([run.id])
    expect(second.next).toBeNull()
  })

  it('stream their progress until they end', async () => {
    const { db } = rig.service.store
    const run = await operator().runs.start({ params, body: { kind: 'backfill' } })
    const server = createServer(rig.app).listen(0)
    const { port } = server.address() as AddressInfo
    const events: { state: string; done: number }[] = []
    const ended = new Promise<string | undefined>((done, failed) => {
      get(
        {
          port,
          path: `${API_PREFIX}/runs/${run.id}/events`,
          headers: { authorization: `Bearer ${rig.keys.viewer}` },
        },
        (response) => {
          response.setEncoding('utf8')
          let text = ''
          response.on('data', (chunk: string) => {
            text += chunk
            const parts = text.split('\n\n')
            text = parts.pop() ?? ''
            events.push(
              ...parts.map(
                (part) => JSON.parse(part.replace(/^event: run\ndata: /, '')) as (typeof events)[0],
              ),
            )
          })
          response.on('end', () => done(response.headers['content-type']))
        },
      ).on('error', failed)
    })
    await expect.poll(() => events.length, { timeout: 5_000 }).toBe(1)
    await moveRun(db, rig.workspaceId, run.id, 'running')
    await addRunProgress(db, run.id, { done: 7, created: 7, total: 7 })
    await expect.poll(() => events.at(-1)?.done, { timeout: 5_000 }).toBe(7)
    await moveRun(db, rig.workspaceId, run.id, 'succeeded')
    expect(await ended).toContain('text/event-stream')
    expect(events.at(-1)).toMatchObject({ state: 'succeeded', done: 7 })
    server.close()
  }, 20_000)
})

describe('records and failures', () => {
  it('are listed, searched, paged and shown with their history', async () => {
    for (const id of ['17', '18', '19']) await failRecord(rig, flowId, id)
    const detail = { traces: [], parts: [{ part: 'document', draft: { name: 'x' } }] }
    await addAttempts(rig.service.store.db, [
      {
        workspaceId: rig.workspaceId, flowId, externalId: '17', step: 'deliver', outcome: 'failed', summary: 'refused',
        pack: await addPack(rig.service.store.db, { workspaceId: rig.workspaceId, flowId }, { common: {}, records: new Map([['17', detail]]) }, rig.service.vault),
      },
    ]) // prettier-ignore
    const viewer = rig.client('viewer')
    const first = await viewer.records.list({ query: { limit: 2, state: 'failed' } })
    const second = await viewer.records.list({
      query: { limit: 2, state: 'failed', cursor: first.next ?? '' },
    })
    expect([...first.items, ...second.items].map((item) => item.externalId).sort()).toEqual([
      '17',
      '18',
      '19',
    ])
    expect(
      (await viewer.records.list({ query: { search: '#18' } })).items.map((item) => item.externalId),
    ).toEqual(['18'])
    const record = await viewer.records.get({ params: { flowId, externalId: '17' } })
    expect(record).toMatchObject({
      target: { object: 'deals', id: '900', url: 'https://crm.example.com/deals/900' },
      error: { code: 'invalid', part: 'document' },
      parts: [{ part: 'document', id: '900', done: false }],
      history: [{ step: 'deliver', summary: 'refused' }],
      detail,
    })
    const attempt = { flowId, externalId: '17', attemptId: String(record.history[0]?.id) }
    expect((await viewer.records.attempt({ params: attempt })).detail).toEqual(detail)
    expect((await refused(viewer.records.attempt({ params: { ...attempt, externalId: '18' } }))).status).toBe(
      404,
    )
  })

  it('are synced on demand', async () => {
    expect(await operator().records.sync({ params, body: { externalIds: ['1', '1', '2'] } })).toEqual({
      accepted: 2,
    })
    expect(rig.noted.synced).toEqual([{ ids: ['1', '2'], force: false }])
  })
})

describe('the overview', () => {
  it('tells health, counts per day, failures and freshness', async () => {
    await failRecord(rig, flowId, '1')
    await addCounts(rig.service.store.db, [
      { workspaceId: rig.workspaceId, flowId, outcome: 'created', count: 5 },
    ])
    await operator().flows.move({ params, body: { to: 'previewed' } })
    await operator().flows.move({ params, body: { to: 'active' } })
    const overview = await rig.client('viewer').overview.get({ query: { days: 7 } })
    expect(overview.flows).toMatchObject([
      { id: flowId, health: 'warning', text: '1 record has failed.', records: { failed: 1, linked: 0 } },
    ])
    expect(overview.connections.map(({ health, feed }) => [health, feed.mode])).toEqual([['good', 'sweep'], ['good', 'sweep']]) // prettier-ignore
    expect(overview.days).toEqual([
      { day: new Date().toISOString().slice(0, 10), flowId, outcome: 'created', count: 5 },
    ])
    expect(overview).toMatchObject({ failures: 1, openRuns: 0 })
  })
})

describe('access keys, audit and demo', () => {
  it('makes keys that are shown once, work, and can be withdrawn', async () => {
    const owner = rig.client('owner')
    const made = await owner.access.createKey({ body: { name: 'Reports', role: 'viewer' } })
    rig.keys.viewer = made.key
    expect(await rig.client('viewer').access.me()).toEqual({
      workspaceId: rig.workspaceId,
      role: 'viewer',
      actor: made.id,
    })
    const { items } = await owner.access.keys()
    expect(JSON.stringify(items)).not.toContain(made.key.slice(-20))
    expect(items.find((item) => item.id === made.id)?.lastUsedAt).not.toBeNull()
    await owner.access.removeKey({ params: { keyId: made.id } })
    expect((await refused(rig.client('viewer').access.me())).status).toBe(401)
    const self = await owner.access.me()
    expect((await refused(owner.access.removeKey({ params: { keyId: self.actor } }))).status).toBe(409)
    const audit = await owner.access.audit({ query: { limit: 1 } })
    expect(audit.items).toMatchObject([{ action: 'access-key.removed', subject: made.id }])
    const more = await owner.access.audit({ query: { limit: 1, cursor: audit.next ?? '' } })
    expect(more.items).toMatchObject([{ action: 'access-key.created', detail: { role: 'viewer' } }])
  })

  it('starts the demo and tells how it stands', async () => {
    expect((await rig.client('owner').demo.start()).state).toBe('starting')
    expect((await operator().demo.get()).state).toBe('off')
  })
})
