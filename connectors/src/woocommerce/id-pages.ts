import { type Call, ConnectorError, type Conversation } from '../sdk/index.ts'
import type { Instant } from '@crosswalk/shared/model'
import { clockOf, listOf, MAX_PER_CALL, totalOf } from './rest.ts'

/** Rows read twice, so that a list that has shrunk in front of us shows. */
const OVERLAP = 5
const MAX_TRIES = 40

/** How far a list in order of id was read: rows passed and the last id among them. */
export interface IdPosition {
  offset: number
  last: number
}
export const ID_START: IdPosition = { offset: 0, last: 0 }

export interface IdPage<N> {
  rows: N[]
  next: IdPosition | null
  total: number | null
  clock: Instant | null
}

/**
 * The next rows of a list ordered by id ascending. Each call begins a few rows before the place reached: when none of
 * the known ids is among them the list has shrunk in front, and reading goes back until it meets a known one. So no
 * row is skipped while others leave the list; rows known already are dropped.
 * Throws `malformed` when the list is not in that order or does not move on.
 */
export function* idPage<N extends { id: number }>(
  list: (offset: number, perPage: number) => Call,
  at: IdPosition,
  limit: number,
  what: string,
): Conversation<IdPage<N>> {
  const perPage = Math.min(MAX_PER_CALL, limit + OVERLAP)
  let offset = Math.max(0, at.offset - OVERLAP)
  let back = perPage
  let clock: Instant | null = null
  let knownTo = -1
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const reply = yield list(offset, perPage)
    const rows = listOf<N>(reply, what)
    clock ??= clockOf(reply)
    assertAscending(rows, what)
    if (rows.length === 0 && offset <= knownTo) {
      return { rows: [], next: null, total: totalOf(reply), clock }
    }
    if (offset > 0 && !(rows[0] !== undefined && rows[0].id <= at.last)) {
      offset = Math.max(0, offset - back)
      back *= 2
      continue
    }
    const total = totalOf(reply)
    const first = rows.findIndex((row) => row.id > at.last)
    const fresh = first < 0 ? [] : rows.slice(first, first + limit)
    const end = offset + (first < 0 ? rows.length : first + fresh.length)
    const more = rows.length >= perPage || end < offset + rows.length || (total ?? 0) > offset + rows.length
    const last = fresh.at(-1)
    if (last !== undefined)
      return { rows: fresh, next: more ? { offset: end, last: last.id } : null, total, clock }
    if (!more || rows.length === 0) return { rows: [], next: null, total, clock }
    // All known: read on to where the rows of this answer end, even where the shop's total is wrong.
    knownTo = offset + rows.length
    offset += Math.max(1, rows.length - OVERLAP)
  }
  throw noProgress(what)
}

/** The same rows again and again: the shop does not follow the paging parameters. */
export const noProgress = (what: string): ConnectorError =>
  new ConnectorError({
    kind: 'malformed',
    publicMessage: `The shop gives the same page of ${what} again and again. A plugin or cache changes how its lists are paged.`,
  })

function assertAscending(rows: readonly { id: number }[], what: string): void {
  for (let i = 0; i < rows.length; i++) {
    const id: unknown = rows[i]?.id
    if (typeof id !== 'number' || (i > 0 && id <= (rows[i - 1]?.id ?? 0))) {
      throw new ConnectorError({
        kind: 'malformed',
        publicMessage: `The shop's list of ${what} is not in the order asked for (by id). A plugin changes the order of lists.`,
      })
    }
  }
}
