import { ConnectorError, type Context, type Conversation, type Page, type PageRequest } from '../sdk/index.ts'
import { z } from 'zod'
import { secondOf, shifted } from './dates.ts'
import { ID_START, idPage, noProgress } from './id-pages.ts'
import { clockOf, listOf, MAX_PER_CALL, totalOf, wc } from './rest.ts'
import type { WooSettings } from './settings.ts'

/** A row changed this shortly before the answer may have been changed while the list was made. */
const SETTLED_AFTER_SECONDS = 120
/** Products and old order tables sort by local time, which runs one hour twice in autumn; two hours are generous. */
const LOCAL_TIME_SLACK_SECONDS = 2 * 3600

export interface ChangedRow {
  id: number
  date_modified_gmt?: string | null | undefined
}

/** A list to sweep: its route and the parameters that pick its rows (status and the like). */
export interface Listing {
  route: string
  query: Readonly<Record<string, string>>
  /** Only with a change date: what an ordinary first read has no use for (the trash). */
  onlyChanges: boolean
}

/** Known rows by id, with the second each was changed in. */
const Known = z.record(z.string(), z.string())

/**
 * Where a sweep stands. `cursor`: the last second read, null at the start. `seen`: rows of that second and later that
 * were handed out. `inSecond`: set while a second is read that holds more rows than a page. `past`: the cursor's second
 * is done. JSON; kept between pages and over restarts.
 */
const SweepPosition = z.object({
  listing: z.int().nonnegative(),
  total: z.int().nullable(),
  cursor: z.string().nullable(),
  past: z.boolean(),
  seen: Known,
  inSecond: z.object({ offset: z.int(), last: z.int() }).nullable(),
})
type SweepPosition = z.infer<typeof SweepPosition>

interface Step<N> {
  rows: N[]
  /** The rest of the listing, null after its end. */
  next: Omit<SweepPosition, 'listing' | 'total'> | null
  total: number | null
  clock: string | null
}

/** What stays the same over a listing's calls. */
interface Sweeping {
  listing: Listing
  request: PageRequest
  context: Context<WooSettings>
  what: string
}

const START = { cursor: null, past: false, seen: {}, inSecond: null }

/**
 * The next page of records in order of change, from a cursor that moves with the last second seen (always page 1), so
 * that nothing is skipped while the list moves; rows of the cursor's own second are read again and dropped. A second
 * with more rows than a page is read by id. Ends by what comes, not by what the paging headers say.
 * Throws `malformed` when the shop does not follow order or filter and the sweep would not move on.
 */
export function* changedPage<N extends ChangedRow>(
  listings: readonly Listing[],
  request: PageRequest,
  context: Context<WooSettings>,
  what: string,
): Conversation<Page<N>> {
  const used = listings.filter((one) => request.changedAfter !== null || !one.onlyChanges)
  let position = readPosition(request.position)
  let clock: string | null = null
  for (;;) {
    const listing = used[position.listing]
    if (listing === undefined) return { records: [], next: null, total: position.total, sourceClock: clock }
    const sweeping = { listing, request, context, what }
    const step: Step<N> = yield* position.inSecond === null
      ? byChange<N>(sweeping, position)
      : insideSecond<N>(sweeping, position, position.inSecond)
    const next = after(position, step)
    const finished = next.listing >= used.length
    clock ??= step.clock
    if (step.rows.length > 0 || finished) {
      return { records: step.rows, next: finished ? null : next, total: next.total, sourceClock: clock }
    }
    position = next
  }
}

function readPosition(position: unknown): SweepPosition {
  if (position === null || position === undefined) return { listing: 0, total: null, ...START }
  return SweepPosition.parse(position)
}

function after(position: SweepPosition, step: Step<unknown>): SweepPosition {
  const total = position.total ?? step.total
  return step.next === null
    ? { listing: position.listing + 1, total, ...START }
    : { listing: position.listing, total, ...step.next }
}

function query(sweeping: Sweeping, more: Record<string, string | null>): Record<string, string> {
  const { listing, request } = sweeping
  const created = request.createdFrom === null ? null : shifted(request.createdFrom, -1)
  const all = {
    ...listing.query,
    order: 'asc',
    dates_are_gmt: 'true',
    after: created,
    before: request.createdTo ?? null,
    ...more,
  }
  return Object.fromEntries(Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== null))
}

/** One page in order of change. `modified_after` is strictly after, so a second is taken off to read it again. */
function* byChange<N extends ChangedRow>(sweeping: Sweeping, position: SweepPosition): Conversation<Step<N>> {
  const { request, context, what } = sweeping
  const perPage = Math.min(MAX_PER_CALL, Math.max(1, request.limit))
  const from = position.cursor ?? request.changedAfter
  const modifiedAfter = from === null || from === '' ? null : shifted(from, position.past ? 0 : -1)
  const reply = yield wc(
    context.facts,
    sweeping.listing.route,
    query(sweeping, { orderby: 'modified', per_page: String(perPage), modified_after: modifiedAfter }),
  )
  const rows = listOf<N>(reply, what)
  const clock = clockOf(reply)
  const total = totalOf(reply)
  const fresh = rows.filter((row) => position.seen[row.id] !== stamp(row))
  // A page that is not full ends the list, unless the shop says that there is more (a host may cut pages short).
  const more = rows.length >= perPage || (fresh.length > 0 && (total ?? 0) > rows.length)
  if (!more) return { rows: fresh, next: null, total, clock }
  return { rows: fresh, next: moveOn(rows, position, clock, what), total, clock }
}

/** Where to go on after a page that is not the last. */
function moveOn(
  rows: readonly ChangedRow[],
  position: SweepPosition,
  clock: string | null,
  what: string,
): Step<never>['next'] {
  const stamps = rows.map(stamp)
  const [first = '', last = ''] = [stamps[0], stamps.at(-1)]
  if (first === last && !(position.past && last <= (position.cursor ?? ''))) {
    return { cursor: last, past: false, seen: known(rows, position.seen, last), inSecond: ID_START }
  }
  const cursor = nextCursor(stamps, position.cursor ?? '', clock, what)
  return { cursor, past: false, seen: known(rows, position.seen, cursor), inSecond: null }
}

/**
 * The second up to which the list is surely read. A row may be changed between the making of the list and the writing
 * of the answer; in last place it would carry the cursor past rows not yet read, so only rows at rest count while
 * there are any. Rows out of order by up to two hours are those of the hour that local time runs twice.
 */
function nextCursor(stamps: readonly string[], cursor: string, clock: string | null, what: string): string {
  const rest = clock === null ? '9' : shifted(clock, -SETTLED_AFTER_SECONDS).slice(0, 19)
  const settled = stamps.filter((one) => one <= rest)
  let highest = ''
  let turned = false
  for (const one of settled) {
    if (one < highest) {
      if (one === '' || Date.parse(highest) - Date.parse(one) > LOCAL_TIME_SLACK_SECONDS * 1000)
        throw unordered(what)
      turned = true
    } else highest = one
  }
  const last = settled.at(-1) ?? ''
  const careful = turned && last !== '' ? shifted(last, -3600).slice(0, 19) : last
  const best = [careful, last, stamps.at(-1) ?? ''].find((one) => one > cursor)
  if (best === undefined) throw noProgress(what)
  return best
}

const unordered = (what: string): ConnectorError =>
  new ConnectorError({
    kind: 'malformed',
    publicMessage: `The shop's list of ${what} is not in the order asked for (by change). A plugin changes the order of lists.`,
  })

/** Rows handed out that the next call may give again. */
function known(
  rows: readonly ChangedRow[],
  seen: SweepPosition['seen'],
  from: string,
): SweepPosition['seen'] {
  const kept = Object.entries(seen).filter(([, at]) => at >= from)
  return Object.fromEntries([
    ...kept,
    ...rows.filter((row) => stamp(row) >= from).map((row) => [String(row.id), stamp(row)]),
  ])
}

const stamp = (row: ChangedRow): string => secondOf(row.date_modified_gmt)

/** One page of the rows of a single second, by id. Rows that change meanwhile leave it and come later in the sweep. */
function* insideSecond<N extends ChangedRow>(
  sweeping: Sweeping,
  position: SweepPosition,
  at: { offset: number; last: number },
): Conversation<Step<N>> {
  const { request, context, what, listing } = sweeping
  const second = position.cursor ?? ''
  // Rows without a date sort first; they are all there is before 1970.
  const window =
    second === ''
      ? { modified_before: '1970-01-02T00:00:00Z' }
      : { modified_after: shifted(second, -1), modified_before: shifted(second, 1) }
  const page = yield* idPage<N>(
    (offset, perPage) =>
      wc(
        context.facts,
        listing.route,
        query(sweeping, { ...window, orderby: 'id', per_page: String(perPage), offset: String(offset) }),
      ),
    at,
    Math.min(MAX_PER_CALL, Math.max(1, request.limit)),
    what,
  )
  const rows = page.rows.filter((row) => stamp(row) === second && position.seen[row.id] !== second)
  const next =
    page.next === null
      ? { cursor: second === '' ? '1970-01-01T00:00:00' : second, past: true, seen: {}, inSecond: null }
      : { cursor: second, past: false, seen: position.seen, inSecond: page.next }
  return { rows, next, total: null, clock: page.clock }
}
