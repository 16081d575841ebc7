import { sql } from 'kysely'
import { connectorById } from '@crosswalk/connectors'
import { DEFAULT_ALARM_SETTINGS, type AlarmSettings } from '@crosswalk/shared/alarms'
import type { Entity } from '@crosswalk/shared/model'
import { BRIDGE_FACTS, type BridgeFacts } from '../connections/bridge-facts.ts'
import type { AlarmRow } from '../store/alarm-schema.ts'
import { allAlarmSettings } from '../store/alarm-settings.ts'
import { listOpenAlarms } from '../store/alarms.ts'
import type { ConnectionState, Executor, FlowState } from '../store/schema.ts'
import { joinPace } from '../workers/pace.ts'

/** A connection as the watching sees it. Times are in ms since 1970. */
export interface WatchedConnection {
  id: string
  workspaceId: string
  connector: string
  name: string
  /** What the system is called. */
  system: string
  state: ConnectionState
  stateReason: string | null
  updatedAt: number
  bridge: Partial<BridgeFacts>
  /** Null: it answers. */
  failing: { since: number; lastAt: number; kind: string; message: string } | null
  /** Changes that no webhook told of; null: none. */
  untold: { count: number; since: number; lastAt: number } | null
}

/** A flow that is live or was, as the watching sees it. */
export interface WatchedFlow {
  id: string
  workspaceId: string
  name: string
  entity: Entity
  state: FlowState
  stateReason: string | null
  stoppedBy: string | null
  updatedAt: number
  source: WatchedConnection
  target: WatchedConnection
  /** Addresses that are told of its alarms. */
  recipients: string[]
  /** How often its source is read; null: it cannot be. */
  everyMs: number | null
  /** When its source was last read, as far as it came; null: never. */
  readAt: number | null
  /** When the last change came by itself; null: none did. */
  changedAt: number | null
}

/** All that a look at everything sees, as of `now`. */
export interface World {
  now: number
  /** Since when somebody has been watching without a break: what is late is late only from then on. */
  watchingSince: number
  connections: ReadonlyMap<string, WatchedConnection>
  flows: readonly WatchedFlow[]
  /** Open alarms by `alarmKey`. */
  open: ReadonlyMap<string, AlarmRow>
  settingsOf: (workspaceId: string) => AlarmSettings
}

export const alarmKey = (workspaceId: string, key: string): string => `${workspaceId}\n${key}`

interface ConnectionRead {
  id: string
  workspace_id: string
  connector: string
  name: string
  state: ConnectionState
  state_reason: string | null
  updated_at: Date
  bridge: Partial<BridgeFacts> | null
  failing_since: Date | null
  failed_at: Date | null
  kind: string | null
  message: string | null
  untold: number | null
  untold_since: Date | null
  untold_at: Date | null
}

async function readConnections(db: Executor): Promise<Map<string, WatchedConnection>> {
  const { rows } = await sql<ConnectionRead>`
    select c.id, c.workspace_id, c.connector, c.name, c.state, c.state_reason, c.updated_at,
           c.facts -> ${BRIDGE_FACTS}::text as bridge,
           r.failing_since, r.failed_at, r.kind, r.message, r.untold, r.untold_since, r.untold_at
      from connection c left join reach r on r.connection_id = c.id
     where c.state <> 'disconnected'`.execute(db)
  return new Map(rows.map((row) => [row.id, watchedConnection(row)]))
}

const watchedConnection = (row: ConnectionRead): WatchedConnection => ({
  id: row.id,
  workspaceId: row.workspace_id,
  connector: row.connector,
  name: row.name,
  system: connectorById(row.connector)?.label ?? row.connector,
  state: row.state,
  stateReason: row.state_reason,
  updatedAt: row.updated_at.getTime(),
  bridge: row.bridge ?? {},
  failing:
    row.failing_since === null || row.failed_at === null
      ? null
      : {
          since: row.failing_since.getTime(),
          lastAt: row.failed_at.getTime(),
          kind: row.kind ?? 'unavailable',
          message: row.message ?? '',
        },
  untold:
    row.untold_since === null || row.untold_at === null || row.untold === null
      ? null
      : { count: row.untold, since: row.untold_since.getTime(), lastAt: row.untold_at.getTime() },
})

interface FlowRead {
  id: string
  workspace_id: string
  name: string
  entity: string
  state: FlowState
  state_reason: string | null
  stopped_by: string | null
  updated_at: Date
  source_connection_id: string
  target_connection_id: string
  recipients: unknown
  every_seconds: number | null
  read_at: Date | null
  changed_at: Date | null
}

/** Flows that are live or paused, of connections that are there: one statement, however many there are. */
async function readFlows(
  db: Executor,
  connections: ReadonlyMap<string, WatchedConnection>,
): Promise<WatchedFlow[]> {
  const { rows } = await sql<FlowRead>`
    select f.id, f.workspace_id, f.name, f.entity, f.state, f.state_reason, f.stopped_by, f.updated_at,
           f.source_connection_id, f.target_connection_id, f.settings -> 'alertRecipients' as recipients,
           paced.every_seconds, k.updated_at as read_at, a.last_at as changed_at
      from flow f
      left join lateral (
        select extract(epoch from pace.every)::float8 as every_seconds from connection c ${joinPace}
         where c.id = f.source_connection_id) as paced on true
      left join "cursor" k on k.flow_id = f.id and k.kind = 'sweep'
      left join lateral (select last_at from activity where flow_id = f.id order by hour desc limit 1) as a on true
     where f.state in ('active', 'paused')`.execute(db)
  return rows.flatMap((row) => {
    const source = connections.get(row.source_connection_id)
    const target = connections.get(row.target_connection_id)
    if (!source || !target) return []
    return {
      id: row.id,
      workspaceId: row.workspace_id,
      name: row.name,
      entity: row.entity as Entity,
      state: row.state,
      stateReason: row.state_reason,
      stoppedBy: row.stopped_by,
      updatedAt: row.updated_at.getTime(),
      source,
      target,
      recipients: Array.isArray(row.recipients) ? row.recipients.map(String) : [],
      everyMs: row.every_seconds === null ? null : row.every_seconds * 1_000,
      readAt: row.read_at?.getTime() ?? null,
      changedAt: row.changed_at?.getTime() ?? null,
    }
  })
}

/** Reads what is watched: a handful of statements, however many flows and connections there are. */
export async function readWorld(db: Executor, at: Pick<World, 'now' | 'watchingSince'>): Promise<World> {
  const settings = await allAlarmSettings(db)
  const connections = await readConnections(db)
  const open = await listOpenAlarms(db)
  return {
    ...at,
    connections,
    flows: await readFlows(db, connections),
    open: new Map(open.map((row) => [alarmKey(row.workspace_id, row.key), row])),
    settingsOf: (workspaceId) => settings.get(workspaceId) ?? DEFAULT_ALARM_SETTINGS,
  }
}

export const isLive = (flow: WatchedFlow): boolean => flow.state === 'active'

/** Live flows that a connection is an end of. */
export const liveFlowsOf = (world: World, connectionId: string): WatchedFlow[] =>
  world.flows.filter(
    (flow) => isLive(flow) && (flow.source.id === connectionId || flow.target.id === connectionId),
  )
