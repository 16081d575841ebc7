import { sql } from 'kysely'
import type { Executor } from '../store/schema.ts'
import { type Allowance, allowanceOf, borrow, type CallWindow } from './bucket.ts'

export type { CallWindow } from './bucket.ts'

/** `live` goes first; `bulk` leaves a share. */
export type Lane = 'live' | 'bulk'

export interface BudgetUsage {
  /** Sustained calls a second that the windows allow; null = unlimited. */
  callsPerSecond: number | null
  quota: { calls: number; seconds: number; used: number; startedAt: Date } | null
  callsTotal: number
  /** By the store's clock; for how long is `blockedMs`. */
  blockedUntil: Date | null
  /** For how long from now, in ms; 0 = not. */
  blockedMs: number
}

export interface CallBudget {
  /** Sets a connection's windows, from its connector. No windows: unlimited. Repeatable. */
  setWindows(connectionId: string, windows: readonly CallWindow[]): void
  /** Waits until one call may be made. @throws the signal's reason when aborted */
  acquire(connectionId: string, lane: Lane, signal?: AbortSignal): Promise<void>
  /** No calls before `time`, in any process: Retry-After, a daily limit, an open breaker. */
  blockUntil(connectionId: string, time: Date): Promise<void>
  /** Takes a silence back: a person has put right what it was for. Other processes keep to what they know of it. */
  unblock(connectionId: string): Promise<void>
  /** Calls that were made beside the budget, as when an account is connected: the next ones wait until they are made good. */
  noteCalls(connectionId: string, calls: number): Promise<void>
  /** The target says how many calls are left in its window: the budget never has more than that. */
  noteRemaining(connectionId: string, remaining: number): Promise<void>
  /** Connections that are blocked for more than a second, as this process knows: for the pump's `ignoreGroups`. */
  blocked(): string[]
  usage(connectionId: string): Promise<BudgetUsage>
}

interface Waiter {
  lane: Lane
  go: () => void
  fail: (error: unknown) => void
}

interface Account {
  allowance: Allowance | null
  waiters: Waiter[]
  serving: boolean
  /** By `performance.now()`, as is `askedAt`: a clock that is set changes nothing here. */
  blockedUntil: number
  /** Ends the server's sleep. */
  rouse?: (() => void) | undefined
  /** When the row was last asked; unlimited connections ask only now and then, for blocks. */
  askedAt: number
}

/** Part of the stored tokens that bulk leaves for live calls, unless told otherwise. */
export const BULK_SHARE = 0.2

/** Blocks written by other processes are noticed at the latest after this time. */
const LONGEST_SLEEP_MS = 1_000

/**
 * The call budget of connections over all workers. Tokens are borrowed from the connection's row for the calls that
 * wait, one statement for up to `capacity` of them, and spent at once.
 * @param options.bulkShare part of the stored tokens that bulk leaves for live calls (default 0.2)
 */
export function createBudget(db: Executor, options: { bulkShare?: number } = {}): CallBudget {
  const { bulkShare = BULK_SHARE } = options
  const accounts = new Map<string, Account>()

  function accountOf(connectionId: string): Account {
    const account: Account = accounts.get(connectionId) ?? {
      allowance: null,
      waiters: [],
      serving: false,
      blockedUntil: 0,
      askedAt: Number.NEGATIVE_INFINITY,
    }
    accounts.set(connectionId, account)
    return account
  }

  function release(account: Account, count: number): void {
    for (let given = 0; given < count && account.waiters.length > 0; given += 1) {
      const live = account.waiters.findIndex((waiter) => waiter.lane === 'live')
      account.waiters.splice(Math.max(live, 0), 1)[0]?.go()
    }
  }

  async function serveSome(connectionId: string, account: Account): Promise<void> {
    const live = account.waiters.filter((waiter) => waiter.lane === 'live').length
    const wanted = live || account.waiters.length
    if (
      !account.allowance &&
      account.blockedUntil <= performance.now() &&
      performance.now() - account.askedAt < LONGEST_SLEEP_MS
    ) {
      release(account, wanted)
      return
    }
    const loan = await borrow(db, connectionId, account.allowance, wanted, live ? 0 : bulkShare)
    account.askedAt = performance.now()
    account.blockedUntil = performance.now() + loan.blockedMs
    release(account, loan.granted)
    if (loan.granted === 0) await sleepFor(account, Math.min(Math.max(loan.waitMs, 1), LONGEST_SLEEP_MS))
  }

  /** Serves the waiting calls of one connection until none is left; one server per connection and process. */
  async function serve(connectionId: string, account: Account): Promise<void> {
    account.serving = true
    try {
      while (account.waiters.length > 0) await serveSome(connectionId, account)
    } catch (error) {
      for (const waiter of account.waiters.splice(0)) waiter.fail(error)
    } finally {
      account.serving = false
    }
  }

  return {
    setWindows(connectionId, windows) {
      accountOf(connectionId).allowance = allowanceOf(windows, bulkShare)
    },
    async acquire(connectionId, lane, signal) {
      signal?.throwIfAborted()
      const account = accountOf(connectionId)
      await new Promise<void>((resolve, reject) => {
        const stop = (): void => {
          account.waiters = account.waiters.filter((other) => other !== waiter)
          reject(signal?.reason as Error)
        }
        const go = (): void => {
          signal?.removeEventListener('abort', stop)
          resolve()
        }
        const waiter: Waiter = { lane, go, fail: reject }
        signal?.addEventListener('abort', stop, { once: true })
        const first = !account.waiters.some((other) => other.lane === 'live')
        account.waiters.push(waiter)
        // Bulk may be asleep until it has its reserve; the first live call need not wait for that.
        if (lane === 'live' && first) account.rouse?.()
        if (!account.serving) void serve(connectionId, account)
      })
    },
    async blockUntil(connectionId, time) {
      const account = accountOf(connectionId)
      const ms = Math.max(0, time.getTime() - Date.now())
      account.blockedUntil = Math.max(account.blockedUntil, performance.now() + ms)
      // How long, not until when: the store's clock may differ from ours.
      await sql`insert into bucket as b (connection_id, tokens, refilled_at, quota_started_at, blocked_until)
        values (${connectionId}, 0, clock_timestamp(), clock_timestamp(),
          clock_timestamp() + ${ms}::float8 * interval '1 ms')
        on conflict (connection_id) do update
          set blocked_until = greatest(b.blocked_until, excluded.blocked_until)`.execute(db)
    },
    async unblock(connectionId) {
      const account = accountOf(connectionId)
      account.blockedUntil = 0
      await sql`update bucket set blocked_until = null where connection_id = ${connectionId}`.execute(db)
      account.rouse?.()
    },
    async noteCalls(connectionId, calls) {
      if (calls <= 0) return
      await sql`insert into bucket as b (connection_id, tokens, refilled_at, quota_started_at, quota_used, calls_total)
        values (${connectionId}, ${-calls}::float8, clock_timestamp(), clock_timestamp(), ${calls}, ${calls})
        on conflict (connection_id) do update set tokens = b.tokens - ${calls}::float8,
          quota_used = b.quota_used + ${calls}, calls_total = b.calls_total + ${calls}`.execute(db)
    },
    async noteRemaining(connectionId, remaining) {
      const capacity = accountOf(connectionId).allowance?.capacity ?? Infinity
      if (remaining >= capacity) return
      await sql`update bucket set tokens = least(tokens, ${remaining}::float8)
        where connection_id = ${connectionId} and tokens > ${remaining}::float8`.execute(db)
    },
    blocked() {
      const soon = performance.now() + 1_000
      return [...accounts].filter(([, account]) => account.blockedUntil > soon).map(([id]) => id)
    },
    async usage(connectionId) {
      const allowance = accountOf(connectionId).allowance
      const row = await db
        .selectFrom('bucket')
        .selectAll()
        .select(
          sql<number>`greatest(0, coalesce(extract(epoch from blocked_until - clock_timestamp()), 0) * 1000)::float8`.as(
            'blocked_ms',
          ),
        )
        .where('connection_id', '=', connectionId)
        .executeTakeFirst()
      return {
        callsPerSecond: allowance?.rate ?? null,
        quota: allowance?.quota
          ? { ...allowance.quota, used: row?.quota_used ?? 0, startedAt: row?.quota_started_at ?? new Date() }
          : null,
        callsTotal: row?.calls_total ?? 0,
        blockedUntil: row?.blocked_until ?? null,
        blockedMs: row?.blocked_ms ?? 0,
      }
    },
  }
}

function sleepFor(account: Account, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      account.rouse = undefined
      resolve()
    }
    const timer = setTimeout(end, ms)
    account.rouse = end
  })
}
