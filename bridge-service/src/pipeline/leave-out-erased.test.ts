import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { eraseSubject } from '../store/payloads.ts'
import { pipelineDeps, shopOrder } from './testing.ts'
import { crm, place, results, store, stored, useWorld } from './testing-world.ts'

useWorld({ afterAll, beforeAll, beforeEach })
beforeEach(async () => void (await store.db.deleteFrom('tombstone').execute()))

const erase = (email: string) => {
  const { vault } = pipelineDeps(store)
  return eraseSubject(store.db, 'ws_1', vault.keyedHash(email), vault)
}
const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString()

describe('a person who was erased', () => {
  it('is not brought back by older records, in whatever case the address is written', async () => {
    await erase('buyer1@example.com')
    const old = shopOrder('1', { modifiedAt: inDays(-1) })
    place({ ...old, customer: { ...old.customer, email: 'Buyer1@Example.com' } }, shopOrder('2', { modifiedAt: inDays(-1) })) // prettier-ignore
    expect(await results('1', '2')).toEqual(['skipped', 'created'])
    expect(await stored('1')).toMatchObject({
      state: 'skipped',
      reason: 'The person it speaks of was erased.',
    })
    expect(crm.all('people').map((one) => one.fields['email'])).toEqual(['buyer2@example.com'])
  })

  it('may come back as a customer, and goes again when erased again', async () => {
    await erase('buyer1@example.com')
    place(shopOrder('1', { modifiedAt: inDays(1) }))
    expect(await results('1')).toEqual(['created'])
    await store.raw(`update tombstone set at = now() - interval '9 days'`)
    await erase('buyer1@example.com')
    place(shopOrder('3', { modifiedAt: inDays(-1), customer: shopOrder('1').customer }))
    expect(await results('3')).toEqual(['skipped'])
  })

  it('is another business’s customer all the same', async () => {
    const { vault } = pipelineDeps(store)
    await eraseSubject(store.db, 'ws_other', vault.keyedHash('buyer1@example.com'), vault)
    place(shopOrder('1', { modifiedAt: inDays(-1) }))
    expect(await results('1')).toEqual(['created'])
  })
})
