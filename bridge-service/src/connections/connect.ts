import { sql } from 'kysely'
import type { Connector, Finding } from '@crosswalk/connectors/sdk'
import { found, issuesOf, Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { addAudit } from '../store/audit.ts'
import { getConnection, listConnections, updateConnection } from '../store/connections.ts'
import type { ConnectionRow, Executor } from '../store/schema.ts'
import { bridgeFactsOf, withBridgeFacts } from './bridge-facts.ts'
import { identityChange, reasonToAsk } from './identity.ts'
import { keysForm, methodOf } from './methods.ts'
import { checkAddress, openAccount, parseConnectorSettings, probeAccount, type Probed } from './probe.ts'
import { saveAgain, saveNew } from './save.ts'

/** Who does it, for the audit and the workspace. */
export interface Actor {
  workspaceId: string
  actor: string
}

/** `row` is null when a blocking finding kept the connection from being saved. */
export interface Connected {
  row: ConnectionRow | null
  findings: readonly Finding[]
}

/** The connector of that id. @throws Problem */
export function connectorOf(service: Pick<Service, 'connectors'>, id: string): Connector {
  const connector = Object.hasOwn(service.connectors, id) ? service.connectors[id] : undefined
  if (connector) return connector
  throw new Problem('bad_request', 'There is no such system.', {
    issues: [
      {
        path: ['body', 'connector'],
        message: 'There is no such system.',
        expected: `one of: ${Object.keys(service.connectors).join(', ')}`,
      },
    ],
  })
}

/** Keys from a form as the connector's credentials. @throws Problem `bad_request` with an issue per field */
function parseKeys(
  connector: Connector,
  methodId: string | undefined,
  input: Record<string, unknown>,
): unknown {
  const { fixed } = keysForm(connector, methodOf(connector, 'keys', methodId))
  const parsed = connector.credentials.safeParse({ ...input, ...fixed })
  if (parsed.success) return parsed.data
  throw new Problem('bad_request', 'The keys are not right.', {
    issues: issuesOf(parsed.error, ['body', 'credentials']),
  })
}

/** Connects an account with keys that a user typed in. */
export async function connectWithKeys(
  service: Service,
  actor: Actor,
  want: {
    connector: string
    name?: string | undefined
    method?: string | undefined
    settings: Record<string, unknown>
    credentials: Record<string, unknown>
  },
): Promise<Connected> {
  const connector = connectorOf(service, want.connector)
  const settings = parseConnectorSettings(connector, want.settings)
  const credentials = parseKeys(connector, want.method, want.credentials)
  return connectAccount(service, actor, { connector, settings, credentials, name: want.name })
}

/** Checks, prepares and saves an account. One that was disconnected comes back under its old id, with its links. */
export async function connectAccount(
  service: Service,
  actor: Actor,
  want: {
    connector: Connector
    settings: Record<string, unknown>
    credentials: unknown
    name?: string | undefined
  },
): Promise<Connected> {
  const { connector } = want
  const probed = await probe(service, want, async (origin, account) => {
    refuseSecond(await sameAccount(service.store.db, actor.workspaceId, connector, origin), account)
  })
  if (!probed.ready) return { row: null, findings: probed.findings }
  const row = await service.store.db.transaction().execute(async (tx) => {
    const place = `${actor.workspaceId}/${connector.id}/${probed.origin}`
    await sql`select pg_advisory_xact_lock(hashtextextended(${place}::text, 1))`.execute(tx)
    const same = await sameAccount(tx, actor.workspaceId, connector, probed.origin)
    refuseSecond(same, probed.account)
    const saved = same
      ? await saveAgain(tx, service, same, want, probed)
      : await saveNew(tx, service, actor, want, probed)
    await addAudit(tx, {
      ...actor,
      action: same ? 'connection.revived' : 'connection.created',
      subject: saved.id,
      detail: { connector: connector.id, origin: probed.origin },
    })
    return saved
  })
  service.connections.drop(row.id)
  await service.budget.noteCalls(row.id, probed.calls)
  return { row, findings: probed.findings }
}

/** Gives a connection new secrets. They have to be those of the same account: links belong to it. */
export async function reconnect(
  service: Service,
  actor: Actor,
  row: ConnectionRow,
  want: { settings?: Record<string, unknown> | undefined; credentials: unknown },
): Promise<Connected> {
  const connector = connectorOf(service, row.connector)
  const settings = parseConnectorSettings(connector, want.settings ?? row.settings)
  const probed = await probe(
    service,
    { connector, settings, credentials: want.credentials },
    async (origin, account) => {
      if (isOf(row, origin)) return
      throw new Problem(
        'conflict',
        `These keys belong to another account (${account || origin}) than this connection (${row.origin}). Make a new connection for it.`,
      )
    },
  )
  if (!probed.ready) return { row: null, findings: probed.findings }
  const saved = await service.store.db.transaction().execute(async (tx) => {
    const again = await saveAgain(tx, service, row, { settings, credentials: want.credentials }, probed)
    await addAudit(tx, { ...actor, action: 'connection.reconnected', subject: row.id })
    return again
  })
  service.connections.drop(row.id)
  // It has just answered well: whatever it was left alone for is over.
  await service.budget.unblock(row.id)
  await service.budget.noteCalls(row.id, probed.calls)
  await service.connectionRestored(saved)
  return { row: saved, findings: probed.findings }
}

/** As `reconnect`, with keys from a form. */
export const reconnectWithKeys = async (
  service: Service,
  actor: Actor,
  row: ConnectionRow,
  want: {
    method?: string | undefined
    settings?: Record<string, unknown> | undefined
    credentials: Record<string, unknown>
  },
): Promise<Connected> =>
  reconnect(service, actor, row, {
    settings: want.settings,
    credentials: parseKeys(connectorOf(service, row.connector), want.method, want.credentials),
  })

/** Checks a saved connection again and learns anew what its account offers. */
export async function checkAgain(service: Service, actor: Actor, row: ConnectionRow): Promise<Connected> {
  if (row.state === 'disconnected') {
    throw new Problem('conflict', 'This connection was ended. Connect the account again.')
  }
  const runtime = service.connections.fromRow(row)
  const { connector } = runtime
  let facts = row.facts
  const probed = await probeAccount(
    connector,
    runtime.http,
    { settings: row.settings, facts, learn: (learned) => (facts = learned) },
    service,
    async () => {},
  )
  const healthy = probed.ready && isOf(row, probed.origin)
  // Webhooks may have come while it was asked.
  const now = found(await getConnection(service.store.db, actor.workspaceId, row.id), 'connection')
  const at = new Date(service.clock.now()).toISOString()
  const own = identityChange(now, probed.identity, at, true)
  const known = withBridgeFacts(probed.ready ? probed.facts : now.facts, now, {
    findings: probed.findings,
    checkedAt: at,
    ...(probed.account === '' ? {} : { account: probed.account }),
    ...own?.facts,
  })
  // A refused key that works again (a password reset undone at the other side) needs no new sign-in.
  const asked = reasonToAsk({ facts: known })
  const standing = (healthy && now.state === 'unauthorized') || own?.state !== undefined
  const saved = await updateConnection(service.store.db, actor.workspaceId, row.id, {
    facts: known,
    ...(standing ? { state: asked === null ? 'active' : 'paused', stateReason: asked } : {}),
  })
  await addAudit(service.store.db, { ...actor, action: 'connection.checked', subject: row.id })
  if (saved && saved.state === 'active' && row.state !== 'active') await service.connectionRestored(saved)
  return { row: found(saved, 'connection'), findings: probed.findings }
}

async function probe(
  service: Service,
  account: { connector: Connector; settings: Record<string, unknown>; credentials: unknown },
  mayPrepare: (origin: string, account: string) => Promise<void>,
): Promise<Probed & { calls: number }> {
  const { connector, settings } = account
  await checkAddress(connector, settings, service)
  let facts = {}
  let calls = 0
  const http = openAccount(connector, { ...account, facts: () => facts }, service, () => (calls += 1))
  try {
    const given = { settings, facts, learn: (learned: object) => void (facts = learned) }
    return { ...(await probeAccount(connector, http, given, service, mayPrepare)), calls }
  } finally {
    await http.close()
  }
}

async function sameAccount(
  db: Executor,
  workspaceId: string,
  connector: Connector,
  origin: string,
): Promise<ConnectionRow | undefined> {
  const rows = await listConnections(db, workspaceId)
  return rows.find((row) => row.connector === connector.id && isOf(row, origin))
}

/** Whether an account is that of a connection, also after it has moved. */
const isOf = (row: ConnectionRow, origin: string): boolean =>
  origin === row.origin || origin === bridgeFactsOf(row).movedOrigin

function refuseSecond(same: ConnectionRow | undefined, account: string): void {
  if (!same || same.state === 'disconnected') return
  throw new Problem(
    'already_connected',
    `${account || same.origin} is connected already, as “${same.name}” (${same.id}). Reconnect that one instead of making a second.`,
  )
}
