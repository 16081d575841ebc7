import type { contract, OutputOf } from '@crosswalk/shared/contract'
import { bridgeFactsOf } from '../connections/bridge-facts.ts'
import type { Service } from '../service-types.ts'
import { countOpenAlarms } from '../store/alarms.ts'
import { listConnections } from '../store/connections.ts'
import { listCounts } from '../store/counters.ts'
import { lastDeliveries } from '../store/deliveries.ts'
import { lastReconciles, type LastReconcile } from '../store/reconcile.ts'
import { listFlows } from '../store/flows.ts'
import { countLinks, lastSyncs } from '../store/link-lists.ts'
import { listRuns } from '../store/runs.ts'
import type { ConnectionRow, FlowRow } from '../store/schema.ts'
import type { GroupHandlers } from './mount.ts'
import { feedView, instant, instantOrNull } from './views.ts'

type Overview = OutputOf<typeof contract.overview.get>
type Records = Overview['flows'][number]['records']

const DAY_MS = 86_400_000

function connectionHealth(row: ConnectionRow, blockedUntil: Date | null, now: number) {
  if (row.state === 'unauthorized')
    return { health: 'bad' as const, text: row.state_reason ?? 'Connect it again.' }
  if (row.state === 'disconnected') return { health: 'off' as const, text: 'Disconnected.' }
  if (row.state === 'paused') return { health: 'warning' as const, text: row.state_reason ?? 'Paused.' }
  if (blockedUntil !== null && blockedUntil.getTime() > now) {
    return { health: 'warning' as const, text: `It asked for silence until ${blockedUntil.toISOString()}.` }
  }
  const { hookTrouble } = bridgeFactsOf(row)
  if (hookTrouble !== null) return { health: 'warning' as const, text: hookTrouble }
  return { health: 'good' as const, text: '' }
}

function flowHealth(row: FlowRow, records: Records, ends: readonly (ConnectionRow | undefined)[]) {
  const broken = ends.find((end) => end !== undefined && end.state !== 'active')
  if (broken && row.state === 'active')
    return { health: 'bad' as const, text: `“${broken.name}” is ${broken.state}.` }
  if (row.state === 'paused')
    return {
      health: row.state_reason ? ('bad' as const) : ('off' as const),
      text: row.state_reason ?? 'Paused.',
    }
  if (row.state !== 'active') return { health: 'off' as const, text: 'Not live yet.' }
  if (row.state_reason !== null) return { health: 'bad' as const, text: row.state_reason }
  if (records.failed > 0) {
    return {
      health: 'warning' as const,
      text: `${records.failed} ${records.failed === 1 ? 'record has' : 'records have'} failed.`,
    }
  }
  return { health: 'good' as const, text: '' }
}

function lastReconcileView(last: LastReconcile | undefined): Overview['flows'][number]['reconcile'] {
  if (!last) return null
  const { checkedAt, missing, incomplete, differing } = last
  return { checkedAt: instant(checkedAt), missing, incomplete, differing }
}

export const overviewHandlers = (service: Service): GroupHandlers<typeof contract.overview> => ({
  get: async ({ caller, query }) => {
    const { db } = service.store
    const { workspaceId } = caller
    const now = service.clock.now()
    const connections = await listConnections(db, workspaceId)
    const byId = new Map(connections.map((row) => [row.id, row]))
    const delivered = new Map(
      (await lastDeliveries(db, workspaceId)).map((one) => [one.connectionId, one.receivedAt]),
    )
    const synced = new Map((await lastSyncs(db, workspaceId)).map((one) => [one.flowId, one.syncedAt]))
    const compared = new Map((await lastReconciles(db, workspaceId)).map((one) => [one.flowId, one]))
    const links = await countLinks(db, workspaceId)
    const recordsOf = (flowId: string): Records => {
      const records: Records = { linked: 0, skipped: 0, failed: 0, pending: 0, deleted: 0 }
      for (const entry of links) if (entry.flowId === flowId) records[entry.state] = entry.count
      return records
    }
    const day = (time: number): string => new Date(time).toISOString().slice(0, 10)
    const counts = await listCounts(db, {
      workspaceId,
      from: day(now - (query.days - 1) * DAY_MS),
      to: day(now),
    })
    const openRuns = await listRuns(db, { workspaceId, states: ['queued', 'running', 'paused'], limit: 200 })
    return {
      connections: await Promise.all(
        connections.map(async (row) => {
          const usage = await service.budget.usage(row.id)
          return {
            id: row.id,
            name: row.name,
            connector: row.connector,
            ...connectionHealth(row, usage.blockedUntil, now),
            feed: feedView(row, service, delivered.get(row.id)),
            budget: {
              callsPerSecond: usage.callsPerSecond,
              quota: usage.quota && { ...usage.quota, startedAt: instant(usage.quota.startedAt) },
              callsTotal: usage.callsTotal,
              blockedUntil: instantOrNull(usage.blockedUntil),
            },
          }
        }),
      ),
      flows: (await listFlows(db, workspaceId)).map((row) => {
        const records = recordsOf(row.id)
        const ends = [byId.get(row.source_connection_id), byId.get(row.target_connection_id)]
        return {
          id: row.id,
          name: row.name,
          state: row.state,
          ...flowHealth(row, records, ends),
          records,
          lastSyncedAt: instantOrNull(synced.get(row.id)),
          reconcile: lastReconcileView(compared.get(row.id)),
        }
      }),
      days: counts.map((entry) => ({
        day: entry.day,
        flowId: entry.flow_id,
        outcome: entry.outcome,
        count: entry.count,
      })),
      failures: links.reduce((sum, entry) => sum + (entry.state === 'failed' ? entry.count : 0), 0),
      alarms: await countOpenAlarms(db, workspaceId),
      openRuns: openRuns.length,
      now: new Date(now).toISOString(),
    }
  },
})
