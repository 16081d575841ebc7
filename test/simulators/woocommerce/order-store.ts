import type { Order } from './model.ts'

/** One order in the lists. The full order may be missing: a generated one is built when it is asked for. */
export interface OrderEntry {
  id: number
  created: number
  modified: number
  status: string
  customerId: number
  refunded: boolean
  order: Order | null
  /** JSON as the REST API answers it with the shop's decimals; dropped with every change. */
  text: string | null
}

type Key = 'id' | 'created' | 'modified'
const keys: Key[] = ['id', 'created', 'modified']

/** Orders, kept sorted by id, creation and change, so that a page of a million costs a page. */
export interface OrderStore {
  get(id: number): OrderEntry | undefined
  /** Entries sorted ascending by `key`, then id. Not to be changed by the caller. */
  sorted(key: Key): readonly OrderEntry[]
  /** Position of the first entry whose `key` is above `value`. */
  firstAbove(key: 'created' | 'modified', value: number): number
  /** The full order, built if need be; it is kept only when `keep` is set. */
  load(entry: OrderEntry, keep?: boolean): Order
  add(order: Order): OrderEntry
  /** Adds many entries without full orders; they need not be sorted. */
  addGenerated(entries: OrderEntry[], build: (id: number) => Order): void
  /** To be called after a change of a kept order: updates its place in the lists. */
  changed(order: Order): void
  remove(id: number): void
  /** How many orders have each status. */
  readonly statusCounts: ReadonlyMap<string, number>
  readonly size: number
}

/** Index of the first of `entries` that sorts after (`value`, `id`). */
function position(entries: OrderEntry[], key: Key, value: number, id: number): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >> 1
    const entry = entries[middle] as OrderEntry
    if (entry[key] < value || (entry[key] === value && entry.id <= id)) low = middle + 1
    else high = middle
  }
  return low
}

export function createOrderStore(): OrderStore {
  const byId = new Map<number, OrderEntry>()
  const lists: Record<Key, OrderEntry[]> = { id: [], created: [], modified: [] }
  const statusCounts = new Map<string, number>()
  let build: (id: number) => Order = (id) => {
    throw new Error(`order ${id} is not kept`)
  }

  const count = (status: string, by: number): void =>
    void statusCounts.set(status, (statusCounts.get(status) ?? 0) + by)

  const insert = (entry: OrderEntry): void => {
    for (const key of keys) lists[key].splice(position(lists[key], key, entry[key], entry.id), 0, entry)
    count(entry.status, 1)
  }
  const take = (entry: OrderEntry): void => {
    for (const key of keys) lists[key].splice(position(lists[key], key, entry[key], entry.id) - 1, 1)
    count(entry.status, -1)
  }
  const summary = (order: Order) => ({
    created: order.createdAt,
    modified: order.modifiedAt,
    status: order.status,
    customerId: order.customerId,
    refunded: order.refunds.length > 0,
    order,
    text: null,
  })

  return {
    statusCounts,
    get size() {
      return byId.size
    },
    get: (id) => byId.get(id),
    sorted: (key) => lists[key],
    firstAbove: (key, value) => position(lists[key], key, value, Infinity),
    load(entry, keep = false) {
      const order = entry.order ?? build(entry.id)
      if (keep) entry.order = order
      return order
    },
    add(order) {
      const entry: OrderEntry = { id: order.id, ...summary(order) }
      byId.set(entry.id, entry)
      insert(entry)
      return entry
    },
    addGenerated(entries, builder) {
      build = builder
      for (const entry of entries) {
        byId.set(entry.id, entry)
        count(entry.status, 1)
      }
      for (const key of keys) {
        lists[key] = lists[key].concat(entries)
        lists[key].sort((a, b) => a[key] - b[key] || a.id - b.id)
      }
    },
    changed(order) {
      const entry = byId.get(order.id)
      if (!entry) throw new Error(`order ${order.id} is not in the store`)
      take(entry)
      Object.assign(entry, summary(order))
      insert(entry)
    },
    remove(id) {
      const entry = byId.get(id)
      if (!entry) return
      take(entry)
      byId.delete(id)
    },
  }
}
