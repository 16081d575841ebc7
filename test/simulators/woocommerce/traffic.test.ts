import { describe, expect, it } from 'vitest'
import { openLab } from './lab.ts'
import { seededRandom } from './php.ts'
import { createTraffic } from './traffic.ts'

describe('traffic', () => {
  it('places orders, moves them on and gives money back, firing what a shop fires', async () => {
    const lab = await openLab({ orderCount: 5 })
    const before = lab.sim.orders().length
    const traffic = createTraffic(lab.sim, seededRandom(1))
    const done = Array.from({ length: 9 }, () => traffic.step())
    expect(done).toEqual(['placed', 'completed', 'placed', 'placed', 'completed', 'placed', 'placed', 'completed', 'refunded']) // prettier-ignore
    const orders = lab.sim.orders()
    expect(orders).toHaveLength(before + 5)
    const latest = orders.at(-1)
    expect(latest).toMatchObject({
      status: 'completed',
      refunds: [{ total: '-5.00', reason: 'Box was dented' }],
    })
    expect(Number(latest?.['total'])).toBeGreaterThan(5)
    await lab.close()
  })
})
