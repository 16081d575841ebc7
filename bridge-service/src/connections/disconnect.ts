import { revokeRequest, type Finding } from '@crosswalk/connectors/sdk'
import type { ConnectionRuntime } from '../runtime/connection-runtime.ts'
import { found } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { addAudit } from '../store/audit.ts'
import { updateConnection } from '../store/connections.ts'
import { listFlows, moveFlow } from '../store/flows.ts'
import type { ConnectionRow, FlowRow } from '../store/schema.ts'
import { withBridgeFacts } from './bridge-facts.ts'
import type { Actor, Connected } from './connect.ts'
import { openCredentials } from './credentials.ts'
import { hookUrl } from './subscriptions.ts'

/** What the other side is given to answer a goodbye; the connection ends in any case. */
const GOODBYE_MS = 15_000

/**
 * Ends a connection: its flows are paused, its webhooks removed and its token revoked as far as the other side goes
 * along, and its secrets erased here. Row, links and history stay, so that connecting again goes on where it ended.
 */
export async function disconnect(service: Service, actor: Actor, row: ConnectionRow): Promise<Connected> {
  const paused = await pauseFlows(service, actor, row)
  const findings: Finding[] = []
  if (row.state !== 'disconnected' && row.credentials !== null) {
    findings.push(...(await sayGoodbye(service, row)))
  }
  const saved = await service.store.db.transaction().execute(async (tx) => {
    const ended = await updateConnection(tx, actor.workspaceId, row.id, {
      credentials: null,
      hookSecret: null,
      secretsHint: {},
      state: 'disconnected',
      stateReason: 'Disconnected by a user.',
      facts: withBridgeFacts(row.facts, row, { feed: null, findings: [] }),
    })
    await addAudit(tx, {
      ...actor,
      action: 'connection.disconnected',
      subject: row.id,
      detail: { pausedFlows: paused.map((flow) => flow.id), undone: findings.map((finding) => finding.id) },
    })
    return ended
  })
  service.connections.drop(row.id)
  return { row: found(saved, 'connection'), findings }
}

async function pauseFlows(service: Service, actor: Actor, row: ConnectionRow): Promise<FlowRow[]> {
  const flows = await listFlows(service.store.db, actor.workspaceId)
  const paused: FlowRow[] = []
  for (const flow of flows) {
    if (flow.source_connection_id !== row.id && flow.target_connection_id !== row.id) continue
    if (flow.state !== 'active') continue
    const reason = `“${row.name}” was disconnected.`
    const moved = await moveFlow(service.store.db, actor.workspaceId, flow.id, 'paused', reason)
    if (moved) paused.push(moved)
  }
  return paused
}

async function sayGoodbye(service: Service, row: ConnectionRow): Promise<Finding[]> {
  const untold = undone(
    'goodbye',
    'The other system could not be told.',
    'Remove webhooks and keys of Crosswalk there by hand.',
  )
  // Its secrets cannot be read without the master key they were sealed with.
  if (row.credentials !== null && !service.vault.knows(row.credentials)) return [untold]
  let runtime: ConnectionRuntime
  try {
    runtime = service.connections.fromRow(row)
  } catch (error) {
    service.log.warn({ connection: row.id, err: error }, 'disconnected without a goodbye')
    return [untold]
  }
  const { connector } = runtime
  const findings: Finding[] = []
  const attempt = async (finding: Finding, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      service.log.warn(
        { connection: row.id, kind: (error as { kind?: string }).kind, step: finding.id },
        'goodbye failed',
      )
      findings.push(finding)
    }
  }
  const unsubscribe = connector.webhooks?.unsubscribe
  const { publicUrl } = service.config
  if (unsubscribe && publicUrl !== null && row.hook_secret !== null) {
    const finding = undone(
      'webhooks',
      `Webhooks could not be removed at ${connector.label}.`,
      'Remove those named Crosswalk there by hand.',
    )
    const signal = AbortSignal.timeout(GOODBYE_MS)
    await attempt(finding, () =>
      runtime.http.drive(unsubscribe(hookUrl(publicUrl, row), runtime.context()), { signal }),
    )
  }
  const method = connector.auth.methods.find((entry) => entry.kind === 'oauth2')
  const client = service.config.oauthClients[row.connector]
  const { refreshToken } = (openCredentials(row, service.vault) ?? {}) as { refreshToken?: string }
  const revoke =
    method?.kind === 'oauth2' && client && refreshToken !== undefined
      ? revokeRequest(method, client, refreshToken)
      : null
  if (revoke !== null) {
    const finding = undone(
      'token',
      `The permission could not be withdrawn at ${connector.label}.`,
      'Remove the app Crosswalk in your account there.',
    )
    await attempt(finding, async () => {
      const reply = await runtime.http.token(revoke, { signal: AbortSignal.timeout(GOODBYE_MS) })
      if (reply.status >= 400) throw new Error(`status ${reply.status}`)
    })
  }
  return findings
}

const undone = (id: string, text: string, remedy: string): Finding => ({
  id,
  state: 'warning',
  text,
  remedy,
  blocking: false,
})
