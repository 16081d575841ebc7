import { causeOf, type CauseRef } from '@crosswalk/shared/causes'
import { groupIdOf } from '../pipeline/failure-cause.ts'
import type { Service } from '../service-types.ts'
import { listConnections } from '../store/connections.ts'
import { listReach } from '../store/reach.ts'
import type { ConnectionRow, FlowRow } from '../store/schema.ts'

/** An account or a flow that stands still as a whole: one line, however many records wait for it. */
export interface Standing {
  groupId: string
  cause: CauseRef
  since: Date
  connectionId: string | null
  flowId: string | null
  flows: readonly FlowRow[]
}

/** What stands still and needs somebody, and what goes on by itself. */
export interface AllStanding {
  open: Standing[]
  waiting: Standing[]
}

/** Reads what stands still in a workspace, of accounts and of flows. */
export async function readStanding(
  service: Pick<Service, 'store' | 'connectors'>,
  workspaceId: string,
  flows: readonly FlowRow[],
): Promise<AllStanding> {
  const { db } = service.store
  const connections = await listConnections(db, workspaceId)
  const failing = new Map((await listReach(db, connections.map(({ id }) => id))).map((row) => [row.connectionId, row])) // prettier-ignore
  const labelOf = (id: string): string => {
    const row = connections.find((one) => one.id === id)
    return row === undefined
      ? 'The other system'
      : (service.connectors[row.connector]?.label ?? row.connector)
  }
  const open: Standing[] = []
  const waiting: Standing[] = []
  for (const row of connections) {
    const uses = flows.filter((flow) => flow.state === 'active' && (flow.source_connection_id === row.id || flow.target_connection_id === row.id)) // prettier-ignore
    const known = failing.get(row.id)
    const about = { connectionId: row.id, flowId: null, flows: uses }
    const names = { system: labelOf(row.id), source: labelOf(row.id) }
    if (row.state === 'unauthorized') {
      open.push(standing(refusedCause(row, names), row.updated_at, about))
    } else if (row.state === 'active' && known && uses.length > 0) {
      const { kind, named, since } = known
      waiting.push(standing(causeOf({ ...names, code: kind, ...(named ? { named } : {}) }), since, about))
    }
  }
  for (const flow of flows) {
    if (flow.state !== 'paused' || flow.stopped_by !== 'rules') continue
    const names = { system: labelOf(flow.target_connection_id), source: labelOf(flow.source_connection_id) }
    const { stopped_cause: named, state_reason: words } = flow
    const cause = causeOf({
      ...names,
      code: 'mapping',
      words: words ?? undefined,
      ...(named ? { named } : {}),
    })
    open.push(standing(cause, flow.updated_at, { connectionId: null, flowId: flow.id, flows: [flow] }))
  }
  return { open, waiting }
}

const refusedCause = (row: ConnectionRow, names: { system: string; source: string }): CauseRef =>
  causeOf({ ...names, code: 'unauthorized', ...(row.state_cause ? { named: row.state_cause } : {}) })

const standing = (
  cause: CauseRef,
  since: Date,
  about: Pick<Standing, 'connectionId' | 'flowId' | 'flows'>,
): Standing => ({ groupId: groupIdOf(cause), cause, since, ...about })
