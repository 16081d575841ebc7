import type { contract } from '@crosswalk/shared/contract'
import { found } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { getFlow } from '../store/flows.ts'
import { getRun, listRuns } from '../store/runs.ts'
import type { Scope } from '../workers/scope.ts'
import type { Caller } from './callers.ts'
import { decodeCursor, encodeCursor, RunCursor } from './cursor.ts'
import type { GroupHandlers } from './mount.ts'
import { runView } from './views.ts'

/** Without members that were not given. */
const scopeOf = (scope: object): Scope => JSON.parse(JSON.stringify(scope)) as Scope

export function runHandlers(service: Service): GroupHandlers<typeof contract.runs> {
  const { db } = service.store
  const view = (row: Parameters<typeof runView>[0]) => runView(row, service.clock.now())
  const turn = async (verb: 'pause' | 'resume' | 'cancel', caller: Caller, runId: string) => {
    found(await getRun(db, caller.workspaceId, runId), 'run')
    return view(found(await service.runs[verb](caller.workspaceId, runId, caller.actor), 'run'))
  }
  return {
    list: async ({ caller, query }) => {
      const after = decodeCursor(RunCursor, query.cursor)
      const rows = await listRuns(db, {
        workspaceId: caller.workspaceId,
        limit: query.limit,
        ...(query.flowId === undefined ? {} : { flowId: query.flowId }),
        ...(query.state === undefined ? {} : { states: [query.state] }),
        ...(after === undefined ? {} : { after }),
      })
      const last = rows.length < query.limit ? undefined : rows.at(-1)
      return { items: rows.map(view), next: last ? encodeCursor({ c: last.created_at, i: last.id }) : null }
    },
    get: async ({ caller, params }) => view(found(await getRun(db, caller.workspaceId, params.runId), 'run')),
    start: async ({ caller, params, body }) => {
      const flow = found(await getFlow(db, caller.workspaceId, params.flowId), 'flow')
      const from = body.from === undefined ? {} : { from: body.from }
      const existing = body.existing === true ? { existing: true } : {}
      const days = body.days === undefined ? {} : { days: body.days }
      const scope = body.scope === undefined ? {} : { scope: scopeOf(body.scope) }
      const want = { kind: body.kind, ...from, ...existing, ...days, ...scope, requestedBy: caller.actor }
      return view(await service.runs.start(flow, want))
    },
    pause: async ({ caller, params }) => turn('pause', caller, params.runId),
    resume: async ({ caller, params }) => turn('resume', caller, params.runId),
    cancel: async ({ caller, params }) => turn('cancel', caller, params.runId),
  }
}
