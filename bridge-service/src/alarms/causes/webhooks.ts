import { forgetUntold, wasTold } from '../../store/reach.ts'
import { connectionOf, connectionTrouble, openFor, solvedIf, type Cause, type LookDeps } from '../cause.ts'
import { isLive, type WatchedConnection, type World } from '../world.ts'
import type { Trouble } from '../../store/alarms.ts'
import { isFailing } from './accounts.ts'

/** After a start or a break, what was missed meanwhile is read first: no webhook tells of that. */
const CATCH_UP_MS = 15 * 60_000
/** One change may be told late or be made past the webhooks; as many, over as long, are a sign. */
const LEAST_UNTOLD = 3
const LEAST_SPREAD_MS = 5 * 60_000

/** How often a connection is read, in ms, by the flow that reads it most often. */
const everyMsOf = (world: World, connection: WatchedConnection): number =>
  Math.min(...world.flows.flatMap((flow) => isLive(flow) && flow.source.id === connection.id ? (flow.everyMs ?? []) : []), 3_600_000) // prettier-ignore

/** Why no webhooks come that should; null where they do or none should. */
function known(world: World, connection: WatchedConnection): Trouble | null {
  const { feed, hookTrouble } = connection.bridge
  const facts = { everyMs: everyMsOf(world, connection) }
  const limitMs = world.settingsOf(connection.workspaceId).untoldMinutes * 60_000
  const open = openFor(world, 'untold', connection)
  if (hookTrouble) {
    const since = open?.since.getTime() ?? world.now
    return connectionTrouble('untold', connection, since, { words: 'hookTrouble', reason: hookTrouble, ...facts }) // prettier-ignore
  }
  const since = Date.parse(feed?.failingSince ?? '')
  if (world.now - since < limitMs || Number.isNaN(since)) return null
  return connectionTrouble('untold', connection, since, { words: 'unsubscribed', reason: feed?.reason ?? '', ...facts }) // prettier-ignore
}

/** Changes come, but no webhook tells of them. An open alarm stays until one does. */
async function silent(world: World, connection: WatchedConnection, deps: LookDeps): Promise<Trouble | null> {
  const { db } = deps.store
  const began = beganSilent(world, connection)
  if (began === null) return null
  if (began === 'too_early' || (await wasTold(db, connection.id, new Date(began.since)))) {
    if (connection.untold !== null) await forgetUntold(db, [connection.id])
    return null
  }
  const facts = { count: began.count, everyMs: everyMsOf(world, connection) }
  return connectionTrouble('untold', connection, began.since, { words: 'untold', ...facts })
}

/** Since when, and how many changes, nobody told of, where it is worth a question to the store. */
function beganSilent(
  world: World,
  connection: WatchedConnection,
): { since: number; count: number } | 'too_early' | null {
  const open = openFor(world, 'untold', connection)
  const { untold } = connection
  if (open?.facts['words'] === 'untold') {
    return { since: open.since.getTime(), count: Math.max(untold?.count ?? 0, Number(open.facts['count'])) }
  }
  if (untold === null || connection.bridge.feed?.mode !== 'webhooks') return null
  const caughtUp = world.watchingSince + CATCH_UP_MS
  if (untold.since < caughtUp) return world.now < caughtUp ? null : 'too_early'
  const limitMs = world.settingsOf(connection.workspaceId).untoldMinutes * 60_000
  const sure = untold.count >= LEAST_UNTOLD && untold.lastAt - untold.since >= LEAST_SPREAD_MS
  return sure && world.now - untold.since >= limitMs ? untold : null
}

/** Webhooks that are off, cannot be made, tell of trouble, or stay away. */
export const untold: Cause = {
  id: 'untold',
  look: async (world, deps) => {
    const found: Trouble[] = []
    const read = new Set(world.flows.filter(isLive).map((flow) => flow.source.id))
    for (const connection of world.connections.values()) {
      if (connection.state !== 'active' || isFailing(connection) || !read.has(connection.id)) continue
      const trouble = known(world, connection) ?? (await silent(world, connection, deps))
      if (trouble) found.push(trouble)
    }
    return found
  },
  unsure: (alarm, world) => {
    const connection = connectionOf(alarm, world)
    return connection !== undefined && (connection.state === 'unauthorized' || isFailing(connection))
  },
  outcome: (alarm, world) => {
    const connection = connectionOf(alarm, world)
    return solvedIf(
      connection?.state === 'active' &&
        connection.bridge.feed?.mode === 'webhooks' &&
        !connection.bridge.hookTrouble,
    )
  },
}
