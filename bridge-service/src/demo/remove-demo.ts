import type { Service } from '../service-types.ts'
import { listConnections } from '../store/connections.ts'
import { deleteFlow, listFlows, moveFlow } from '../store/flows.ts'
import type { ConnectionRow, Executor, FlowRow } from '../store/schema.ts'

/** Marks the demo's connections among others. */
export const DEMO = 'demo'

/** What a demo left in the store. */
export interface DemoRows {
  connections: ConnectionRow[]
  flows: FlowRow[]
}

/** Connections of the demo, and the flows between them. */
export async function findDemo(db: Executor, workspaceId: string): Promise<DemoRows> {
  const connections = (await listConnections(db, workspaceId)).filter((row) => row.environment === DEMO)
  const ids = new Set(connections.map((row) => row.id))
  const flows = (await listFlows(db, workspaceId)).filter(
    (flow) => ids.has(flow.source_connection_id) || ids.has(flow.target_connection_id),
  )
  return { connections, flows }
}

/**
 * Takes a demo out of the store: its flows with links, history and runs, its connections with all that was noted of
 * their records. The accounts themselves were simulators and are gone, so nobody is asked for leave.
 */
export async function removeDemo(
  service: Pick<Service, 'store' | 'connections'>,
  workspaceId: string,
): Promise<void> {
  const { db } = service.store
  const { connections, flows } = await findDemo(db, workspaceId)
  for (const flow of flows) await moveFlow(db, workspaceId, flow.id, 'paused', 'The demo is being removed.')
  const ids = connections.map((row) => row.id)
  if (ids.length === 0) return
  await db.transaction().execute(async (tx) => {
    for (const flow of flows) await deleteFlow(tx, workspaceId, flow.id)
    await tx.deleteFrom('record').where('connection_id', 'in', ids).execute()
    await tx.deleteFrom('delivery').where('connection_id', 'in', ids).execute()
    await tx.deleteFrom('dependency').where('target_connection_id', 'in', ids).execute()
    await tx.deleteFrom('connection').where('id', 'in', ids).execute()
  })
  for (const id of ids) service.connections.drop(id)
}
