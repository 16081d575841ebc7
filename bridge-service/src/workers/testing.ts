// Test support: a job engine that only remembers, the rows that a made-up flow needs in a store, and a shop's deliveries.
import { createHmac } from 'node:crypto'
import type { RawWebhook } from '@crosswalk/connectors/sdk'
import { sealHookSecret } from '../connections/credentials.ts'
import { pipelineDeps } from '../pipeline/testing.ts'
import type { JobEngine, JobRef, JobToSend } from '../jobs/types.ts'
import type { FlowRuntime } from '../runtime/flow-runtime.ts'
import { createConnection, getConnection, updateConnection } from '../store/connections.ts'
import type { Store } from '../store/database.ts'
import { createFlow } from '../store/flows.ts'
import { createWorkspace } from '../store/workspaces.ts'
import type { LiveDeps } from './live.ts'

/** What was sent and completed, in order. */
export function memoryEngine() {
  const sent: JobToSend[] = []
  const completed: JobRef[] = []
  const engine = {
    send: async (_tx: unknown, jobs: readonly JobToSend[]) => void sent.push(...jobs),
    complete: async (jobs: readonly JobRef[]) => void completed.push(...jobs),
  } as unknown as JobEngine
  return { engine, sent, completed }
}

export function workDeps(store: Store, flow: FlowRuntime, engine: JobEngine): LiveDeps {
  return { ...pipelineDeps(store), engine, flows: { get: async () => flow, draft: async () => flow } }
}

/** The rows of the made-up flow: its workspace, both connections and itself, active. */
export async function placeFlow(store: Store): Promise<void> {
  await createWorkspace(store.db, 'Test', 'ws_1')
  for (const [id, connector] of [
    ['conn_shop', 'shop'],
    ['conn_crm', 'crm'],
  ] as const)
    // prettier-ignore
    await createConnection(store.db, { id, workspaceId: 'ws_1', connector, name: id, origin: `${id}.test` })
  await createFlow(store.db, { id: 'flow_1', workspaceId: 'ws_1', name: 'Orders', sourceConnectionId: 'conn_shop', targetConnectionId: 'conn_crm', entity: 'order' }) // prettier-ignore
  await store.db.updateTable('flow').set({ state: 'active' }).execute()
}

/**
 * Puts `count` active flows of orders in the place of all there are, each from a WooCommerce of its own to a HubSpot of its
 * own: `flow_0` from `shop_0` to `crm_0`, and so on.
 */
export async function placeFlows(store: Store, count: number): Promise<void> {
  await store.raw('truncate workspace, connection, flow, run, record, link, "cursor" cascade')
  await createWorkspace(store.db, 'Test', 'ws_1')
  for (const [connector, prefix] of [
    ['woocommerce', 'shop_'],
    ['hubspot', 'crm_'],
  ] as const)
    await store.raw(
      `insert into connection (id, workspace_id, connector, name, origin, hook_id)
       select $2 || n, 'ws_1', $1, $2 || n, $2 || n, $2 || n from generate_series(0, $3::int - 1) as n`,
      [connector, prefix, count],
    )
  await store.raw(
    `insert into flow (id, workspace_id, name, source_connection_id, target_connection_id, entity, state, created_at)
     select 'flow_' || n, 'ws_1', 'Orders', 'shop_' || n, 'crm_' || n, 'order', 'active', '2026-01-01'
       from generate_series(0, $1::int - 1) as n`,
    [count],
  )
}

/** Makes the made-up flow's source one whose webhooks we take. @returns their address, and deliveries as it would send them */
export async function placeWebhooks(
  store: Store,
): Promise<{ hookId: string; updateOf: (id: number) => RawWebhook }> {
  const row = { id: 'conn_shop', workspace_id: 'ws_1' }
  const secret = 'the secret of the webhooks'
  const hookSecret = sealHookSecret(row, secret, pipelineDeps(store).vault)
  await store.db
    .updateTable('connection')
    .set({ connector: 'woocommerce' })
    .where('id', '=', row.id)
    .execute()
  await updateConnection(store.db, row.workspace_id, row.id, { hookSecret })
  return {
    hookId: (await getConnection(store.db, row.workspace_id, row.id))?.hook_id ?? '',
    updateOf: (id) => {
      const body = Buffer.from(JSON.stringify({ id, date_modified_gmt: '2026-11-21T20:43:03' }))
      const signature = createHmac('sha256', secret).update(body).digest('base64')
      return {
        method: 'POST',
        url: 'http://localhost/hooks',
        headers: { 'x-wc-webhook-topic': 'order.updated', 'x-wc-webhook-signature': signature },
        body,
      }
    },
  }
}
