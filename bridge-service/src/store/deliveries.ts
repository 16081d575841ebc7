import { sql } from 'kysely'
import { type Executor, json } from './schema.ts'

export interface Delivery {
  connectionId: string
  /** The provider's event id, else a hash of topic, resource id, modification time and body. */
  dedupeKey: string
  topic: string
  externalId?: string | null
  /** Sealed; left out where the record is read again anyway. */
  body?: Uint8Array | null
}

/**
 * The same words later are news, and so they are once something else was said of the record: an order trashed and restored
 * within a second reads as before, for stamps are whole seconds. Marking a record once too often costs a look at it, once
 * too seldom loses a change.
 */
const REPEAT_SECONDS = 60

/**
 * Stores webhook deliveries in one statement, in the transaction that also raises want and sends the jobs.
 * @returns the dedupe keys (`connectionId\ndedupeKey`) that are new; the others are repeats: answer 2xx, do nothing
 */
export async function storeDeliveries(tx: Executor, deliveries: readonly Delivery[]): Promise<Set<string>> {
  if (deliveries.length === 0) return new Set()
  const input = deliveries.map((delivery) => ({
    connection_id: delivery.connectionId,
    dedupe_key: delivery.dedupeKey,
    topic: delivery.topic,
    external_id: delivery.externalId ?? null,
    body: delivery.body ? Buffer.from(delivery.body).toString('hex') : null,
  }))
  const { rows } = await sql<{ connection_id: string; dedupe_key: string }>`
    insert into delivery as d (connection_id, dedupe_key, topic, external_id, body)
    select connection_id, dedupe_key, topic, external_id, decode(body, 'hex')
      from json_to_recordset(${json(input)}::json)
        as i(connection_id text, dedupe_key text, topic text, external_id text, body text)
     order by connection_id, dedupe_key
    on conflict (connection_id, dedupe_key) do update set received_at = now()
      where d.received_at < now() - ${REPEAT_SECONDS}::int * interval '1 second' or d.received_at > now()
         or exists (select 1 from delivery other
              where other.connection_id = d.connection_id and other.external_id = d.external_id
                and other.received_at >= d.received_at and other.dedupe_key <> d.dedupe_key)
    returning d.connection_id, d.dedupe_key`.execute(tx)
  return new Set(rows.map((row) => deliveryKey(row.connection_id, row.dedupe_key)))
}

export function deliveryKey(connectionId: string, dedupeKey: string): string {
  return `${connectionId}\n${dedupeKey}`
}

/** Stores one delivery. */
export async function storeDelivery(tx: Executor, delivery: Delivery): Promise<'new' | 'duplicate'> {
  const stored = await storeDeliveries(tx, [delivery])
  return stored.size === 1 ? 'new' : 'duplicate'
}

/** When the last delivery came in per connection: notices webhooks that have fallen silent. */
export async function lastDeliveries(
  db: Executor,
  workspaceId: string,
): Promise<{ connectionId: string; receivedAt: Date }[]> {
  const { rows } = await sql<{ connection_id: string; received_at: Date }>`
    select c.id as connection_id, max(d.received_at) as received_at from connection c
      join delivery d on d.connection_id = c.id where c.workspace_id = ${workspaceId} group by c.id`.execute(
    db,
  )
  return rows.map((row) => ({ connectionId: row.connection_id, receivedAt: row.received_at }))
}
