import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createConnection } from '../store/connections.ts'
import { createFlow } from '../store/flows.ts'
import { decideCases, findWaiting, listCases } from '../store/match-cases.ts'
import { createWorkspace } from '../store/workspaces.ts'
import { batchContext, claim } from './context.ts'
import { link } from './link.ts'
import { syncRecords } from './sync-records.ts'
import { lostAnswer, memoryFlow, pipelineDeps, shopOrder } from './testing.ts'
import { crm, orders, place, results, store, stored, sync, useWorld } from './testing-world.ts'
import { newWork } from './work.ts'

useWorld({ beforeAll, beforeEach, afterAll })

const anna = (id: string) => {
  const order = shopOrder(id)
  return { ...order, customer: { ...order.customer, email: 'anna@example.com' } }
}
/** Two people with one address, as the CRM had them before. */
let twice: string[]
const cases = () => listCases(store.db, { flowId: 'flow_1', limit: 50 })
const decide = async (state: 'candidate' | 'create' | 'leave_out' | 'open' | 'oldest', targetId?: string) =>
  decideCases(store.db, 'flow_1', (await cases()).map((one) => one.id), { state, targetId: targetId ?? null, actor: 'test' }) // prettier-ignore
const linksOf = (deal: number) => [...(crm.all('deals')[deal]?.links ?? [])]

beforeAll(async () => {
  await createWorkspace(store.db, 'Test', 'ws_1')
  for (const id of ['conn_shop', 'conn_crm'])
    await createConnection(store.db, { id, workspaceId: 'ws_1', connector: id, name: id, origin: id })
  await createFlow(store.db, { id: 'flow_1', workspaceId: 'ws_1', name: 'Orders', sourceConnectionId: 'conn_shop', targetConnectionId: 'conn_crm', entity: 'order' }) // prettier-ignore
})
beforeEach(() => {
  twice = ['A.', 'Anna'].map((name) => crm.put('people', { email: 'anna@example.com', name }))
})

describe('a customer of whom the target has two', () => {
  it('fails its orders until somebody decides, and nothing of them is written', async () => {
    place(anna('1'), anna('2'), shopOrder('3'))
    expect(await results('1', '2', '3')).toEqual(['failed', 'failed', 'created'])
    expect(crm.all('deals').map((deal) => deal.fields['title'])).toEqual(['3'])
    const [first, ...others] = await cases()
    expect(others).toEqual([])
    expect(first).toMatchObject({
      role: 'contact',
      object: 'people',
      state: 'open',
      waiting: 2,
      candidates: twice.map((id) => ({ id, by: 'key' })),
    })
    expect((await stored('1'))?.last_error).toMatchObject({ code: 'ambiguous', step: 'resolve', part: 'contact', match: first?.id }) // prettier-ignore
    expect(await findWaiting(store.db, 'flow_1', [first?.id ?? ''], { after: '', limit: 9 })).toEqual(['1', '2']) // prettier-ignore
    expect(JSON.stringify(first)).not.toContain('anna')
  })

  it('is the one that was decided for, for every order from then on', async () => {
    place(anna('1'), anna('2'))
    await sync('1')
    await decide('candidate', twice[1])
    expect(await results('1')).toEqual(['created'])
    expect(linksOf(0)).toEqual([`people:${twice[1]}`])
    expect(await results('2')).toEqual(['created'])
    expect(linksOf(1)).toEqual([`people:${twice[1]}`])
    expect(crm.all('people')).toHaveLength(2)
  })

  it('is made anew beside them where that was decided, once, also when the answer was lost', async () => {
    crm.loosen('people')
    place(anna('1'), anna('2'))
    await sync('1')
    await decide('create')
    crm.fail((op, object) =>
      op === 'create' && object === 'people'
        ? () => {
            throw lostAnswer()
          }
        : undefined,
    )
    expect(await results('1')).toEqual(['waiting'])
    crm.heal()
    expect(await results('1', '2')).toEqual(['created', 'created'])
    const made = crm.all('people').map((one) => one.id).filter((id) => !twice.includes(id)) // prettier-ignore
    expect(made).toHaveLength(1)
    expect([linksOf(0), linksOf(1)]).toEqual([[`people:${made[0]}`], [`people:${made[0]}`]])
  })

  it('is left out where that was decided, and the order goes without', async () => {
    place(anna('1'))
    await sync('1')
    await decide('leave_out')
    expect(await results('1')).toEqual(['created'])
    expect(linksOf(0)).toEqual([])
  })

  it('is the older one where the older ones are always meant', async () => {
    place(anna('1'))
    await sync('1')
    await decide('oldest')
    await sync('1')
    expect(linksOf(0)).toEqual([`people:${twice[0]}`])
  })

  it('is asked about again when the one decided for is gone', async () => {
    place(anna('1'))
    await sync('1')
    await decide('candidate', twice[0])
    crm.remove('people', twice[0] ?? '')
    crm.put('people', { email: 'anna@example.com', name: 'Third' })
    expect(await results('1')).toEqual(['failed'])
    expect(await cases()).toMatchObject([{ state: 'open', target_id: null }])
  })

  it('is no question any more when one of them is gone before anybody decided', async () => {
    place(anna('1'))
    await sync('1')
    crm.remove('people', twice[0] ?? '')
    expect(await results('1')).toEqual(['created'])
    expect(linksOf(0)).toEqual([`people:${twice[1]}`])
    expect(await cases()).toEqual([])
  })

  it('is taken up again by an order that was on its way when it was decided', async () => {
    place(anna('1'))
    await sync('1')
    const deps = pipelineDeps(store)
    const flow = memoryFlow(orders, crm, {})
    const { leases } = await claim(flow, ['1'], deps)
    const works = [newWork('1', leases.get('1') ?? null, (await stored('1')) ?? null, Date.now())]
    const options = { lane: 'live', runId: null, trace: false, signal: new AbortController().signal } as const
    const context = batchContext(flow, [...leases.values()], options, deps)
    await syncRecords(works, context)
    await decide('candidate', twice[1])
    const { again } = await store.db.transaction().execute((tx) => link(tx, works, context))
    expect(works[0]?.outcome?.result).toBe('failed')
    expect(again).toEqual(['1'])
    expect(await cases()).toMatchObject([{ state: 'candidate', target_id: twice[1] }])
  })
})
