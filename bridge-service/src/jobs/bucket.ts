import { sql } from 'kysely'
import type { Executor } from '../store/schema.ts'

/** At most `calls` in any `seconds`. */
export interface CallWindow {
  calls: number
  seconds: number
}

/** Windows this long are quotas: counted in fixed periods, for nobody wants a day's calls spread evenly. */
const QUOTA_SECONDS = 3_600
/** Part of a window's calls that may be made at once after idling. */
const BURST_SHARE = 0.025

export interface Allowance {
  /** Tokens that collect while nothing is called. */
  capacity: number
  /** Tokens a second. null = only the quota counts. */
  rate: number | null
  quota: CallWindow | null
}

/** Time that may pass between borrowing a token and the call's arrival at the target, in seconds. */
function slack(window: CallWindow): number {
  return Math.min(0.25, window.seconds * 0.1)
}

/**
 * The token bucket that keeps every window. In any `seconds` plus slack it hands out at most
 * floor(capacity + rate × (seconds + slack)) calls, so rate is chosen to make that `calls`. Several windows: the
 * lowest rate and capacity.
 */
export function allowanceOf(windows: readonly CallWindow[], bulkShare: number): Allowance | null {
  const valid = windows.filter((window) => window.calls > 0 && window.seconds > 0)
  if (valid.length === 0) return null
  const quotas = valid.filter((window) => window.seconds >= QUOTA_SECONDS)
  const short = valid.filter((window) => window.seconds < QUOTA_SECONDS)
  const quota = quotas.sort((a, b) => a.calls / a.seconds - b.calls / b.seconds)[0] ?? null
  if (short.length === 0) return { capacity: quota?.calls ?? 1, rate: null, quota }
  // Bulk needs a token beyond its reserve, so the bucket must hold that much.
  const capacity = Math.min(...short.map((window) => Math.max(1 + bulkShare, window.calls * BURST_SHARE)))
  const rate = Math.min(
    ...short.map((window) => (window.calls + 1 - capacity - 1e-6) / (window.seconds + slack(window))),
  )
  return { capacity, rate, quota }
}

export interface Loan {
  granted: number
  /** Ask again after this time, in ms. */
  waitMs: number
  /** How long the connection is blocked, in ms; 0 = not. */
  blockedMs: number
}

interface LoanRow {
  granted: number
  missing: number
  blocked_ms: number
  quota_ms: number
}

/**
 * Takes up to `wanted` tokens from the connection's row, in one statement that reads the database's clock after it
 * has the row's lock. A first call for a connection makes the row, with a full bucket.
 * @param reserve tokens that must remain
 */
export async function borrow(
  db: Executor,
  connectionId: string,
  allowance: Allowance | null,
  wanted: number,
  reserve: number,
): Promise<Loan> {
  const capacity = allowance?.capacity ?? wanted + 1
  const rate = allowance?.rate ?? null
  const { quota } = allowance ?? { quota: null }
  const { rows } = await sql<LoanRow>`
    with row as materialized (select * from bucket where connection_id = ${connectionId} for update),
    now as materialized (select *, clock_timestamp() as t from row),
    filled as (
      select *, case when ${rate}::float8 is null then ${capacity}::float8 + ${reserve}::float8
               else least(${capacity}::float8, tokens + greatest(0, extract(epoch from t - refilled_at)) * ${rate}::float8)
               end as available,
             greatest(0, extract(epoch from blocked_until - t) * 1000) as blocked_ms,
             case when ${quota?.seconds ?? null}::float8 is null then false
               else t >= quota_started_at + ${quota?.seconds ?? 0}::float8 * interval '1 s' end as new_period
        from now),
    decided as (
      select *, case when coalesce(blocked_ms, 0) > 0 then 0 else
               greatest(0, least(${wanted}::float8, floor(available - ${reserve}::float8),
                 case when ${quota?.calls ?? null}::float8 is null then ${wanted}::float8
                   when new_period then ${quota?.calls ?? 0}::float8
                   else ${quota?.calls ?? 0}::float8 - quota_used end)) end as granted
        from filled)
    update bucket b set tokens = d.available - d.granted, refilled_at = d.t,
        quota_started_at = case when d.new_period then d.t else b.quota_started_at end,
        quota_used = (case when d.new_period then 0 else b.quota_used end) + d.granted,
        calls_total = b.calls_total + d.granted
      from decided d where b.connection_id = ${connectionId}
    returning d.granted, (1 + ${reserve}::float8 - d.available) as missing, coalesce(d.blocked_ms, 0)::float8 as blocked_ms,
      case when ${quota?.calls ?? null}::float8 is not null and not d.new_period
                and b.quota_used >= ${quota?.calls ?? 0}::float8
        then extract(epoch from b.quota_started_at + ${quota?.seconds ?? 0}::float8 * interval '1 s' - d.t) * 1000
        else 0 end::float8 as quota_ms`.execute(db)
  const row = rows[0]
  if (!row) {
    await sql`insert into bucket (connection_id, tokens, refilled_at, quota_started_at)
      values (${connectionId}, ${capacity}, clock_timestamp(), clock_timestamp())
      on conflict do nothing`.execute(db)
    return borrow(db, connectionId, allowance, wanted, reserve)
  }
  const blockedMs = Math.max(row.blocked_ms, row.quota_ms)
  const refillMs = rate ? Math.max(0, (row.missing / rate) * 1_000) : 0
  return { granted: row.granted, waitMs: Math.max(blockedMs, refillMs), blockedMs }
}
