import { MappingDocument } from '@crosswalk/shared/mapping'
import type { Entity } from '@crosswalk/shared/model'
import { found, Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { addAudit } from '../store/audit.ts'
import { getConnection } from '../store/connections.ts'
import { createFlow, getFlow } from '../store/flows.ts'
import { addMapping } from '../store/mappings.ts'
import type { FlowRow, JsonObject } from '../store/schema.ts'
import type { Caller } from './callers.ts'
import { endsFor, type FlowEnds } from './flow-ends.ts'
import { stagesFor } from './flow-options.ts'
import { readFlowSettings } from './flows.ts'
import { dayOf } from './move-flow.ts'

interface Wanted {
  name?: string | undefined
  sourceConnectionId: string
  targetConnectionId: string
  entity: Entity
  document: string
  settings?: JsonObject | undefined
}

/** Makes a flow: settings with defaults and suggested stages, the connector's mapping as version 1. */
export async function createFlowFor(service: Service, caller: Caller, want: Wanted): Promise<FlowRow> {
  const { db } = service.store
  const source = found(await getConnection(db, caller.workspaceId, want.sourceConnectionId), 'connection')
  const target = found(await getConnection(db, caller.workspaceId, want.targetConnectionId), 'connection')
  if (source.id === target.id) {
    throw new Problem('not_applicable', 'A flow needs two different connections.', {
      issues: [
        {
          path: ['body', 'targetConnectionId'],
          message: 'It is the source too.',
          expected: 'another connection',
        },
      ],
    })
  }
  const ends = endsFor(source, target, want, service)
  // Going live does no harm: what was there before comes along only where somebody says so.
  const fromToday = { startDate: dayOf(service.clock.now()), ...(await withStages(service, ends, want)) }
  const settings = readFlowSettings(want.entity, fromToday)
  const { document } = ends.target
  const mapping = MappingDocument.parse(document.mappingFor?.(ends.target.context) ?? document.mapping)
  const name =
    want.name ?? `${source.name}: ${ends.source.definition.label} → ${document.label}`.slice(0, 120)
  return db.transaction().execute(async (tx) => {
    const flow = await createFlow(tx, {
      workspaceId: caller.workspaceId,
      name,
      sourceConnectionId: source.id,
      targetConnectionId: target.id,
      entity: want.entity,
      document: want.document,
      settings,
    })
    await addMapping(tx, {
      workspaceId: caller.workspaceId,
      flowId: flow.id,
      document: mapping,
      note: 'As it comes with the connector',
      createdBy: caller.actor,
    })
    await addAudit(tx, {
      ...caller,
      action: 'flow.created',
      subject: flow.id,
      detail: { entity: want.entity, document: want.document },
    })
    return found(await getFlow(tx, caller.workspaceId, flow.id), 'flow')
  })
}

/** Settings with suggested stages, where the kind of flow has stages and none were given. */
async function withStages(service: Service, ends: FlowEnds, want: Wanted): Promise<JsonObject> {
  const given = want.settings ?? {}
  if (!ends.target.document.stages || !ends.source.definition.statuses || given['stages'] !== undefined)
    return given
  const { suggested } = await stagesFor(service, ends)
  if (Object.keys(suggested.stages).length === 0) return given
  if (typeof given['pipeline'] === 'string' && given['pipeline'] !== suggested.pipeline) return given
  return { ...given, pipeline: suggested.pipeline, stages: suggested.stages }
}
