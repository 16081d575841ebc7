import type { Connector } from '@crosswalk/connectors/sdk'
import { found } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { createConnection, updateConnection } from '../store/connections.ts'
import { newId } from '../store/ids.ts'
import type { ConnectionRow, Executor } from '../store/schema.ts'
import { bridgeFactsOf, withBridgeFacts, type BridgeFacts } from './bridge-facts.ts'
import type { Actor } from './connect.ts'
import { hintOf, sealCredentials } from './credentials.ts'
import { identityChange, reasonToAsk } from './identity.ts'
import type { Probed } from './probe.ts'

const nameOf = (probed: Probed, connector: Connector): string =>
  (probed.account || `${connector.label} ${probed.origin}`).slice(0, 120)

/** Saves an account that was never connected before. */
export async function saveNew(
  tx: Executor,
  service: Service,
  actor: Actor,
  want: {
    connector: Connector
    settings: Record<string, unknown>
    credentials: unknown
    name?: string | undefined
  },
  probed: Probed,
): Promise<ConnectionRow> {
  const id = newId('connection')
  return createConnection(tx, {
    id,
    workspaceId: actor.workspaceId,
    connector: want.connector.id,
    name: want.name ?? nameOf(probed, want.connector),
    origin: probed.origin,
    settings: want.settings,
    facts: factsFrom(null, probed, service, { identity: probed.identity }),
    ...secretsFor({ id, workspace_id: actor.workspaceId }, want.credentials, service),
  })
}

/** Saves an account under the row it has, with its new secrets. */
export async function saveAgain(
  tx: Executor,
  service: Service,
  row: ConnectionRow,
  want: { settings: Record<string, unknown>; credentials: unknown; name?: string | undefined },
  probed: Probed,
): Promise<ConnectionRow> {
  const at = new Date(service.clock.now()).toISOString()
  const facts = factsFrom(row, probed, service, identityChange(row, probed.identity, at, true)?.facts ?? {})
  // Keys that are right do not say whether it has moved or is a copy.
  const asked = reasonToAsk({ facts })
  const saved = await updateConnection(tx, row.workspace_id, row.id, {
    ...(want.name === undefined ? {} : { name: want.name }),
    settings: want.settings,
    facts,
    state: asked === null ? 'active' : 'paused',
    stateReason: asked,
    ...secretsFor(row, want.credentials, service),
    // Webhooks of the former sign-in must not pass as ones of this.
    ...(row.state === 'disconnected' ? { hookSecret: null } : {}),
  })
  return found(saved, 'connection')
}

const factsFrom = (row: ConnectionRow | null, probed: Probed, service: Service, own: Partial<BridgeFacts>) =>
  withBridgeFacts(probed.facts, row, {
    ...own,
    account: probed.account,
    findings: probed.findings,
    checkedAt: new Date(service.clock.now()).toISOString(),
    feed: row ? bridgeFactsOf(row).feed : null,
  })

const secretsFor = (
  row: Pick<ConnectionRow, 'id' | 'workspace_id'>,
  credentials: unknown,
  service: Service,
) => ({
  credentials: sealCredentials(row, credentials, service.vault),
  secretsHint: { hint: hintOf(credentials), setAt: new Date(service.clock.now()).toISOString() },
})
