import type { Logger } from 'pino'
import { fromKysely, fromPglite, PgBoss } from 'pg-boss'
import type { ConstructorOptions, Db, JobInsert } from 'pg-boss'
import type { Store } from '../store/database.ts'
import type { Executor } from '../store/schema.ts'
import type { JobEngine, JobRef, JobToSend, QueueName, QueueStats } from './types.ts'

// The only file that knows pg-boss.

const QUEUES: readonly QueueName[] = ['record', 'chunk', 'bell']
const DEAD = 'dead'
const DAY_SECONDS = 86_400

/** Data of a pg-boss job: the key travels along, because a plain fetch does not return it. */
interface Envelope {
  key: string
  data: Record<string, unknown>
}

export interface EngineOptions {
  log: Logger
  /** Seconds between looks for jobs whose worker has died (default 5 on a server, 30 embedded). */
  superviseSeconds?: number
}

function bossOptions(
  store: Store,
  options: EngineOptions,
  sent: (queue: string) => void,
): ConstructorOptions {
  const supervise = options.superviseSeconds ?? (store.kind === 'server' ? 5 : 30)
  const common = {
    schema: `${store.schema}_jobs`,
    superviseIntervalSeconds: supervise,
    monitorIntervalSeconds: supervise,
    maintenanceIntervalSeconds: 60,
    cronMonitorIntervalSeconds: 15,
    persistWarnings: false,
  }
  if (store.kind === 'server') {
    // Polling only: NOTIFY serialises the commits of a server.
    return { ...common, connectionString: store.databaseUrl, max: 4, application_name: 'crosswalk-jobs' }
  }
  const db: Db = fromPglite(store.pglite)
  const listen = db.listen?.bind(db)
  const listening: Db = {
    ...db,
    ...(listen && {
      listen: (channel, onNotification, onReconnect) =>
        listen(
          channel,
          (queue) => {
            onNotification(queue)
            sent(queue)
          },
          onReconnect,
        ),
    }),
  }
  // Index rebuilds run outside a transaction and would hold up everything on the one session.
  return {
    ...common,
    db: listening,
    backend: 'pglite',
    useListenNotify: true,
    reindex: false,
    monitorVacuum: false,
  }
}

/** Live jobs wait up to 14 days in a queue; ended ones are of no use to anybody, for the history is in `attempt`. */
function queueOptions(notify: boolean) {
  return {
    retryLimit: 8,
    retryDelay: 5,
    retryBackoff: true,
    retryDelayMax: 3_600,
    expireInSeconds: 4 * 3_600,
    heartbeatSeconds: 15,
    retentionSeconds: 14 * DAY_SECONDS,
    deleteAfterSeconds: 300,
    deadLetter: DEAD,
    notify,
  }
}

async function createQueues(boss: PgBoss, notify: boolean): Promise<void> {
  const dead = { retentionSeconds: 14 * DAY_SECONDS, deleteAfterSeconds: DAY_SECONDS }
  await boss.createQueue(DEAD, { policy: 'standard', ...dead })
  for (const queue of QUEUES) {
    await boss.createQueue(queue, { policy: 'short', ...queueOptions(notify) })
    await boss.updateQueue(queue, queueOptions(notify))
    // Fills pg-boss' cache of queues: a lookup in the middle of an embedded transaction would wait for itself.
    await boss.insert(queue, [])
  }
}

function asInsert(job: JobToSend): JobInsert {
  return {
    data: { key: job.key, data: job.data },
    singletonKey: job.key,
    priority: job.priority ?? 0,
    startAfter: Math.max(0, job.startAfterMs ?? 0) / 1_000,
    group: { id: job.group },
  }
}

function byQueue<T extends { queue: QueueName }>(jobs: readonly T[]): [QueueName, T[]][] {
  return QUEUES.map((queue): [QueueName, T[]] => [queue, jobs.filter((job) => job.queue === queue)]).filter(
    ([, list]) => list.length > 0,
  )
}

/** Several jobs of one key become one: soonest start, highest priority. Sorted, so that senders cannot deadlock. */
function coalesce(jobs: readonly JobToSend[]): JobToSend[] {
  const merged = new Map<string, JobToSend>()
  for (const job of jobs) {
    const other = merged.get(job.key)
    merged.set(job.key, {
      ...(other ?? job),
      priority: Math.max(job.priority ?? 0, other?.priority ?? 0),
      startAfterMs: Math.min(job.startAfterMs ?? 0, other?.startAfterMs ?? Infinity),
    })
  }
  return [...merged.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
}

/** Statement that moves waiting jobs forward: one that coalesced must not wait for an earlier one's long delay. */
function hastenSql(schema: string): string {
  return `update ${schema}.job j
    set start_after = least(j.start_after, now() + i.after * interval '1 ms'), priority = greatest(j.priority, i.priority)
    from json_to_recordset($2::text::json) as i(key text, after float8, priority int)
    where j.name = $1 and j.state = 'created' and j.policy = 'short' and coalesce(j.singleton_key, '') = i.key
      and (j.start_after > now() + i.after * interval '1 ms' or j.priority < i.priority)`
}

/**
 * Statement that keeps jobs from being given to others. Those that are just being ended are passed over: waiting for them,
 * with others in hand, would be a deadlock with whoever ends several at once.
 */
function touchSql(schema: string): string {
  return `with held as (
      select j.id from ${schema}.job j
        join json_to_recordset($2::text::json) as i(id uuid, tries int) on i.id = j.id and i.tries = j.retry_count
       where j.name = $1 and j.state = 'active' for update of j skip locked)
    update ${schema}.job j set heartbeat_on = now() from held where j.name = $1 and j.id = held.id`
}

function statsSql(schema: string): string {
  return `select name as queue,
      count(*) filter (where state < 'active' and start_after <= now()) as ready,
      count(*) filter (where state < 'active' and start_after > now()) as deferred,
      count(*) filter (where state = 'active') as active,
      coalesce(extract(epoch from now() - min(start_after) filter (where state < 'active' and start_after <= now())), 0)
        ::float8 as "oldestSeconds"
    from ${schema}.job where name = any($1::text[]) and state <= 'active' group by name`
}

function oldestSql(schema: string): string {
  return `select split_part(singleton_key, ':', 1) as prefix,
      min(least(created_on, to_timestamp((data->'data'->>'at')::float8 / 1000))) as since
    from ${schema}.job where name = $1 and state <= 'active' group by 1`
}

/** The job engine on pg-boss, in the schema `<store schema>_jobs` of the store's database. */
export function createEngine(store: Store, options: EngineOptions): JobEngine {
  const listeners = new Set<(queue: QueueName) => void>()
  const sent = (queue: string): void => listeners.forEach((listener) => listener(queue as QueueName))
  const boss = new PgBoss(bossOptions(store, options, sent))
  const schema = `${store.schema}_jobs`
  boss.on('error', (error) => options.log.error({ err: error }, 'job engine'))
  boss.on('warning', (warning) => options.log.warn({ warning: warning.message }, 'job engine'))
  const dbOf = (tx: Executor | null | undefined): { db: Db } | Record<string, never> =>
    tx ? { db: fromKysely(tx) as Db } : {}

  const send: JobEngine['send'] = async (tx, jobs, { hasten = true } = {}) => {
    for (const [queue, list] of byQueue(jobs)) {
      const distinct = coalesce(list)
      const ids = await boss.insert(queue, distinct.map(asInsert), { ...dbOf(tx), returnId: true })
      if (!hasten || (ids?.length ?? 0) === distinct.length) continue
      const waiting = distinct.map(({ key, priority, startAfterMs }) => ({
        key,
        priority,
        after: startAfterMs,
      }))
      await fromKysely(tx ?? store.db).executeSql(hastenSql(schema), [queue, JSON.stringify(waiting)])
    }
  }

  async function complete(jobs: readonly JobRef[], tx?: Executor): Promise<void> {
    for (const [queue, list] of byQueue(jobs)) await boss.complete(queue, list, null, dbOf(tx))
  }

  return {
    send,
    complete,
    async start() {
      await boss.start()
      await createQueues(boss, store.kind === 'embedded')
    },
    stop: () => boss.stop({ graceful: false, close: true }),
    async fetch(queue, max, ignoreGroups = []) {
      const jobs = await boss.fetch<Envelope>(queue, { batchSize: max, ignoreGroups: [...ignoreGroups] })
      return jobs.map(({ id, retryCount, data, groupId }) => ({
        queue,
        id,
        retryCount,
        ...data,
        group: groupId ?? '',
      }))
    },
    async fail(jobs, { code, message }) {
      for (const [queue, list] of byQueue(jobs)) await boss.fail(queue, list, { code, message })
    },
    async again(jobs, afterMs) {
      if (jobs.length === 0) return
      await store.db.transaction().execute(async (tx) => {
        await complete(jobs, tx)
        await send(
          tx,
          jobs.map((job) => ({ ...job, startAfterMs: afterMs, priority: 10 })),
        )
      })
    },
    async touch(jobs) {
      for (const [queue, list] of byQueue(jobs)) {
        const held = list.map(({ id, retryCount }) => ({ id, tries: retryCount }))
        await store.raw(touchSql(schema), [queue, JSON.stringify(held)])
      }
    },
    async orphansBack() {
      const rows = await store.raw<JobRef>(
        `select name as queue, id, retry_count as "retryCount" from ${schema}.job
          where state = 'active' and name = any($1::text[])`,
        [QUEUES],
      )
      for (const [queue, list] of byQueue(rows)) {
        await boss.fail(queue, list, { code: 'orphaned', message: 'the process that worked on it ended' })
      }
      await store.raw(
        `update ${schema}.job set start_after = now() where state = 'retry' and id = any($1::uuid[])`,
        [rows.map((row) => row.id)],
      )
      return rows.length
    },
    async clockWentBack(byMs) {
      await store.raw(
        `update ${schema}.job set start_after = start_after - $1::float8 * interval '1 ms'
          where state < 'active' and start_after > now()`,
        [byMs],
      )
    },
    onSent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async schedule(key, cron, data, timeZone = 'UTC') {
      const group = { id: 'bell' }
      await boss.schedule('bell', cron, { key, data }, { key, tz: timeZone, singletonKey: key, group })
    },
    unschedule: (key) => boss.unschedule('bell', key),
    async stats() {
      const rows = await store.raw<QueueStats>(statsSql(schema), [[...QUEUES, DEAD]])
      const none = { ready: 0, deferred: 0, active: 0, oldestSeconds: 0 }
      return [...QUEUES, DEAD as 'dead'].map(
        (queue) => rows.find((row) => row.queue === queue) ?? { queue, ...none },
      )
    },
    oldest: (queue) => store.raw<{ prefix: string; since: Date }>(oldestSql(schema), [queue]),
    redrive: (limit = 1_000) => boss.redrive(DEAD, { limit }),
  }
}
