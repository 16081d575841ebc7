import type { AlarmCause } from '@crosswalk/shared/alarms'
import type { Vault } from '../store/vault.ts'
import type { Store } from '../store/database.ts'
import type { JobEngine } from '../jobs/types.ts'
import type { AlarmFacts, AlarmOutcome, AlarmRow } from '../store/alarm-schema.ts'
import type { Trouble } from '../store/alarms.ts'
import { alarmKey, type WatchedConnection, type WatchedFlow, type World } from './world.ts'
import type { WordsOf } from './words.ts'

export interface LookDeps {
  store: Pick<Store, 'db'>
  vault: Vault
  engine: Pick<JobEngine, 'oldest'>
}

/** One kind of thing that is watched for. */
export interface Cause {
  id: AlarmCause
  /** What is wrong now. A cause that has just been told stays wrong until it is seen to be well. */
  look: (world: World, deps: LookDeps) => Trouble[] | Promise<Trouble[]>
  /** True where it cannot be told now whether an open alarm's trouble is gone: it stays. */
  unsure?: (alarm: AlarmRow, world: World) => boolean
  /** What became of an alarm whose trouble is gone: it is well, or it is not watched any more. */
  outcome: (alarm: AlarmRow, world: World) => AlarmOutcome
}

/** The open alarm of a cause about one connection or flow. */
export const openFor = (
  world: World,
  cause: AlarmCause,
  about: Pick<WatchedConnection | WatchedFlow, 'id' | 'workspaceId'>,
): AlarmRow | undefined => world.open.get(alarmKey(about.workspaceId, `${cause}:${about.id}`))

type Told = { words: WordsOf } & AlarmFacts

/** Trouble of a connection. */
export const connectionTrouble = (
  cause: AlarmCause,
  connection: WatchedConnection,
  since: number,
  facts: Told,
): Trouble => ({
  key: `${cause}:${connection.id}`,
  cause,
  workspaceId: connection.workspaceId,
  flowId: null,
  connectionId: connection.id,
  since: new Date(since),
  facts: { account: connection.name, system: connection.system, ...facts },
})

/** Trouble of a flow; `more` tells several of one cause apart. */
export const flowTrouble = (
  cause: AlarmCause,
  flow: WatchedFlow,
  since: number,
  facts: Told,
  more: { key?: string; connectionId?: string } = {},
): Trouble => ({
  key: `${cause}:${flow.id}${more.key === undefined ? '' : `:${more.key}`}`,
  cause,
  workspaceId: flow.workspaceId,
  flowId: flow.id,
  connectionId: more.connectionId ?? null,
  since: new Date(since),
  facts: {
    entity: flow.entity,
    flow: flow.name,
    account: flow.source.name,
    system: flow.source.system,
    target: flow.target.system,
    ...facts,
  },
})

/** The flow an alarm is about, where it is still there. */
export const flowOf = (alarm: AlarmRow, world: World): WatchedFlow | undefined =>
  world.flows.find((flow) => flow.id === alarm.flow_id)

export const connectionOf = (alarm: AlarmRow, world: World): WatchedConnection | undefined =>
  alarm.connection_id === null ? undefined : world.connections.get(alarm.connection_id)

export const solvedIf = (well: boolean | undefined): AlarmOutcome => (well === true ? 'solved' : 'dropped')
