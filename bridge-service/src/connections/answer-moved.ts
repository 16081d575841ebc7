import { ConnectorError, type Finding } from '@crosswalk/connectors/sdk'
import { found, Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { addAudit } from '../store/audit.ts'
import { updateConnection } from '../store/connections.ts'
import type { ConnectionRow, JsonObject } from '../store/schema.ts'
import { bridgeFactsOf, withBridgeFacts } from './bridge-facts.ts'
import { connectorOf, type Actor, type Connected } from './connect.ts'
import { openCredentials } from './credentials.ts'
import { reasonToAsk } from './identity.ts'
import { checkAddress, openAccount, probeAccount, type Probed } from './probe.ts'

/**
 * A person says what an account is that calls itself by another address. A copy stays paused, and can still be said to have
 * moved. One that has moved is checked at its new address, or at the old one while that leads there, and goes on: its links
 * keep the name they were made under, so nothing is made twice.
 * @throws Problem `conflict` where nothing is asked
 */
export async function answerMoved(
  service: Service,
  actor: Actor,
  row: ConnectionRow,
  as: 'moved' | 'copy',
): Promise<Connected> {
  const { moved } = bridgeFactsOf(row)
  if (moved === null || row.state === 'disconnected') {
    throw new Problem('conflict', 'This connection is the account that was connected: there is nothing to say about it.')
  }
  if (as === 'copy') {
    const facts = withBridgeFacts(row.facts, row, { moved: { ...moved, answer: 'copy' } })
    return { row: await save(service, actor, row, { facts, stateReason: reasonToAsk({ facts }) }, 'connection.copy'), findings: [] }
  }
  const there = await probeThere(service, row, moved.to)
  if (!there.ready) return { row, findings: there.findings }
  const facts = withBridgeFacts(there.facts, row, {
    identity: moved.to,
    moved: null,
    copies: bridgeFactsOf(row).copies.filter((address) => address !== moved.to),
    movedOrigin: there.origin === row.origin ? null : there.origin,
    account: there.account,
    findings: there.findings,
    checkedAt: new Date(service.clock.now()).toISOString(),
  })
  const change = { facts, settings: there.settings, state: 'active' as const, stateReason: null }
  const saved = await save(service, actor, row, change, 'connection.moved_on')
  await service.connectionRestored(saved)
  return { row: saved, findings: there.findings }
} // prettier-ignore

async function save(
  service: Service,
  actor: Actor,
  row: ConnectionRow,
  change: Parameters<typeof updateConnection>[3],
  action: string,
): Promise<ConnectionRow> {
  const saved = await service.store.db.transaction().execute(async (tx) => {
    const now = await updateConnection(tx, actor.workspaceId, row.id, change)
    await addAudit(tx, { ...actor, action, subject: row.id })
    return found(now, 'connection')
  })
  service.connections.drop(row.id)
  return saved
}

type There = Probed & { settings: JsonObject }

/** The account at the address it calls itself by; where that does not answer so, at the one it has been called at. */
async function probeThere(service: Service, row: ConnectionRow, to: string): Promise<There> {
  const connector = connectorOf(service, row.connector)
  const settings = connector.identity?.settingsAt?.(to, connector.settings.parse(row.settings))
  const there = settings === undefined ? null : await probeAt(service, row, settings as JsonObject)
  if (there?.ready && there.identity === to) return there
  const here = await probeAt(service, row, row.settings)
  if (here.ready && here.identity === to) return here
  const notThere: Finding = {
    id: 'moved',
    state: 'failed',
    text: `The account was not found at ${to}.`,
    remedy: 'Look whether it opens under that address, then answer again.',
    blocking: true,
  }
  const findings = (there ?? here).findings.filter((finding) => finding.state === 'failed')
  return { ...here, ready: false, findings: [notThere, ...findings] }
}

async function probeAt(service: Service, row: ConnectionRow, settings: JsonObject): Promise<There> {
  const connector = connectorOf(service, row.connector)
  let { facts } = row
  const given = { settings, facts: {}, learn: (learned: object) => void (facts = { ...learned }) }
  const credentials = openCredentials(row, service.vault)
  const http = openAccount(connector, { settings, credentials, facts: () => facts }, service)
  try {
    await checkAddress(connector, settings, service)
    return { ...(await probeAccount(connector, http, given, service, async () => {})), settings }
  } catch (error) {
    const text = error instanceof ConnectorError ? error.publicMessage : error instanceof Problem ? error.message : null
    if (text === null) throw error
    const finding: Finding = { id: 'address', state: 'failed', text, remedy: '', blocking: true }
    return { ready: false, origin: '', account: '', identity: null, facts: row.facts, settings, findings: [finding] }
  } finally {
    await http.close()
  }
} // prettier-ignore
