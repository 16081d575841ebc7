import { z } from 'zod'
import { ConnectionId, Day, FlowId, Time } from './common.ts'
import { ChangeFeed } from './connections.ts'
import { endpoint } from './endpoint.ts'

const Health = z.enum(['good', 'warning', 'bad', 'off'])

export const CallBudget = z
  .object({
    /** Sustained calls a second; null: unlimited. */
    callsPerSecond: z.number().nullable(),
    quota: z.object({ calls: z.number(), seconds: z.number(), used: z.number(), startedAt: Time }).nullable(),
    callsTotal: z.number(),
    blockedUntil: Time.nullable(),
  })
  .meta({ id: 'CallBudget' })

export const ConnectionHealth = z
  .object({
    id: ConnectionId,
    name: z.string(),
    connector: z.string(),
    health: Health,
    /** Why it is not good, in plain words. */
    text: z.string(),
    feed: ChangeFeed,
    budget: CallBudget,
  })
  .meta({ id: 'ConnectionHealth' })

export const FlowHealth = z
  .object({
    id: FlowId,
    name: z.string(),
    state: z.string(),
    health: Health,
    text: z.string(),
    records: z.object({
      linked: z.number(),
      skipped: z.number(),
      failed: z.number(),
      pending: z.number(),
      deleted: z.number(),
    }),
    lastSyncedAt: Time.nullable(),
    /** What the last comparison of both sides found; null before the first. */
    reconcile: z
      .object({ checkedAt: Time, missing: z.number(), incomplete: z.number(), differing: z.number() })
      .nullable(),
  })
  .meta({ id: 'FlowHealth' })

export const overview = {
  get: endpoint({
    method: 'GET',
    path: '/overview',
    summary: 'Health of connections and flows, records per day, open failures',
    query: z.object({ days: z.coerce.number().int().min(1).max(90).default(14) }),
    response: z.object({
      connections: z.array(ConnectionHealth),
      flows: z.array(FlowHealth),
      /** Days and outcomes without any record are absent. */
      days: z.array(z.object({ day: Day, flowId: FlowId, outcome: z.string(), count: z.number() })),
      failures: z.number(),
      /** Alarms that are open. */
      alarms: z.number(),
      openRuns: z.number(),
      now: Time,
    }),
  }),
}
