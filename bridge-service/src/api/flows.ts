import type { contract } from '@crosswalk/shared/contract'
import { describeFields, flowSettings, parseSettings } from '@crosswalk/shared/flows'
import type { Entity } from '@crosswalk/shared/model'
import { found, notFound, Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { addAudit } from '../store/audit.ts'
import { listConnections, loadConnections } from '../store/connections.ts'
import { deleteFlow, getFlow, listFlows, moveFlow, updateFlow } from '../store/flows.ts'
import type { FlowRow } from '../store/schema.ts'
import { askAccount } from './ask-source.ts'
import { partFields, lookupNames } from './catalogue.ts'
import type { Caller } from './callers.ts'
import { createFlowFor } from './create-flow.ts'
import { endsOf } from './flow-ends.ts'
import { moveFlowTo } from './move-flow.ts'
import type { GroupHandlers } from './mount.ts'
import { optionsFor, stagesFor } from './flow-options.ts'
import { flowView } from './views.ts'
import { flowVolume } from './volume.ts'

/** Settings of a flow with their defaults. @throws Problem `bad_request` with an issue per field */
export function readFlowSettings(entity: Entity, input: unknown): Record<string, unknown> {
  const parsed = parseSettings(entity, input)
  if (parsed.ok) return parsed.settings
  throw new Problem('bad_request', parsed.issues[0]?.message ?? 'The settings are not right.', {
    issues: parsed.issues.map(({ path, message, remedy }) => ({
      path: ['body', 'settings', ...path],
      message,
      expected: remedy,
    })),
  })
}

export function flowHandlers(service: Service): GroupHandlers<typeof contract.flows> {
  const { db } = service.store
  const rowOf = async (caller: Caller, id: string): Promise<FlowRow> =>
    found(await getFlow(db, caller.workspaceId, id), 'flow')
  const view = async (row: FlowRow) => {
    const ends = await loadConnections(db, [row.source_connection_id, row.target_connection_id])
    return flowView(row, ends, service.connectors)
  }
  return {
    list: async ({ caller }) => {
      const rows = new Map((await listConnections(db, caller.workspaceId)).map((row) => [row.id, row]))
      const flows = await listFlows(db, caller.workspaceId)
      return { items: flows.map((flow) => flowView(flow, rows, service.connectors)) }
    },
    get: async ({ caller, params }) => view(await rowOf(caller, params.flowId)),
    create: async ({ caller, body }) => view(await createFlowFor(service, caller, body)),
    update: async ({ caller, params, body }) => {
      const row = await rowOf(caller, params.flowId)
      const settings =
        body.settings === undefined ? undefined : readFlowSettings(row.entity as Entity, body.settings)
      const saved = await db.transaction().execute(async (tx) => {
        const changed = await updateFlow(tx, caller.workspaceId, row.id, {
          ...(body.name === undefined ? {} : { name: body.name }),
          ...(settings === undefined ? {} : { settings }),
        })
        const detail = {
          ...(body.name === undefined ? {} : { name: body.name }),
          ...(settings === undefined ? {} : { settings }),
        }
        await addAudit(tx, { ...caller, action: 'flow.changed', subject: row.id, detail })
        return found(changed, 'flow')
      })
      return view(saved)
    },
    move: async ({ caller, params, body }) =>
      view(await moveFlowTo(service, caller, await rowOf(caller, params.flowId), body.to, body.history)),
    volume: async ({ caller, params, query }) =>
      flowVolume(service, await rowOf(caller, params.flowId), query),
    remove: async ({ caller, params }) => {
      const row = await rowOf(caller, params.flowId)
      await moveFlow(db, caller.workspaceId, row.id, 'paused', 'It is being removed.')
      await db.transaction().execute(async (tx) => {
        if (!(await deleteFlow(tx, caller.workspaceId, row.id))) throw notFound('flow')
        await addAudit(tx, { ...caller, action: 'flow.removed', subject: row.id, detail: { name: row.name } })
      })
      return { removed: true }
    },
    form: async ({ params }) => ({
      fields: describeFields(flowSettings[params.entity]),
      defaults: readFlowSettings(params.entity, {}),
    }),
    fields: async ({ caller, params }) => {
      const row = await rowOf(caller, params.flowId)
      const ends = await endsOf(row, service)
      const { source } = ends
      const asked = await askAccount(service, source.row, source.definition.customFields?.(source.context))
      return {
        parts: partFields(ends, asked.value),
        lookups: await lookupNames(row, service),
        warning: asked.warning,
      }
    },
    stages: async ({ caller, params }) =>
      stagesFor(service, await endsOf(await rowOf(caller, params.flowId), service)),
    options: async ({ caller, params }) => {
      const row = await rowOf(caller, params.flowId)
      return optionsFor(service, await endsOf(row, service), await lookupNames(row, service))
    },
  }
}
