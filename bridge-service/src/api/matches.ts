import type { contract, MatchCase } from '@crosswalk/shared/contract'
import type { Role } from '@crosswalk/shared/flows'
import { found, notFound, Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { addAudit } from '../store/audit.ts'
import { loadConnections } from '../store/connections.ts'
import { getFlow } from '../store/flows.ts'
import {
  decideCases,
  findWaiting,
  getCase,
  listCases,
  type CaseCursor,
  type ListedCase,
} from '../store/match-cases.ts'
import { countMatchEntries } from '../store/match-entries.ts'
import { getRun } from '../store/runs.ts'
import type { FlowRow } from '../store/schema.ts'
import { candidateName, type MatchLabels } from '../workers/match-labels.ts'
import type { Caller } from './callers.ts'
import { decodeCursor, encodeCursor, RunCursor } from './cursor.ts'
import type { GroupHandlers } from './mount.ts'
import { endsOf } from './flow-ends.ts'
import { matchRows } from './match-rows.ts'
import { instant, runView } from './views.ts'

/** Cases that one call decides at most; the caller asks again for the rest. */
const DECIDED_AT_ONCE = 2_000
const WAITING_AT_ONCE = 1_000

function caseView(row: ListedCase, labels: MatchLabels, objectLabel: string): MatchCase {
  return {
    id: row.id,
    role: row.role as Role,
    object: row.object,
    objectLabel,
    label: labels.cases.get(row.id) ?? null,
    externalId: row.external_id,
    waiting: row.waiting,
    records: row.records,
    candidates: row.candidates.map(({ id, by }) => ({
      id,
      by,
      label: labels.candidates.get(candidateName(row.object, id))?.label ?? null,
      url: labels.candidates.get(candidateName(row.object, id))?.url ?? null,
    })),
    decision:
      row.state === 'open'
        ? null
        : {
            as: row.state,
            targetId: row.target_id,
            by: row.decided_by,
            at: instant(row.decided_at ?? row.updated_at),
          },
    createdAt: instant(row.created_at),
  }
}

export function matchHandlers(service: Service): GroupHandlers<typeof contract.matches> {
  const { db } = service.store
  const flowOf = async (caller: Caller, id: string): Promise<FlowRow> =>
    found(await getFlow(db, caller.workspaceId, id), 'flow')

  async function openIds(flowId: string, role: Role | undefined): Promise<{ ids: string[]; more: boolean }> {
    const ids: string[] = []
    let after: CaseCursor | undefined
    for (;;) {
      const rows = await listCases(db, { flowId, open: true, limit: 200, ...(role ? { role } : {}), ...(after ? { after } : {}) }) // prettier-ignore
      ids.push(...rows.map((row) => row.id))
      const last = rows.at(-1)
      if (rows.length < 200 || !last) return { ids, more: false }
      if (ids.length >= DECIDED_AT_ONCE) return { ids, more: true }
      after = { createdAt: last.created_at, id: last.id }
    }
  }

  /** Records that waited are tried again, first of all. @returns how many */
  async function goOn(flow: FlowRow, ids: readonly string[]): Promise<number> {
    let sent = 0
    let after = ''
    for (;;) {
      const waiting = await findWaiting(db, flow.id, ids, { after, limit: WAITING_AT_ONCE })
      if (waiting.length === 0) return sent
      await service.syncNow(flow, waiting, { force: false })
      sent += waiting.length
      after = waiting.at(-1) as string
    }
  }

  return {
    report: async ({ caller, params }) => {
      const run = await getRun(db, caller.workspaceId, params.runId)
      if (run?.kind !== 'match') throw notFound('match report')
      const flow = await flowOf(caller, run.flow_id)
      const { connector, document } = (await endsOf(flow, service)).target
      const rows = matchRows(document, connector.objects, await countMatchEntries(db, run.id))
      return { run: runView(run, service.clock.now()), rows }
    },
    list: async ({ caller, params, query }) => {
      const flow = await flowOf(caller, params.flowId)
      const after = decodeCursor(RunCursor, query.cursor)
      const rows = await listCases(db, {
        flowId: flow.id,
        limit: query.limit,
        ...(query.state === undefined ? {} : { open: query.state === 'open' }),
        ...(query.role === undefined ? {} : { role: query.role }),
        ...(after === undefined ? {} : { after }),
      })
      const labels = await service.matchLabels(flow, rows)
      const target = (await loadConnections(db, [flow.target_connection_id])).get(flow.target_connection_id)
      const objects = service.connectors[target?.connector ?? '']?.objects ?? {}
      const last = rows.length < query.limit ? undefined : rows.at(-1)
      return {
        items: rows.map((row) => caseView(row, labels, objects[row.object]?.label ?? row.object)),
        next: last ? encodeCursor({ c: last.created_at, i: last.id }) : null,
        warning: labels.warning,
      }
    },
    decide: async ({ caller, params, body }) => {
      const flow = await flowOf(caller, params.flowId)
      const { as, targetId } = body
      const { ids, more } = body.ids ? { ids: body.ids, more: false } : await openIds(flow.id, body.all?.role)
      if (as === 'candidate') await needCandidate(flow, ids[0] ?? '', targetId)
      const decided = await db.transaction().execute(async (tx) => {
        const done = await decideCases(tx, flow.id, ids, {
          state: as === 'undecided' ? 'open' : as,
          targetId: targetId ?? null,
          actor: caller.actor,
        })
        const detail = { as, count: done.length, ...(targetId === undefined ? {} : { targetId }), ...(done.length === 1 ? { match: done[0] } : {}) } // prettier-ignore
        if (done.length > 0)
          await addAudit(tx, { ...caller, action: 'match.decided', subject: flow.id, detail })
        return done
      })
      if (body.ids && decided.length === 0) throw notFound('question')
      return { decided: decided.length, sent: as === 'undecided' ? 0 : await goOn(flow, decided), more }
    },
  }

  async function needCandidate(flow: FlowRow, id: string, targetId: string | undefined): Promise<void> {
    const { candidates } = found(await getCase(db, flow.id, id), 'question')
    if (candidates.some((one) => one.id === targetId)) return
    const message = 'This record is not one of the candidates.'
    throw new Problem('bad_request', message, {
      issues: [{ path: ['body', 'targetId'], message, expected: `one of: ${candidates.map((one) => one.id).join(', ')}` }], // prettier-ignore
    })
  }
}
