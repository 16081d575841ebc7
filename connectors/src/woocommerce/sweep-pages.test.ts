import { describe, expect, it } from 'vitest'
import { ConnectorError, type Page, type PageRequest } from '../sdk/index.ts'
import { customers } from './customers.ts'
import type { NativeOrder } from './native.ts'
import { orders } from './orders.ts'
import { contextOf, drive, reply, seeded } from './test-drive.ts'
import { ListFake, textOf } from './test-list.ts'

const NOW = '2026-11-21T12:00:00Z'
const now = Date.parse(NOW) / 1000
const first: PageRequest = { position: null, changedAfter: null, createdFrom: null, limit: 10, detail: [] }

type Read = { ids: number[]; pages: number; first: Page<NativeOrder> }

/** Reads a sweep to its end; positions go through JSON as the store keeps them. */
function sweep(fake: ListFake, request = first, between: () => void = () => {}): Read {
  const ids: number[] = []
  let opening: Page<NativeOrder> | undefined
  let position: unknown = null
  for (let pages = 1; ; pages++) {
    const page = drive(orders.page({ ...request, position }, contextOf()), fake.answer)
    opening ??= page
    ids.push(...page.records.map((row) => row.id))
    if (page.next === null) return { ids, pages, first: opening }
    expect(page.records.length).toBeGreaterThan(0)
    if (pages > 500) throw new Error('the sweep does not end')
    position = JSON.parse(JSON.stringify(page.next))
    between()
  }
}

const sorted = (ids: readonly number[]): number[] => [...ids].sort((a, b) => a - b)

describe('a sweep of a list that stands still', () => {
  it.each([0, 1, 9, 10, 11, 20, 57])('reads each of %i rows once', (count) => {
    const fake = new ListFake(NOW)
    for (let id = 1; id <= count; id++) fake.put(id, now - 90_000 + id * 7)
    const read = sweep(fake)
    expect(sorted(read.ids)).toEqual(Array.from({ length: count }, (_, i) => i + 1))
    expect(read.first.total).toBe(count)
    expect(read.first.sourceClock).toBe(NOW)
  })

  it.each([10, 25, 93])('reads each of %i rows of one second once', (count) => {
    const fake = new ListFake(NOW, count)
    for (let id = 1; id <= count; id++) fake.put(id, now - 50_000)
    fake.put(1000, now - 60_000)
    fake.put(1001, now - 40_000)
    expect(sorted(sweep(fake).ids)).toEqual([...Array.from({ length: count }, (_, i) => i + 1), 1000, 1001])
  })

  it('reads rows without a date of change', () => {
    const fake = new ListFake(NOW)
    for (let id = 1; id <= 25; id++) fake.put(id, null)
    for (let id = 26; id <= 40; id++) fake.put(id, now - 9000 + id)
    expect(sorted(sweep(fake).ids)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
  })

  it('does not need paging headers, and does not believe wrong ones', () => {
    for (const total of ['3', '99999', '0']) {
      const fake = new ListFake(NOW)
      for (let id = 1; id <= 34; id++) fake.put(id, now - 90_000 + Math.floor(id / 4))
      fake.headers = () => (total === '0' ? {} : { 'x-wp-total': total, 'x-wp-totalpages': '1' })
      expect(sorted(sweep(fake).ids)).toHaveLength(34)
    }
  })

  it('goes on when the host gives shorter pages than asked for', () => {
    const fake = new ListFake(NOW)
    for (let id = 1; id <= 30; id++) fake.put(id, now - 90_000 + id)
    const short = (call: Parameters<typeof fake.answer>[0]) =>
      fake.answer({ ...call, query: { ...call.query, per_page: '4' } })
    const ids: number[] = []
    for (let position: unknown = null, more = true; more;) {
      const page = drive(orders.page({ ...first, position }, contextOf()), short)
      ids.push(...page.records.map((row) => row.id))
      position = page.next
      more = page.next !== null
    }
    expect(sorted(ids)).toHaveLength(30)
  })

  it('asks as WooCommerce must be asked: UTC, a second earlier, in order of change', () => {
    const fake = new ListFake(NOW)
    sweep(fake, { ...first, changedAfter: '2026-11-21T10:00:00.500Z', createdFrom: '2026-01-01T00:00:00Z' })
    expect(fake.calls[0]?.path).toBe('/wp-json/wc/v3/orders')
    expect(fake.calls[0]?.query).toEqual({
      status: 'any',
      orderby: 'modified',
      order: 'asc',
      per_page: '10',
      dates_are_gmt: 'true',
      modified_after: '2026-11-21T09:59:59Z',
      after: '2025-12-31T23:59:59Z',
    })
  })

  it('reads the trash only where changes are asked for', () => {
    const fake = new ListFake(NOW)
    fake.put(1, now - 5000)
    fake.put(2, now - 4000, { status: 'trash' })
    expect(sweep(fake).ids).toEqual([1])
    expect(sweep(fake, { ...first, changedAfter: textOf(now - 9000) + 'Z' }).ids).toEqual([1, 2])
  })
})

describe('a sweep of a list that moves', () => {
  it.each(Array.from({ length: 60 }, (_, i) => i + 1))(
    'skips nothing and repeats nothing unchanged (seed %i)',
    (seed) => {
      const random = seeded(seed)
      const pick = (below: number): number => Math.floor(random() * below)
      const fake = new ListFake(NOW, seed)
      const spread = [1, 20, 3000][seed % 3] ?? 1
      const count = 40 + pick(120)
      for (let id = 1; id <= count; id++) fake.put(id, now - 90_000 + pick(spread))
      const changed = new Set<number>()
      const stir = (): void => {
        fake.clock += 1
        for (let i = pick(4); i > 0; i--) {
          const id = 1 + pick(count + 5)
          changed.add(id)
          if (random() < 0.2) fake.rows.delete(id)
          else fake.put(id, fake.clock)
        }
      }
      // Half of the runs change rows between pages, the others also while an answer is being written.
      if (seed % 2 === 0) fake.meanwhile = stir
      const { ids } = sweep(fake, first, stir)
      const read = new Set(ids)
      const still = Array.from({ length: count }, (_, i) => i + 1).filter((id) => !changed.has(id))
      expect(still.filter((id) => !read.has(id))).toEqual([])
      expect(still.filter((id) => ids.indexOf(id) !== ids.lastIndexOf(id))).toEqual([])
    },
  )

  it('is not carried past unread rows by one that changes in last place', () => {
    const fake = new ListFake(NOW)
    for (let id = 1; id <= 30; id++) fake.put(id, now - 90_000 + id * 10)
    let once = false
    fake.meanwhile = () => {
      if (!once) fake.put(10, fake.clock)
      once = true
    }
    expect(sorted([...new Set(sweep(fake).ids)])).toEqual(Array.from({ length: 30 }, (_, i) => i + 1))
  })
})

describe('a shop that does not follow', () => {
  const kindOf = (run: () => unknown): string => {
    try {
      run()
    } catch (error) {
      if (error instanceof ConnectorError) return `${error.kind}: ${error.publicMessage}`
      throw error
    }
    return 'no error'
  }
  const page = (from: number, step: number) =>
    Array.from({ length: 10 }, (_, i) => ({ id: i + 1, date_modified_gmt: textOf(from + i * step) }))
  const loop = (body: () => unknown) => (): void => {
    for (let position: unknown = null, pages = 0; pages < 20; pages++) {
      const read = drive(orders.page({ ...first, position }, contextOf()), () =>
        reply(body(), 200, { date: new Date(now * 1000).toUTCString() }),
      )
      if (read.next === null) return
      position = read.next
    }
    throw new Error('goes on for ever')
  }

  it('ends with words when the same full page comes again', () => {
    expect(kindOf(loop(() => page(now - 90_000, 5)))).toMatch(/^malformed: .*same page/)
  })
  it('ends with words when the same page of one second comes again', () => {
    expect(kindOf(loop(() => page(now - 90_000, 0)))).toMatch(/^malformed: .*same page/)
  })
  it('ends with words when the order is another', () => {
    expect(kindOf(loop(() => page(now - 90_000, -9000).map((row, i) => ({ ...row, id: 90 - i }))))).toMatch(
      /^malformed: .*order/,
    )
  })
  it('calls a page of HTML what it is', () => {
    expect(kindOf(loop(() => '<!doctype html><html><title>Wait</title></html>'))).toMatch(/^unavailable: /)
  })
})

describe('customers', () => {
  it('are read by id with an overlap while accounts are deleted in front', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const fake = new ListFake(NOW, seed)
      const random = seeded(seed)
      for (let id = 1; id <= 120; id++) fake.put(id, now - 1000)
      const gone = new Set<number>()
      const ids: number[] = []
      for (let position: unknown = null, more = true; more;) {
        const page = drive(customers.page({ ...first, position }, contextOf()), fake.answer)
        ids.push(...page.records.map((row) => row.id))
        position = JSON.parse(JSON.stringify(page.next))
        more = page.next !== null
        const deletions = random() < 0.3 ? 15 : 2
        for (let i = 0; i < deletions; i++) {
          const id = 1 + Math.floor(random() * 120)
          gone.add(id)
          fake.rows.delete(id)
        }
      }
      const read = new Set(ids)
      expect(ids).toHaveLength(read.size)
      for (let id = 1; id <= 120; id++) if (!gone.has(id)) expect(read.has(id)).toBe(true)
      expect(fake.calls[0]?.query).toMatchObject({ role: 'all', orderby: 'id', order: 'asc' })
    }
  })

  it('made before the start date are left out', () => {
    const fake = new ListFake(NOW)
    fake.put(1, now, { date_created_gmt: '2025-05-05T00:00:00' })
    fake.put(2, now, { date_created_gmt: '2026-05-05T00:00:00' })
    const page = drive(
      customers.page({ ...first, createdFrom: '2026-01-01T00:00:00Z' }, contextOf()),
      fake.answer,
    )
    expect(page.records.map((row) => row.id)).toEqual([2])
  })
})
