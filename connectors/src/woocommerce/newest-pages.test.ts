import { describe, expect, it } from 'vitest'
import type { Call } from '../sdk/index.ts'
import { newestPage } from './newest-pages.ts'
import { contextOf, drive, reply } from './test-drive.ts'
import { orders } from './orders.ts'

/** A list that changes while it is read; ids grow. */
function shop(count: number) {
  let ids = Array.from({ length: count }, (_, i) => i + 1)
  const calls: Call[] = []
  const list = (query: Readonly<Record<string, string>>): Call => ({ path: '/', query: { ...query } })
  const answer = (call: Call) => {
    calls.push(call)
    const { offset, per_page: perPage, order, orderby } = call.query as Record<string, string>
    expect([order, orderby]).toEqual(['desc', 'id'])
    const rows = ids.toSorted((a, b) => b - a).slice(Number(offset), Number(offset) + Number(perPage))
    return reply(rows.map((id) => ({ id })), 200, { 'x-wp-total': String(ids.length) }) // prettier-ignore
  }
  const read = (position: unknown, limit: number) =>
    drive(newestPage<{ id: number }>(list, { position, limit }, 'orders'), answer)
  return {
    calls,
    add: (n: number) => void ids.push(...Array.from({ length: n }, (_, i) => Math.max(...ids) + i + 1)),
    remove: (...gone: number[]) => void (ids = ids.filter((id) => !gone.includes(id))),
    /** All pages; `between` runs after each. */
    all: (limit: number, between: (page: number) => void = () => undefined) => {
      const seen: number[] = []
      let position: unknown = null
      let page = 0
      do {
        const got = read(position, limit)
        seen.push(...got.records.map(({ id }) => id))
        position = got.next === null ? null : JSON.parse(JSON.stringify(got.next))
        between((page += 1))
      } while (position !== null && page < 100)
      return seen
    },
  }
}
const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, i) => from - i)

describe('the newest records', () => {
  it('come first, each once, to the end', () => {
    for (const count of [1, 9, 10, 11, 25, 230]) expect(shop(count).all(10)).toEqual(down(count, 1))
    expect(shop(0).all(10)).toEqual([])
    expect(shop(12).all(500)).toEqual(down(12, 1))
  })

  it('are not doubled by new ones, nor skipped for some that go', () => {
    const grows = shop(40)
    expect(grows.all(10, () => grows.add(7))).toEqual(down(40, 1))
    const shrinks = shop(40)
    expect(shrinks.all(10, (page) => page === 1 && shrinks.remove(40, 39, 38))).toEqual(down(40, 1))
  })
})

describe('a count of orders', () => {
  it('is asked for by status and by when they were made, and is the shop’s own total', () => {
    const calls: Call[] = []
    const want = {
      createdFrom: '2026-01-01T00:00:00Z',
      createdTo: '2026-02-01T00:00:00Z',
      status: 'processing',
    }
    const count = drive(orders.count!(want, contextOf()), (call) => {
      calls.push(call)
      return reply([{ id: 1 }], 200, { 'x-wp-total': '2418' })
    })
    expect(count).toBe(2418)
    expect(calls[0]?.query).toEqual({
      status: 'processing',
      per_page: '1',
      _fields: 'id',
      dates_are_gmt: 'true',
      after: '2025-12-31T23:59:59Z',
      before: '2026-02-01T00:00:00Z',
    })
    const none = drive(orders.count!({ createdFrom: null, createdTo: null, status: null }, contextOf()), () => reply([])) // prettier-ignore
    expect(none).toBeNull()
  })
})
