import { isDeepStrictEqual } from 'node:util'
import { ConnectorError, type Connector, type Webhooks } from '@crosswalk/connectors/sdk'
import type { ConnectionRuntime } from '../runtime/connection-runtime.ts'
import type { RuntimeDeps } from '../runtime/deps.ts'
import { getConnection, updateConnection } from '../store/connections.ts'
import { randomText } from '../store/ids.ts'
import type { ConnectionRow, FlowRow } from '../store/schema.ts'
import { bridgeFactsOf, withBridgeFacts, type Feed } from './bridge-facts.ts'
import { openHookSecret, sealHookSecret } from './credentials.ts'
import { keepHookTrouble } from './hook-trouble.ts'

export type SubscriptionDeps = Pick<RuntimeDeps, 'store' | 'vault' | 'log' | 'allowHosts' | 'leaving'> & {
  publicUrl: string | null
}

/** `revived`: topics that were off or missing at the source and are on again; the gap has to be read. */
export type Subscribed = Feed & { revived: readonly string[] }

/** Letters and digits only, which every sender takes: some decode HTML entities in a secret before they use it. */
const SECRET_LENGTH = 48
/** How often a source is read that cannot tell of changes by itself. */
export const SWEEP_ONLY_SECONDS = 60

/** Where a connection's webhooks are sent. */
export const hookUrl = (publicUrl: string, row: Pick<ConnectionRow, 'hook_id'>): string =>
  `${publicUrl}/hooks/${row.hook_id}`

const inWords = (seconds: number): string =>
  seconds < 60
    ? `every ${seconds} seconds`
    : seconds < 120
      ? 'every minute'
      : `every ${Math.round(seconds / 60)} minutes`

/**
 * Why a connection can have no webhooks here; null where it can. An address of our own that `allowHosts` opens counts as
 * reachable: then shop and bridge share a machine or a network, and whoever runs them says so.
 */
export function sweepOnlyReason(
  connector: Connector,
  publicUrl: string | null,
  allowHosts: readonly string[],
): string | null {
  const { label, webhooks } = connector
  const often = inWords(SWEEP_ONLY_SECONDS)
  const instead = `Changes are read ${often} instead.`
  if (!webhooks) return `${label} does not tell of changes by itself. They are read ${often}.`
  if (webhooks.how === 'by_hand') {
    return `Webhooks of ${label} have to be set up by hand there. Until they come, changes are read ${often}.`
  }
  if (webhooks.how === 'per_app' || !webhooks.subscribe) {
    return `${label} sends webhooks to its app as a whole, not for one account. ${instead}`
  }
  if (publicUrl === null) {
    return `This bridge has no public address (PUBLIC_URL) that ${label} could send webhooks to. ${instead}`
  }
  const url = URL.parse(`${publicUrl}/hooks/0`)
  if (url === null || !(webhooks.reaches(url) || allowHosts.includes(url.host))) {
    return `${label} cannot send webhooks to ${publicUrl}: it takes only addresses and ports it can reach. ${instead}`
  }
  return null
}

/** Topics that tell of what the flows carry. */
export function topicsFor(
  webhooks: Webhooks,
  flows: readonly Pick<FlowRow, 'entity' | 'settings'>[],
): string[] {
  const entities = new Set(
    flows.filter((flow) => flow.settings['webhooks'] !== false).map((flow) => flow.entity),
  )
  return Object.entries(webhooks.topics).flatMap(([topic, { entity }]) =>
    entities.has(entity) ? [topic] : [],
  )
}

/**
 * Makes the webhooks that the active flows of a source need, and switches on again those that were switched off. Where
 * that cannot be, says why; sweeps go on in any case. Repeatable; never throws for what the other side does, only when this
 * process is about to end.
 * @param flows flows known to be live; other active flows of the connection count too
 */
export async function ensureSubscriptions(
  connection: ConnectionRuntime,
  flows: readonly FlowRow[],
  deps: SubscriptionDeps,
): Promise<Subscribed> {
  const { connector, row } = connection
  const reason = sweepOnlyReason(connector, deps.publicUrl, deps.allowHosts)
  if (reason !== null) return keep(row, { mode: 'sweep', reason, topics: [] }, [], deps)
  const webhooks = connector.webhooks as Webhooks & Required<Pick<Webhooks, 'subscribe'>>
  const topics = topicsFor(webhooks, await liveFlows(connection, flows, deps))
  if (topics.length === 0) {
    return keep(
      row,
      { mode: 'sweep', reason: 'No flow that is live listens to webhooks.', topics: [] },
      [],
      deps,
    )
  }
  const url = hookUrl(deps.publicUrl as string, row)
  let current = row
  try {
    const lost = await forgetLostSecret(row, deps)
    current = await withSecret(row, deps)
    const secret = openHookSecret(current, deps.vault) as string
    // Webhooks speak with the rights of whoever made them; made anew they have those of the keys in use now, and are
    // signed with the secret of now.
    const renew = lost || bridgeFactsOf(current).hookTrouble !== null
    const made = await connection.http.drive(
      webhooks.subscribe({ url, secret, topics, renew }, connection.context()),
      { signal: AbortSignal.any([AbortSignal.timeout(60_000), ...(deps.leaving ? [deps.leaving] : [])]) },
    )
    const active = made.subscriptions.filter((entry) => entry.active).map((entry) => entry.topic)
    if (renew) await keepHookTrouble(deps.store.db, row.id, null)
    const words = `${connector.label} tells of changes by webhook.`
    return await keep(
      current,
      { mode: 'webhooks', reason: words, topics: [...new Set(active)].sort() },
      made.revived,
      deps,
    )
  } catch (error) {
    // Broken off because this process ends: that says nothing about the other side.
    if (deps.leaving?.aborted) throw error
    const why =
      error instanceof ConnectorError ? error.publicMessage : `${connector.label} did not answer in time.`
    deps.log.warn(
      { connection: row.id, kind: (error as { kind?: string }).kind },
      'webhooks could not be made',
    )
    const text = `Webhooks could not be made: ${why} Changes are read ${inWords(SWEEP_ONLY_SECONDS)} instead.`
    const failingSince = bridgeFactsOf(current).feed?.failingSince ?? new Date().toISOString()
    return keep(current, { mode: 'sweep', reason: text, topics: [], failingSince }, [], deps)
  }
}

async function liveFlows(
  connection: ConnectionRuntime,
  flows: readonly FlowRow[],
  deps: SubscriptionDeps,
): Promise<FlowRow[]> {
  const active = await deps.store.db
    .selectFrom('flow')
    .selectAll()
    .where('source_connection_id', '=', connection.id)
    .where('state', '=', 'active')
    .execute()
  return [...active, ...flows.filter((flow) => !active.some((other) => other.id === flow.id))]
}

/**
 * Forgets a webhook secret that was sealed with a master key that is gone: nobody could tell what is signed with it from
 * what is forged. @returns true where there was one
 */
async function forgetLostSecret(row: ConnectionRow, deps: SubscriptionDeps): Promise<boolean> {
  const current = (await getConnection(deps.store.db, row.workspace_id, row.id)) ?? row
  if (current.hook_secret === null || deps.vault.knows(current.hook_secret)) return false
  await deps.store.db
    .updateTable('connection')
    .set({ hook_secret: null })
    .where('id', '=', row.id)
    .where('hook_secret', '=', current.hook_secret)
    .execute()
  return true
}

/** The row with a webhook secret of its own, stored before anybody else learns it. */
async function withSecret(row: ConnectionRow, deps: SubscriptionDeps): Promise<ConnectionRow> {
  const current = (await getConnection(deps.store.db, row.workspace_id, row.id)) ?? row
  if (current.hook_secret !== null) return current
  const hookSecret = sealHookSecret(row, randomText(SECRET_LENGTH), deps.vault)
  const saved = await deps.store.db
    .updateTable('connection')
    .set({ hook_secret: hookSecret })
    .where('id', '=', row.id)
    .where('hook_secret', 'is', null)
    .returningAll()
    .executeTakeFirst()
  return saved ?? (await getConnection(deps.store.db, row.workspace_id, row.id)) ?? current
}

/** Saves how changes come in, where that is news: a changed row makes every process set the connection up anew. */
async function keep(
  row: ConnectionRow,
  feed: Feed,
  revived: readonly string[],
  deps: SubscriptionDeps,
): Promise<Subscribed> {
  const current = (await getConnection(deps.store.db, row.workspace_id, row.id)) ?? row
  if (!isDeepStrictEqual(bridgeFactsOf(current).feed, feed)) {
    await updateConnection(deps.store.db, row.workspace_id, row.id, {
      facts: withBridgeFacts(current.facts, current, { feed }),
    })
  }
  return { ...feed, revived }
}
