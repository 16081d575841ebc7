import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Found } from '@crosswalk/connectors/sdk'
import type { OrderSettings } from '@crosswalk/shared/flows'
import type { Order } from '@crosswalk/shared/model'
import { batchContext } from '../pipeline/context.ts'
import {
  memoryCrm,
  memoryFlow,
  pipelineDeps,
  shopOrder,
  syncOnce,
  type MemoryCrm,
} from '../pipeline/testing.ts'
import type { FlowRuntime } from '../runtime/flow-runtime.ts'
import type { Store } from '../store/database.ts'
import { loadLinks } from '../store/links.ts'
import { forgetLost } from '../store/reconcile.ts'
import { raiseWant } from '../store/records.ts'
import { embeddedTestStore } from '../store/testing.ts'
import { comparePage, type Window } from './reconcile-page.ts'

const home = embeddedTestStore()
let store: Store
let crm: MemoryCrm
let orders: Map<string, Order>
let settings: Partial<OrderSettings>
/** Ids asked for per reading call. */
let reads: string[][]

beforeAll(async () => {
  store = await home.open()
}, 60_000)
afterAll(async () => {
  await store.close()
  await home.remove()
})
beforeEach(async () => {
  crm = memoryCrm()
  orders = new Map()
  settings = {}
  reads = []
  for (const table of ['record', 'link', 'dependency', 'intent', 'attempt'] as const)
    await store.db.deleteFrom(table).execute()
})

/** The made-up flow with a CRM that can be read by id. */
function readable(): FlowRuntime {
  const flow = memoryFlow(orders, crm, settings)
  const { connection } = flow.target
  const reader = (object: string) => ({
    max: 2,
    // eslint-disable-next-line require-yield
    *byIds(ids: readonly string[]): Generator<never, Found[], never> {
      reads.push([...ids])
      const held = crm.all(object).filter((record) => ids.includes(record.id))
      return held.map(({ id, fields }) => ({ key: id, id, values: fields }))
    },
  })
  const objects = Object.fromEntries(
    Object.entries(connection.connector.objects).map(([name, object]) => [name, { ...object, read: reader(name) }]),
  ) // prettier-ignore
  return {
    ...flow,
    target: { connection: { ...connection, connector: { ...connection.connector, objects } } },
  }
}

const sync = (...ids: string[]) => syncOnce(ids, readable(), pipelineDeps(store))
const place = (...placed: Order[]): void => placed.forEach((order) => orders.set(order.id, order))
const open: Window = { from: 0, settled: Date.parse('2026-12-31T00:00:00Z'), takesInSince: null }

function look(window: Partial<Window> = {}) {
  const flow = readable()
  const options = { lane: 'bulk', runId: null, dryRun: true, trace: false, signal: new AbortController().signal } as const // prettier-ignore
  const context = batchContext(flow, [], options, pipelineDeps(store))
  return comparePage(new Map(orders), { ...open, ...window }, context)
}
const verdicts = async (window: Partial<Window> = {}) =>
  Object.fromEntries((await look(window)).findings.map((one) => [one.externalId, one.verdict]))
const dealOf = (id: string) => crm.all('deals').find((deal) => deal.fields['title'] === id)

/** As a run does it: marks and forgets in one transaction. */
async function apply(): Promise<void> {
  const { marks, lost } = await look()
  await store.db.transaction().execute(async (tx) => {
    await raiseWant(tx, 'conn_shop', 'order', marks)
    await forgetLost(tx, { id: 'flow_1', entity: 'order', sourceConnectionId: 'conn_shop' }, lost)
  })
}

describe('a page of both sides', () => {
  it('agrees where all is there, at one call per hundred documents and no write', async () => {
    place(shopOrder('1'), shopOrder('2'), shopOrder('3'))
    await sync('1', '2', '3')
    crm.calls.length = 0
    const { findings, marks, lost, leftOut } = await look()
    expect(findings.map((one) => [one.verdict, one.source, one.target, one.currency, one.day])).toEqual(
      Array.from({ length: 3 }, () => ['level', '30.25', '30.25', 'EUR', '2026-05-01']),
    )
    expect({ marks, lost, leftOut, calls: crm.calls, reads: reads.length }).toEqual({ marks: [], lost: [], leftOut: 0, calls: [], reads: 2 }) // prettier-ignore
  })

  it('names what differs and writes nothing', async () => {
    place(shopOrder('1'), shopOrder('2'))
    await sync('1', '2')
    const deal = dealOf('1')
    if (deal) deal.fields['total'] = '1.00'
    const { findings, marks } = await look()
    expect(findings).toMatchObject([
      { externalId: '1', verdict: 'differing', source: '30.25', target: '1.00', inTarget: true },
      { externalId: '2', verdict: 'level' },
    ])
    expect(marks).toEqual([])
  })

  it('tells equal amounts from equal texts', async () => {
    place(shopOrder('1'))
    await sync('1')
    const deal = dealOf('1')
    if (deal) deal.fields['total'] = '30.250'
    expect(await verdicts()).toEqual({ '1': 'level' })
  })

  it('brings a lost document back whole and rewrites nothing of the rest', async () => {
    place(shopOrder('1'), shopOrder('2'))
    await sync('1', '2')
    const lines = crm.all('rows').slice(0, 2)
    for (const line of lines) line.fields['name'] = 'as a person wrote it'
    const contact = crm.all('people')[0]
    if (contact) contact.fields['name'] = 'as a person wrote it'
    crm.remove('deals', dealOf('1')?.id ?? '')
    crm.remove('rows', lines[0]?.id ?? '')
    expect(await verdicts()).toEqual({ '1': 'missing', '2': 'level' })
    await apply()
    crm.calls.length = 0
    const { works } = await sync('1', '2')
    expect(works.map((work) => work.outcome?.result)).toEqual(['created', 'unchanged'])
    expect(crm.calls.map((call) => `${call.op} ${call.object}`)).toEqual(['create deals', 'create rows', 'associate rows']) // prettier-ignore
    const names = crm.all('rows').map((row) => row.fields['name'])
    expect(names.sort()).toEqual(['Cup', 'Tea', 'Tea', 'as a person wrote it'])
    expect(contact?.fields['name']).toBe('as a person wrote it')
    const deal = dealOf('1')?.id
    expect(crm.all('rows').filter((row) => row.links.has(`deals:${deal}`))).toHaveLength(2)
    expect(await verdicts()).toEqual({ '1': 'level', '2': 'level' })
  })

  it('brings a lost document back where the flow does not update what is there', async () => {
    settings = { existing: 'skip' }
    place(shopOrder('1'))
    await sync('1')
    place(shopOrder('1', { customerNote: 'Ring twice' }))
    expect((await sync('1')).works[0]?.outcome?.result).toBe('skipped')
    expect(await verdicts()).toEqual({ '1': 'level' })
    crm.remove('deals', dealOf('1')?.id ?? '')
    await apply()
    await sync('1')
    expect(await verdicts()).toEqual({ '1': 'level' })
    expect(crm.all('deals')).toHaveLength(1)
  })

  it('marks what never came, is not whole, or was taken for deleted', async () => {
    place(shopOrder('1'), shopOrder('2'), shopOrder('3'))
    await sync('2', '3')
    await store.raw(`update link set complete = false where external_id = '2'`)
    await store.raw(`update link set state = 'deleted' where external_id = '3'`)
    expect(await verdicts()).toEqual({ '1': 'missing', '2': 'incomplete', '3': 'missing' })
    expect((await look()).marks).toEqual(['1', '2', '3'])
  })

  it('marks what changed at the source without a notice, and only that', async () => {
    place(shopOrder('1'), shopOrder('2'))
    await sync('1', '2')
    place(shopOrder('1', { customerNote: 'Ring twice' }))
    expect(await verdicts()).toEqual({ '1': 'incomplete', '2': 'level' })
    await apply()
    await sync('1')
    expect(await verdicts()).toEqual({ '1': 'level', '2': 'level' })
  })

  it('does not count what rules or persons leave out, nor take a failure for a loss', async () => {
    settings = { statuses: ['processing'] }
    const pending = { status: { canonical: 'pending', source: 'pending', name: 'Pending' } } as const
    place(shopOrder('1', pending), shopOrder('2'), shopOrder('3', { native: { bad: true } }))
    await sync('1', '2', '3')
    await store.raw(
      `update link set state = 'skipped', complete = false, reason = 'by hand' where external_id = '2'`,
    )
    expect(await verdicts()).toEqual({ '3': 'failed' })
    expect((await look()).marks).toEqual([])
  })

  it('waits for what is on its way and leaves alone what was never this flow’s', async () => {
    place(shopOrder('1'), shopOrder('2', { modifiedAt: '2026-06-02T00:00:00Z' }), shopOrder('3'))
    await store.db.transaction().execute((tx) => raiseWant(tx, 'conn_shop', 'order', ['1']))
    const settled = Date.parse('2026-06-01T00:00:00Z')
    expect(await verdicts({ settled })).toEqual({ '3': 'missing' })
    expect(await verdicts({ settled, takesInSince: Date.parse('2026-05-20T00:00:00Z') })).toEqual({})
    expect(await verdicts({ settled, from: Date.parse('2026-05-20T00:00:00Z') })).toEqual({})
  })

  it('leaves a link alone that has moved or is being worked on', async () => {
    place(shopOrder('1'), shopOrder('2'))
    await sync('1', '2')
    for (const deal of crm.all('deals')) crm.remove('deals', deal.id)
    const { lost } = await look()
    await store.raw(`update link set updated_at = now() + interval '1 second' where external_id = '1'`)
    await store.raw(`update record set lease_until = now() + interval '1 minute' where external_id = '2'`)
    await forgetLost(store.db, { id: 'flow_1', entity: 'order', sourceConnectionId: 'conn_shop' }, lost)
    const links = await loadLinks(store.db, 'flow_1', ['1', '2'])
    expect([...links.values()].map((link) => link.complete)).toEqual([true, true])
  })
})
