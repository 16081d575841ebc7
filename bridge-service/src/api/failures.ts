import type { contract, Run } from '@crosswalk/shared/contract'
import { found, notFound, Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { addAudit } from '../store/audit.ts'
import { countByState, countEnded, getFailure, listClosed, listFailures } from '../store/failure-lists.ts'
import { restoreFailures } from '../store/failures.ts'
import { getFlow } from '../store/flows.ts'
import { getLink } from '../store/link-lists.ts'
import type { FlowRow } from '../store/schema.ts'
import { RunRefused } from '../workers/runs.ts'
import type { Caller } from './callers.ts'
import { AuditCursor, decodeCursor, encodeCursor, FailureCursor } from './cursor.ts'
import { checkEdits, editableFields } from './editable.ts'
import { failureGroups } from './failure-groups.ts'
import { failureView } from './failure-views.ts'
import { ignoreGroup, ignoreRecords, openIn } from './set-aside.ts'
import type { GroupHandlers } from './mount.ts'
import { runView } from './views.ts'

const DAY_MS = 86_400_000

export function failureHandlers(service: Service): GroupHandlers<typeof contract.failures> {
  const { db } = service.store
  const flowOf = async (caller: Caller, id: string): Promise<FlowRow> =>
    found(await getFlow(db, caller.workspaceId, id), 'flow')

  /** @throws RunRefused where none of the flows can be tried now */
  async function retryGroup(caller: Caller, groupId: string): Promise<Run[]> {
    const flows = await openIn(db, caller.workspaceId, groupId)
    if (flows.length === 0) throw notFound('cause among what has failed')
    const runs: Run[] = []
    let refused: unknown
    for (const { flow, count } of flows) {
      try {
        const group = { id: groupId, count }
        const run = await service.runs.start(flow, { kind: 'replay', group, requestedBy: caller.actor })
        runs.push(runView(run, service.clock.now()))
      } catch (error) {
        // One flow that stands does not keep the others from going on.
        if (!(error instanceof RunRefused)) throw error
        refused = error
      }
    }
    if (runs.length === 0) throw refused
    return runs
  }

  return {
    groups: async ({ caller, query }) => {
      const { workspaceId } = caller
      const since = query.since === undefined ? service.clock.now() - DAY_MS : Date.parse(query.since)
      const items = await failureGroups(service, workspaceId, query.state)
      const counts = await countByState(db, workspaceId)
      const ended = await countEnded(db, workspaceId, new Date(since))
      const of = (how: 'itself' | 'retried' | 'edited'): number => ended.counts.get(how) ?? 0
      const solvedByItself = of('itself')
      return {
        items,
        counts: { ...counts, solvedByItself, solved: solvedByItself + of('retried') + of('edited') },
        lastEndedAt: ended.lastAt?.toISOString() ?? null,
      }
    },
    list: async ({ caller, query }) => {
      const { workspaceId } = caller
      const { state, group, limit } = query
      const flow = query.flowId === undefined ? {} : { flowId: query.flowId }
      if (state === 'open' || state === 'waiting' || (state === 'ignored' && group !== undefined)) {
        const of = { ...flow, ...(group === undefined ? {} : { groupId: group }) }
        const after = decodeCursor(FailureCursor, query.cursor)
        const rows = await listFailures(db, { workspaceId, state, ...of, limit: limit + 1, ...(after ? { after } : {}) }) // prettier-ignore
        const items = rows.slice(0, limit)
        const last = rows.length > limit ? items.at(-1) : undefined
        return {
          items: items.map(failureView),
          next: last
            ? encodeCursor({ g: last.group_id, a: last.first_at, f: last.flow_id, x: last.external_id })
            : null,
        }
      }
      const after = decodeCursor(AuditCursor, query.cursor)
      const closed = state === 'ended' ? 'ended' : 'ignored'
      const rows = await listClosed(db, { workspaceId, state: closed, ...flow, limit: limit + 1, ...(after ? { after } : {}) }) // prettier-ignore
      const items = rows.slice(0, limit)
      const last = rows.length > limit ? items.at(-1) : undefined
      return {
        items: items.map(failureView),
        next: last ? encodeCursor({ a: last.closed_at, i: last.id }) : null,
      }
    },
    retry: async ({ caller, body }) => {
      const { flowId, externalIds, group } = body
      if (flowId === undefined || externalIds === undefined) {
        const runs = await retryGroup(caller, group as string)
        const accepted = runs.reduce((sum, run) => sum + (run.total ?? 0), 0)
        await addAudit(db, { ...caller, action: 'failure.retried', subject: group as string, detail: { accepted } }) // prettier-ignore
        return { accepted, runs }
      }
      const flow = await flowOf(caller, flowId)
      const ids = [...new Set(externalIds)]
      await service.syncNow(flow, ids, { force: true })
      await addAudit(db, { ...caller, action: 'failure.retried', subject: flow.id, detail: { ids } })
      return { accepted: ids.length, runs: [] }
    },
    ignore: async ({ caller, body }) => {
      const { flowId, externalIds, group, note } = body
      if (flowId === undefined || externalIds === undefined)
        return { ignored: await ignoreGroup(db, caller, group as string, note) }
      const flow = await flowOf(caller, flowId)
      const { ignored, held } = await ignoreRecords(db, caller, flow, externalIds, note)
      if (ignored > 0) return { ignored }
      if (held > 0)
        throw new Problem('conflict', 'This record is being tried just now. Ask again in a moment.')
      const first = externalIds[0] as string
      const present = found(await getLink(db, caller.workspaceId, flow.id, first), 'record')
      throw new Problem('conflict', `This record has not failed: it is ${present.state}.`)
    },
    restore: async ({ caller, body }) => {
      const { externalIds } = body
      const flow = await flowOf(caller, body.flowId)
      return db.transaction().execute(async (tx) => {
        const ids = await restoreFailures(tx, flow, externalIds)
        if (ids.length === 0) throw new Problem('conflict', 'None of these records is set aside any more.')
        await addAudit(tx, { ...caller, action: 'failure.restored', subject: flow.id, detail: { ids } })
        return { restored: ids.length }
      })
    },
    editable: async ({ caller, params }) => {
      const flow = await flowOf(caller, params.flowId)
      found(await getLink(db, caller.workspaceId, flow.id, params.externalId), 'record')
      const failure = await getFailure(db, caller.workspaceId, flow.id, params.externalId)
      return { items: await editableFields(service, flow, params.externalId, failure) }
    },
    edit: async ({ caller, params, body }) => {
      const flow = await flowOf(caller, params.flowId)
      found(await getLink(db, caller.workspaceId, flow.id, params.externalId), 'record')
      await checkEdits(service, flow, body.values)
      const { externalId } = params
      await service.sendEdited(flow, { externalId, values: body.values, editedBy: caller.actor })
      // Which fields, not what they were given: values may name a person.
      const fields = body.values.map(({ part, field }) => `${part.split(':', 1)[0] ?? ''}.${field}`)
      await addAudit(db, { ...caller, action: 'failure.edited', subject: flow.id, detail: { externalId, fields } }) // prettier-ignore
      return { accepted: 1 as const }
    },
  }
}
