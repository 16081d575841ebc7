import { connectorById } from '@crosswalk/connectors'
import { ALARM_CAUSES, type AlarmCause } from '@crosswalk/shared/alarms'
import { allowanceOf, type Allowance } from '../jobs/bucket.ts'
import { BULK_SHARE } from '../jobs/budget.ts'
import type { JobEngine, QueueStats } from '../jobs/types.ts'
import type { Store } from '../store/database.ts'
import type { ConnectionState, FlowState, RunKind, RunState } from '../store/schema.ts'

/** Figures of the whole database: every process of it gives the same. */
export interface StoreFigures {
  connections: {
    id: string
    connector: string
    state: ConnectionState
    /** 0 = it may be called. */
    blockedSeconds: number
    budget: { window: 'burst' | 'quota'; left: number; limit: number }[]
  }[]
  flows: {
    id: string
    entity: string
    state: FlowState
    failedRecords: number
    /** Age of the oldest change that waits, in seconds; null for a flow that is not live. */
    lagSeconds: number | null
  }[]
  openRuns: { flowId: string; kind: RunKind; state: RunState; done: number; total: number | null }[]
  queues: QueueStats[]
  /** Open ones; a cause without any is 0. */
  alarms: { cause: AlarmCause; count: number }[]
  bytes: number
}

interface ConnectionFigures {
  id: string
  connector: string
  state: ConnectionState
  settings: unknown
  facts: Record<string, unknown>
  tokens: number | null
  idle_seconds: number | null
  blocked_seconds: number | null
  quota_used: number | null
  quota_seconds: number | null
}

interface FlowFigures {
  id: string
  entity: string
  state: FlowState
  source_connection_id: string
  stopped: boolean
  failed: number
}

/** Looked at more seldom than the rest: they walk through more than an index. */
const SELDOM_MS = 60_000

/** Reads the figures from the store: some small statements that count open work, not history. */
export function createStoreFigures(store: Store, engine: JobEngine, now: () => number) {
  let bytes = { at: 0, value: 0 }
  const marks = new Map<string, { at: number; oldest: Date | null }>()

  async function sizeOf(): Promise<number> {
    if (now() - bytes.at < SELDOM_MS && bytes.at !== 0) return bytes.value
    const [row] = await store.raw<{ bytes: number }>(
      store.kind === 'embedded'
        ? `select pg_database_size(current_database()) as bytes`
        : `select coalesce(sum(pg_total_relation_size(c.oid)), 0)::int8 as bytes from pg_class c
             join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'm') and n.nspname in ('${store.schema}', '${store.schema}_jobs')`,
    )
    bytes = { at: now(), value: row?.bytes ?? 0 }
    return bytes.value
  }

  /** When an account stands still its jobs are gone and only the records' marks remain; those are walked through. */
  async function oldestMark(flow: FlowFigures): Promise<Date | null> {
    const known = marks.get(flow.id)
    if (known && now() - known.at < SELDOM_MS) return known.oldest
    const [row] = await store.raw<{ oldest: Date | null }>(
      `select min(r.seen_at) as oldest from record r
         left join link l on l.flow_id = $1 and l.external_id = r.external_id
        where r.connection_id = $2 and r.entity = $3
          and r.want_version > greatest(coalesce(l.have_version, 0), 0)`,
      [flow.id, flow.source_connection_id, flow.entity],
    )
    const oldest = row?.oldest ?? null
    marks.set(flow.id, { at: now(), oldest })
    return oldest
  }

  return async function readFigures(): Promise<StoreFigures> {
    const connections = await store.raw<ConnectionFigures>(
      `select c.id, c.connector, c.state, c.settings, c.facts, b.tokens, b.quota_used,
          extract(epoch from now() - b.refilled_at)::float8 as idle_seconds,
          extract(epoch from b.blocked_until - now())::float8 as blocked_seconds,
          extract(epoch from now() - b.quota_started_at)::float8 as quota_seconds
         from connection c left join bucket b on b.connection_id = c.id where c.state <> 'disconnected'`,
    )
    const flows = await store.raw<FlowFigures>(
      `select f.id, f.entity, f.state, f.source_connection_id,
          s.state <> 'active' or t.state <> 'active' as stopped,
          (select count(*) from link l
            where l.workspace_id = f.workspace_id and l.flow_id = f.id and l.state = 'failed') as failed
         from flow f join connection s on s.id = f.source_connection_id
           join connection t on t.id = f.target_connection_id`,
    )
    const openRuns = await store.raw<StoreFigures['openRuns'][number]>(
      `select flow_id as "flowId", kind, state, done, total from run where state in ('queued', 'running', 'paused')`,
    )
    const alarms = await store.raw<StoreFigures['alarms'][number]>(
      `select cause, count(*) as count from alarm where ended_at is null group by cause`,
    )
    const waiting = new Map((await engine.oldest('record')).map((one) => [one.prefix, one.since]))
    const lagOf = async (flow: FlowFigures): Promise<number | null> => {
      if (flow.state !== 'active') return null
      const times = [waiting.get(flow.id), flow.stopped ? await oldestMark(flow) : null]
      const oldest = Math.min(...times.map((time) => time?.getTime() ?? Infinity))
      return Number.isFinite(oldest) ? Math.max(0, (now() - oldest) / 1_000) : 0
    }
    const lags = new Map<string, number | null>()
    for (const flow of flows) lags.set(flow.id, await lagOf(flow))
    return {
      connections: connections.map((row) => ({
        id: row.id,
        connector: row.connector,
        state: row.state,
        blockedSeconds: Math.max(0, row.blocked_seconds ?? 0),
        budget: budgetOf(windowsOf(row), row),
      })),
      flows: flows.map(({ id, entity, state, failed }) => ({
        id,
        entity,
        state,
        failedRecords: failed,
        lagSeconds: lags.get(id) ?? null,
      })),
      openRuns,
      queues: await engine.stats(),
      alarms: ALARM_CAUSES.map((cause) => ({ cause, count: alarms.find((one) => one.cause === cause)?.count ?? 0 })), // prettier-ignore
      bytes: await sizeOf(),
    }
  }
}

/** What is left of an account's budget, by its row: it fills while nobody calls, and a used quota is new after its time. */
export function budgetOf(
  allowance: Allowance | null,
  row: Pick<ConnectionFigures, 'tokens' | 'idle_seconds' | 'quota_used' | 'quota_seconds'>,
): StoreFigures['connections'][number]['budget'] {
  if (!allowance) return []
  const budget: StoreFigures['connections'][number]['budget'] = []
  if (allowance.rate !== null) {
    const filled = (row.tokens ?? allowance.capacity) + (row.idle_seconds ?? 0) * allowance.rate
    budget.push({
      window: 'burst',
      left: Math.max(0, Math.min(allowance.capacity, filled)),
      limit: allowance.capacity,
    })
  }
  if (allowance.quota) {
    const { calls, seconds } = allowance.quota
    const used = (row.quota_seconds ?? Infinity) >= seconds ? 0 : (row.quota_used ?? 0)
    budget.push({ window: 'quota', left: Math.max(0, calls - used), limit: calls })
  }
  return budget
}

/** From the connector, not from memory: a process that makes no calls can tell too. */
function windowsOf(row: ConnectionFigures): Allowance | null {
  const connector = connectorById(row.connector)
  const settings = connector?.settings.safeParse(row.settings)
  if (!connector || !settings?.success) return null
  const windows = connector.http.windows(settings.data, row.facts)
  return allowanceOf(
    windows.filter((window) => window.name === 'all'),
    BULK_SHARE,
  )
}
