import { setImmediate as turn } from 'node:timers/promises'
import type { CallBudget } from '../../../bridge-service/src/jobs/budget.ts'
import type { Clock } from '../../../bridge-service/src/runtime/clock.ts'
import type { Store } from '../../../bridge-service/src/store/database.ts'
import type { SimClock } from '../../simulators/clock.ts'

/** One time for simulators, service and store. It stands still until somebody waits or a test lets it pass. */
export interface VirtualTime extends SimClock, Clock {
  sleep: (ms: number, signal: AbortSignal | undefined) => Promise<void>
  /** Lets time pass, for the store as well. */
  pass: (ms: number) => Promise<void>
  /** Makes the store go by this time. Only the embedded store: it is one session. */
  rule: (store: Store) => Promise<void>
}

/**
 * @param start milliseconds since the epoch
 * @param underWay how many calls to the target are on their way. Time stands still for those: a call has an end, after
 *   which it is given up, and without this a busy machine would let it be on its way for hours and be carried out then
 */
export function virtualTime(start: number, underWay: () => number = () => 0): VirtualTime {
  let now = start
  let ruled: Store | null = null
  const tell = async (): Promise<void> => {
    await ruled?.raw(`select set_config('virtual.now', $1, false)`, [new Date(now).toISOString()])
  }
  const time: VirtualTime = {
    now: () => now,
    advance: (ms) => void (now += ms),
    pass: async (ms) => {
      while (underWay() > 0) await turn()
      now += ms
      await tell()
    },
    // Who waits makes time pass for all: to the others it is as if their own call took that long.
    sleep: async (ms, signal) => {
      const end = now + ms
      await turn()
      signal?.throwIfAborted()
      if (now < end) await time.pass(end - now)
    },
    rule: async (store) => {
      if (store.kind !== 'embedded') throw new Error('only the embedded store can go by a virtual clock')
      ruled = store
      await tell()
      await store.pglite.exec(virtualFunctions(store.schema))
    },
  }
  return time
}

/**
 * Functions that stand before the database's own in its search path, the columns' defaults changed to them, and the job
 * engine's clock, which it keeps in a function for this very purpose. Commits need not reach the disk: nothing is killed.
 */
const virtualFunctions = (schema: string): string => `
  create schema virtual;
  create function virtual.now() returns timestamptz language sql volatile
    as $$ select current_setting('virtual.now')::timestamptz $$;
  create function virtual.clock_timestamp() returns timestamptz language sql volatile
    as $$ select current_setting('virtual.now')::timestamptz $$;
  create or replace function ${schema}_jobs.job_now() returns timestamptz language sql volatile
    as $$ select current_setting('virtual.now')::timestamptz $$;
  do $$ declare one record; begin
    for one in select table_name, column_name from information_schema.columns
      where table_schema = '${schema}' and column_default = 'now()'
    loop execute format('alter table ${schema}.%I alter column %I set default virtual.now()', one.table_name, one.column_name);
    end loop;
  end $$;
  set search_path = virtual, ${schema}, pg_catalog;
  set synchronous_commit = off;`

/** A call budget without windows that keeps blocks by the clock; the windows have tests of their own. */
export function virtualBudget(time: VirtualTime): CallBudget {
  const blocks = new Map<string, number>()
  const rest = (id: string): number => (blocks.get(id) ?? 0) - time.now()
  return {
    setWindows: () => undefined,
    acquire: async (id, _lane, signal) => {
      signal?.throwIfAborted()
      if (rest(id) > 0) await time.sleep(rest(id), signal)
    },
    blockUntil: async (id, until) => {
      blocks.set(id, Math.max(blocks.get(id) ?? 0, until.getTime()))
    },
    unblock: async (id) => void blocks.delete(id),
    noteCalls: async () => undefined,
    noteRemaining: async () => undefined,
    blocked: () => [...blocks.keys()].filter((id) => rest(id) > 1_000),
    usage: async (id) => ({
      callsPerSecond: null,
      quota: null,
      callsTotal: 0,
      blockedUntil: new Date(blocks.get(id) ?? 0),
      blockedMs: Math.max(0, rest(id)),
    }),
  }
}
