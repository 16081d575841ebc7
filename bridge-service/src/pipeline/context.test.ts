import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { abandonLeases } from '../store/records.ts'
import { claim, orDrop } from './context.ts'
import { memoryFlow, pipelineDeps } from './testing.ts'
import { crm, orders, settings, store, useWorld } from './testing-world.ts'

useWorld({ afterAll, beforeAll, beforeEach })

describe('records that were claimed, and then could not be worked on', () => {
  const claimed = async () => {
    const { leases } = await claim(memoryFlow(orders, crm, settings), ['1'], pipelineDeps(store))
    return [...leases.values()]
  }
  const failing = (leases: Awaited<ReturnType<typeof claimed>>) =>
    orDrop(leases, { store }, () => Promise.reject(new Error('deadlock detected')))

  it('are free again at once', async () => {
    const leases = await claimed()
    expect(await claimed()).toEqual([])
    await expect(failing(leases)).rejects.toThrow('deadlock detected')
    expect(await claimed()).toMatchObject([{ externalId: '1', unsure: false }])
  })

  it('stay unsure where the work before broke off', async () => {
    await abandonLeases(store.db, await claimed())
    const leases = await claimed()
    expect(leases).toMatchObject([{ unsure: true }])
    await expect(failing(leases)).rejects.toThrow('deadlock detected')
    expect(await claimed()).toMatchObject([{ unsure: true }])
  })
})
