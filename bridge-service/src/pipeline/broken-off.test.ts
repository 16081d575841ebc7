import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Order } from '@crosswalk/shared/model'
import { findUnsettled, leaseRecords, voidAllLeases } from '../store/records.ts'
import { lostAnswer, memoryFlow, pipelineDeps, shopOrder, syncOnce } from './testing.ts'
import { crm, orders, place, results, settings, store, stored, sync, useWorld } from './testing-world.ts'

useWorld({ afterAll, beforeAll, beforeEach })

const done = { status: { canonical: 'completed', source: 'completed', name: 'Completed' } } as const
const trashed = { status: { canonical: 'deleted', source: 'trash', name: 'Trash' } } as const
const buyer = (phone: string): Partial<Order> => ({ customer: { ...shopOrder('1').customer, phone } })
const stage = () => crm.all('deals')[0]?.fields['stage']

/** As a process that dies when all is written and nothing of it is stored. */
async function syncAndDie(id: string): Promise<void> {
  const faultPoint = (name: string): void => {
    if (name === 'before-link') throw new Error('killed')
  }
  const flow = memoryFlow(orders, crm, settings)
  await expect(syncOnce([id], flow, { ...pipelineDeps(store), faultPoint })).rejects.toThrow('killed')
  await voidAllLeases(store.db)
}

/**
 * The order is changed, the change is written, the process dies, and the order is put back to what its link says: by its
 * hash nothing has changed, and still the target is not level.
 */
describe('what a go wrote that broke off', () => {
  it('is put back with the order', async () => {
    place(shopOrder('1'))
    await sync('1')
    place(shopOrder('1', done))
    await syncAndDie('1')
    expect(stage()).toBe('won')
    place(shopOrder('1'))
    expect(await results('1')).toEqual(['updated'])
    expect(stage()).toBe('open')
    expect(await results('1')).toEqual(['unchanged'])
  })

  it('is put back where it was a mark of deletion, and the other way round', async () => {
    place(shopOrder('1'))
    await sync('1')
    place(shopOrder('1', trashed))
    await syncAndDie('1')
    expect(stage()).toBe('deleted')
    place(shopOrder('1'))
    await sync('1')
    expect(stage()).toBe('open')

    place(shopOrder('1', trashed))
    await sync('1')
    place(shopOrder('1'))
    await syncAndDie('1')
    expect(stage()).toBe('open')
    place(shopOrder('1', trashed))
    expect(await results('1')).toEqual(['deleted'])
    expect(stage()).toBe('deleted')
  })

  it('is put back with the buyer, also where only the answer was lost', async () => {
    const phone = () => crm.all('people')[0]?.fields['phone']
    place(shopOrder('1', buyer('+31 20 1')))
    await sync('1')
    place(shopOrder('1', buyer('+31 20 2')))
    await syncAndDie('1')
    expect(phone()).toBe('+31 20 2')
    place(shopOrder('1', buyer('+31 20 1')))
    await sync('1')
    expect(phone()).toBe('+31 20 1')

    place(shopOrder('1', buyer('+31 20 3')))
    crm.fail((op, object) => {
      if (op !== 'update' || object !== 'people') return
      // Carried out, and the line broke before the answer.
      Object.assign(crm.all('people')[0]?.fields ?? {}, { phone: '+31 20 3' })
      throw lostAnswer()
    })
    expect(await results('1')).toEqual(['waiting'])
    crm.heal()
    place(shopOrder('1', buyer('+31 20 1')))
    await sync('1')
    expect(phone()).toBe('+31 20 1')
  })
})

describe('a lease', () => {
  const key = { connectionId: 'conn_shop', entity: 'order', externalId: '7' }
  it('tells whether the last one was given back', async () => {
    const take = async () =>
      (await leaseRecords(store.db, [key], 'me/1', 60_000)).leased.map((one) => one.unsure)
    expect(await take()).toEqual([false])
    expect([...(await findUnsettled(store.db, 'conn_shop', 'order', ['7', '8']))]).toEqual(['7'])
    await voidAllLeases(store.db)
    expect(await take()).toEqual([true])
  })
})

describe('an order that went to another buyer and back', () => {
  const of = (email: string): Partial<Order> => ({ customer: { ...shopOrder('1').customer, email } })
  const people = () =>
    [...(crm.all('deals')[0]?.links ?? [])]
      .filter((link) => link.startsWith('people:'))
      .map((link) => crm.all('people').find(({ id }) => link === `people:${id}`)?.fields['email'])

  it('has the buyer it is back with alone, also where the go between broke off', async () => {
    place(shopOrder('1', of('anna@example.com')))
    await sync('1')
    place(shopOrder('1', of('bo@example.com')))
    await syncAndDie('1')
    expect(people()).toEqual(['bo@example.com'])
    place(shopOrder('1', of('anna@example.com')))
    await sync('1')
    expect(people()).toEqual(['anna@example.com'])
    expect((await stored('1'))?.pending).toEqual({})
  })

  it('has it alone where the former one was taken away and the new one could not be put there', async () => {
    place(shopOrder('1', of('anna@example.com')))
    await sync('1')
    crm.fail((op) => {
      if (op === 'associate') throw lostAnswer()
      return undefined
    })
    place(shopOrder('1', of('bo@example.com')))
    expect(await results('1')).toEqual(['waiting'])
    crm.heal()
    place(shopOrder('1', of('anna@example.com')))
    await sync('1')
    expect(people()).toEqual(['anna@example.com'])
    expect((await stored('1'))?.pending).toEqual({})
  })
})
