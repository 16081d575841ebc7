import { connectionOf, connectionTrouble, openFor, solvedIf, type Cause } from '../cause.ts'
import { liveFlowsOf, type WatchedConnection } from '../world.ts'

/** Work tries an account that fails at least this often; one nobody tried for longer is not known to fail. */
const TRIED_WITHIN_MS = 15 * 60_000

/** How long an account is asked whether a message from another address was its own. */
const ASKING_MS = 2 * 60_000

/** True while nothing good is known of an account. */
export const isFailing = (connection: WatchedConnection): boolean => connection.failing !== null

/** A sign-in that the other side does not accept any more. */
export const refused: Cause = {
  id: 'refused',
  look: (world) =>
    [...world.connections.values()]
      .filter((connection) => connection.state === 'unauthorized')
      .map((connection) => {
        const open = openFor(world, 'refused', connection)
        return connectionTrouble('refused', connection, open?.since.getTime() ?? connection.updatedAt, {
          words: 'refused',
          reason: connection.stateReason,
          flows: liveFlowsOf(world, connection.id).length,
        })
      }),
  outcome: (alarm, world) => solvedIf(connectionOf(alarm, world)?.state === 'active'),
}

/** An account that gives no good answer for longer than its workspace puts up with. */
export const unreachable: Cause = {
  id: 'unreachable',
  look: (world) =>
    [...world.connections.values()].flatMap((connection) => {
      const { failing } = connection
      if (failing === null || connection.state !== 'active') return []
      const limitMs = world.settingsOf(connection.workspaceId).unreachableMinutes * 60_000
      if (world.now - failing.since < limitMs || world.now - failing.lastAt > TRIED_WITHIN_MS) return []
      return connectionTrouble('unreachable', connection, failing.since, {
        words: failing.kind === 'rate_limited' ? 'limited' : 'unreachable',
        reason: failing.message,
        flows: liveFlowsOf(world, connection.id).length,
      })
    }),
  outcome: (alarm, world) => {
    const connection = connectionOf(alarm, world)
    return solvedIf(connection?.state === 'active' && connection.failing === null)
  },
}

/** An account that calls itself by another address: it stands still until somebody says what it is. */
export const moved: Cause = {
  id: 'moved',
  look: (world) =>
    [...world.connections.values()].flatMap((connection) => {
      const asked = connection.bridge.moved
      if (connection.state !== 'paused' || !asked || asked.answer !== null) return []
      // A message of a copy is found out by asking the account, which takes a moment.
      if (asked.toldBy === 'message' && world.now - Date.parse(asked.since) < ASKING_MS) return []
      return connectionTrouble('moved', connection, Date.parse(asked.since), {
        words: 'moved',
        from: connection.bridge.identity ?? '',
        to: asked.to,
        flows: liveFlowsOf(world, connection.id).length,
      })
    }),
  outcome: (alarm, world) => solvedIf(connectionOf(alarm, world)?.state === 'active'),
}
