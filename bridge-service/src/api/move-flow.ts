import { found, Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { addAudit } from '../store/audit.ts'
import { loadConnections } from '../store/connections.ts'
import { FLOW_TRANSITIONS, getFlow, moveFlow, updateFlow } from '../store/flows.ts'
import type { FlowRow } from '../store/schema.ts'
import type { Caller } from './callers.ts'
import { problemOf } from './errors.ts'

type Target = 'previewed' | 'active' | 'paused'

const WHY_NOT: Readonly<Record<Target, string>> = {
  previewed: 'Pause it first.',
  active: 'Look at a preview first.',
  paused: 'Only a flow that is going can be paused.',
}

/** Earlier records that a flow takes along when it goes live: back to then, or all there are. */
export type History = { from: string | null }

/** Midnight of the day, in UTC, as days are counted here. */
export const dayOf = (now: number): string => new Date(now).toISOString().slice(0, 10)

/**
 * Moves a flow to a state. Asking for the state it is in changes nothing.
 * @param history of going live; null: none, undefined: the flow keeps its start date
 * @throws Problem `conflict`
 */
export async function moveFlowTo(
  service: Service,
  caller: Caller,
  flow: FlowRow,
  to: Target,
  history?: History | null,
): Promise<FlowRow> {
  if (flow.state === to) {
    if (history === undefined || history === null) return flow
    throw new Problem(
      'conflict',
      'This flow is live already. Bring earlier records over with a run of their own.',
    )
  }
  if (to === 'active') {
    await needConnections(service, flow)
    if (FLOW_TRANSITIONS[flow.state].includes(to)) await service.flowStarting(flow)
  }
  const moved = await service.store.db.transaction().execute(async (tx) => {
    if (history !== undefined && FLOW_TRANSITIONS[flow.state].includes(to)) {
      const startDate = history === null ? dayOf(service.clock.now()) : history.from
      await updateFlow(tx, caller.workspaceId, flow.id, { settings: { ...flow.settings, startDate } })
    }
    const row = await moveFlow(tx, caller.workspaceId, flow.id, to)
    if (row)
      await addAudit(tx, { ...caller, action: `flow.${to}`, subject: flow.id, detail: { from: flow.state } })
    return row
  })
  if (!moved) {
    throw new Problem('conflict', `A flow that is ${flow.state} cannot become ${to}. ${WHY_NOT[to]}`)
  }
  if (to === 'active') await activate(service, caller, moved)
  if (history)
    await service.runs.start(moved, { kind: 'backfill', from: history.from, requestedBy: caller.actor })
  return found(await getFlow(service.store.db, caller.workspaceId, flow.id), 'flow')
}

async function needConnections(service: Service, flow: FlowRow): Promise<void> {
  const rows = await loadConnections(service.store.db, [flow.source_connection_id, flow.target_connection_id])
  for (const row of rows.values()) {
    if (row.state === 'active') continue
    const why = row.state_reason === null ? '' : ` ${row.state_reason}`
    throw new Problem('conflict', `“${row.name}” is ${row.state}.${why} Put it right first.`)
  }
}

/** A flow that could not be started does not stay live by name only. */
async function activate(service: Service, caller: Caller, flow: FlowRow): Promise<void> {
  try {
    await service.flowActivated(flow)
  } catch (error) {
    const reason = `It could not be started: ${problemOf(error)?.message ?? 'something went wrong.'}`
    await moveFlow(service.store.db, caller.workspaceId, flow.id, 'paused', reason)
    throw error
  }
}
