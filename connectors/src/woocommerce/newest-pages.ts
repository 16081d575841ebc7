import { z } from 'zod'
import type { Call, Conversation, Page } from '../sdk/index.ts'
import { clockOf, listOf, MAX_PER_CALL, totalOf } from './rest.ts'

/** Rows read twice, so that a few that left the list in front of us hide none. */
const OVERLAP = 5

/** Rows passed and the last id among them. */
const NewestPosition = z.object({ offset: z.int(), last: z.int() })

/**
 * The next rows of a list ordered by id, the newest first. Rows that come in front meanwhile push known ones back, which
 * are dropped; only where more than the overlap leave the list at once can some be missed.
 */
export function* newestPage<N extends { id: number }>(
  list: (paging: Readonly<Record<string, string>>) => Call,
  request: { position: unknown; limit: number },
  what: string,
): Conversation<Page<N>> {
  const at = request.position === null ? null : NewestPosition.parse(request.position)
  const limit = Math.max(1, Math.min(MAX_PER_CALL - OVERLAP, request.limit))
  const offset = Math.max(0, (at?.offset ?? 0) - OVERLAP)
  const perPage = limit + OVERLAP
  const reply = yield list({
    orderby: 'id',
    order: 'desc',
    per_page: String(perPage),
    offset: String(offset),
  })
  const rows = listOf<N>(reply, what)
  const first = at === null ? 0 : rows.findIndex((row) => row.id < at.last)
  const fresh = first < 0 ? [] : rows.slice(first, first + limit)
  const passed = offset + (first < 0 ? rows.length : first + fresh.length)
  const more = rows.length >= perPage || passed < offset + rows.length
  const last = fresh.at(-1)?.id ?? at?.last
  return {
    records: fresh,
    next: more && last !== undefined ? { offset: passed, last } : null,
    total: totalOf(reply),
    sourceClock: clockOf(reply),
  }
}
