import { createHash, randomUUID } from 'node:crypto'
import type { Notice, RawWebhook } from '@crosswalk/connectors/sdk'
import type { JobEngine } from '../jobs/types.ts'
import type { RuntimeDeps } from '../runtime/deps.ts'
import { deliveryKey, storeDeliveries, type Delivery } from '../store/deliveries.ts'
import { findActiveFlows } from '../store/flows.ts'
import { lockRecords, raiseWant } from '../store/records.ts'
import type { ConnectionRow, Executor, FlowRow } from '../store/schema.ts'
import { recordJob } from './sync-jobs.ts'

/** A verified delivery and what it tells. */
export interface Arrival {
  connection: ConnectionRow
  delivery: Delivery
  notices: readonly Notice[]
}

export interface ArrivalDeps extends Pick<RuntimeDeps, 'store' | 'clock'> {
  engine: JobEngine
  faultPoint: (name: string) => void
}

/**
 * Stores deliveries, marks what they tell of as changed and sends the jobs, in one transaction.
 * @returns for each whether it was news
 */
export async function storeArrivals(
  arrivals: readonly Arrival[],
  deps: ArrivalDeps,
): Promise<('new' | 'duplicate')[]> {
  const at = deps.clock.now()
  const seen = new Set<string>()
  let fresh = new Set<string>()
  await deps.store.db.transaction().execute(async (tx) => {
    fresh = await storeDeliveries(tx, distinct(arrivals))
    const news = arrivals.filter(({ delivery }) =>
      fresh.has(deliveryKey(delivery.connectionId, delivery.dedupeKey)),
    )
    await markChanged(tx, news)
    const flows = await flowsOf(tx, news)
    const jobs = news.flatMap(({ connection, notices }) =>
      notices.flatMap((notice) =>
        (flows.get(`${connection.id}\n${notice.entity}`) ?? []).map((flow) =>
          recordJob(
            { id: flow.id, entity: notice.entity, targetConnectionId: flow.target_connection_id },
            notice.externalId,
            { at },
          ),
        ),
      ),
    )
    if (jobs.length > 0) await deps.engine.send(tx, jobs)
    deps.faultPoint('before-receive-commit')
  })
  return arrivals.map(({ delivery }) => {
    const key = deliveryKey(delivery.connectionId, delivery.dedupeKey)
    if (!fresh.has(key) || seen.has(key)) return 'duplicate'
    seen.add(key)
    return 'new'
  })
}

/**
 * A repeat is told by content: senders reuse delivery ids for several deliveries of one second. Where the content does not
 * say when it happened (a deletion: an id and nothing else), the same bytes may be news, so they never count as a repeat.
 */
export function deliveryOf(connection: ConnectionRow, notices: readonly Notice[], raw: RawWebhook): Delivery {
  const first = notices[0] as Notice
  const hash = createHash('sha256')
  for (const notice of notices) hash.update(`${notice.topic}\n${notice.externalId}\n`)
  if (notices.some((notice) => notice.occurredAt === null)) hash.update(randomUUID())
  return {
    connectionId: connection.id,
    dedupeKey: hash.update(raw.body).digest('base64url'),
    topic: first.topic,
    externalId: notices.length === 1 ? first.externalId : null,
  }
}

/** Active flows by connection and entity; never remembered, for a flow that has just gone live misses nothing. */
async function flowsOf(tx: Executor, arrivals: readonly Arrival[]): Promise<Map<string, FlowRow[]>> {
  const flows = new Map<string, FlowRow[]>()
  for (const { connection, notices } of arrivals) {
    for (const { entity } of notices) {
      const name = `${connection.id}\n${entity}`
      if (!flows.has(name)) flows.set(name, await findActiveFlows(tx, connection.id, entity))
    }
  }
  return flows
}

const distinct = (arrivals: readonly Arrival[]): Delivery[] => [
  ...new Map(
    arrivals.map(({ delivery }) => [deliveryKey(delivery.connectionId, delivery.dedupeKey), delivery]),
  ).values(),
]

async function markChanged(tx: Executor, arrivals: readonly Arrival[]): Promise<void> {
  const groups = new Map<string, { connection: string; entity: string; tombstone: boolean; ids: string[] }>()
  for (const { connection, notices } of arrivals) {
    for (const notice of notices) {
      const tombstone = notice.change === 'deleted'
      const name = `${connection.id}\n${notice.entity}\n${tombstone}`
      const group = groups.get(name) ?? {
        connection: connection.id,
        entity: notice.entity,
        tombstone,
        ids: [],
      }
      group.ids.push(notice.externalId)
      groups.set(name, group)
    }
  }
  // In the order of the key: two processes that take the same rows cannot wait for each other.
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group)
  for (const group of sorted) {
    const other = sorted.find((one) => one.tombstone !== group.tombstone && one.connection === group.connection && one.entity === group.entity) // prettier-ignore
    if (other && !group.tombstone)
      await lockRecords(tx, group.connection, group.entity, group.ids.concat(other.ids))
    await raiseWant(tx, group.connection, group.entity, group.ids, { tombstone: group.tombstone })
  }
}
