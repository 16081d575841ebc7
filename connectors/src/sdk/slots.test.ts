import { describe, expect, it } from 'vitest'
import { createSlots } from './slots.ts'

describe('createSlots', () => {
  it('lets live work go before bulk work that came first', async () => {
    const slots = createSlots(1)
    const order: string[] = []
    const release = await slots.take('live')
    const bulk = slots.take('bulk').then((free) => (order.push('bulk'), free()))
    const live = slots.take('live').then((free) => (order.push('live'), free()))
    release()
    await Promise.all([bulk, live])
    expect(order).toEqual(['live', 'bulk'])
  })

  it('forgets a waiter that was aborted', async () => {
    const slots = createSlots(1)
    const release = await slots.take('live')
    const controller = new AbortController()
    const given = slots.take('live', controller.signal)
    const next = slots.take('live')
    controller.abort(new Error('stopped'))
    await expect(given).rejects.toThrow('stopped')
    release()
    await expect(next).resolves.toBeTypeOf('function')
    await expect(slots.take('live', controller.signal)).rejects.toThrow('stopped')
  })
})
