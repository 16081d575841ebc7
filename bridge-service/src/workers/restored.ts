import { listActiveFlows } from '../store/flows.ts'
import type { ConnectionRow } from '../store/schema.ts'
import { requeueBehind } from './behind.ts'
import { lookAfterWebhooks } from './watch.ts'

/**
 * A connection may be used again after it was refused: what waited gets its jobs back, and the webhooks of a source are
 * looked after, which may have been made with keys that count no more.
 */
export async function goOn(
  connection: ConnectionRow,
  deps: Parameters<typeof lookAfterWebhooks>[2],
): Promise<void> {
  const live = await listActiveFlows(deps.store.db)
  const ends = live.filter((flow) =>
    [flow.source_connection_id, flow.target_connection_id].includes(connection.id),
  )
  for (const flow of ends) await requeueBehind(flow, deps, { waiting: true })
  const own = ends.filter((flow) => flow.source_connection_id === connection.id)
  await lookAfterWebhooks(connection.id, own, deps)
}
