import type { Call, Reply } from '../sdk/index.ts'
import { reply, seeded } from './test-drive.ts'

export interface ListRow {
  id: number
  date_modified_gmt: string | null
  date_created_gmt: string
  status?: string
}

/** A WooCommerce list in memory with the filters that sweeps use. Rows of one second come in no order, as from a database. */
export class ListFake {
  rows = new Map<number, ListRow>()
  /** Seconds since 1970; the `Date` header's. */
  clock: number
  calls: Call[] = []
  headers: (total: number) => Record<string, string> = (total) => ({ 'x-wp-total': String(total) })
  /** Runs after the ids of an answer were picked and before its rows are written, as a busy shop would change them. */
  meanwhile: () => void = () => {}
  private readonly random

  constructor(clock: string, seed = 1) {
    this.clock = Date.parse(clock) / 1000
    this.random = seeded(seed)
  }

  put(id: number, second: number | null, more: Partial<ListRow> = {}): void {
    const at = second === null ? null : textOf(second)
    this.rows.set(id, {
      id,
      date_created_gmt: '2026-01-01T00:00:00',
      status: 'publish',
      ...more,
      date_modified_gmt: at,
    })
  }

  answer = (call: Call): Reply => {
    this.calls.push(call)
    const query = call.query ?? {}
    const found = this.picked(query)
    const perPage = Number(query['per_page'] ?? 10)
    const offset = Number(query['offset'] ?? 0)
    const ids = found.slice(offset, offset + perPage).map((row) => row.id)
    this.meanwhile()
    const rows = ids.flatMap((id) => this.rows.get(id) ?? []).map((row) => ({ ...row }))
    const date = new Date(this.clock * 1000).toUTCString()
    return reply(rows, 200, { date, ...this.headers(found.length) })
  }

  private picked(query: Record<string, string>): ListRow[] {
    const after = (name: string, value: string | null): boolean =>
      query[name] === undefined || (value ?? '') > query[name].slice(0, 19)
    const rows = [...this.rows.values()].filter(
      (row) =>
        (query['status'] === 'trash' || query['include_status'] === 'trash') === (row.status === 'trash') &&
        after('modified_after', row.date_modified_gmt) &&
        after('after', row.date_created_gmt) &&
        (query['modified_before'] === undefined ||
          (row.date_modified_gmt ?? '') < query['modified_before'].slice(0, 19)) &&
        (query['include'] === undefined || query['include'].split(',').includes(String(row.id))),
    )
    const tie = new Map(rows.map((row) => [row.id, this.random()]))
    return query['orderby'] === 'modified'
      ? rows.sort(
          (a, b) =>
            order(a.date_modified_gmt ?? '', b.date_modified_gmt ?? '') || tie.get(a.id)! - tie.get(b.id)!,
        )
      : rows.sort((a, b) => a.id - b.id)
  }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
export const textOf = (second: number): string => new Date(second * 1000).toISOString().slice(0, 19)
