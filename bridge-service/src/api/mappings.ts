import type { contract, Mapping, TransformInfo } from '@crosswalk/shared/contract'
import { describeFields } from '@crosswalk/shared/flows'
import {
  checkMapping,
  diffMappings,
  MappingDocument,
  TRANSFORMS,
  type Field,
  type Problem as MappingProblem,
} from '@crosswalk/shared/mapping'
import type { Entity } from '@crosswalk/shared/model'
import { found, Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { addAudit } from '../store/audit.ts'
import { getFlow } from '../store/flows.ts'
import { addMapping, getMapping, listMappings } from '../store/mappings.ts'
import type { FlowRow, MappingRow } from '../store/schema.ts'
import { checkContext, lookupNames, partFields } from './catalogue.ts'
import type { Caller } from './callers.ts'
import { endsOf, type FlowEnds } from './flow-ends.ts'
import { readFlowSettings } from './flows.ts'
import type { GroupHandlers } from './mount.ts'
import { instant } from './views.ts'

const headView = (row: Omit<MappingRow, 'document'>, current: number) => ({
  version: row.version,
  current: row.version === current,
  note: row.note,
  createdAt: instant(row.created_at),
  createdBy: row.created_by,
})
const mappingView = (row: MappingRow, current: number): Mapping => ({
  ...headView(row, current),
  document: MappingDocument.parse(row.document),
})

const refusal = (problems: readonly MappingProblem[]): Problem =>
  new Problem('mapping_problems', `This mapping cannot work: ${problems[0]?.message ?? ''}`, {
    issues: problems.map(({ path, message, remedy }) => ({
      path: ['body', 'document', ...path],
      message,
      expected: remedy,
    })),
  })

/** Every step with its settings as a form; they do not change while the service runs. */
const transforms: readonly TransformInfo[] = TRANSFORMS.map(({ id, label, help, from, to, params }) => ({
  id,
  label,
  help,
  from: typeof from === 'string' ? [from] : [...from],
  to,
  fields: describeFields(params),
}))

/** What the rules of any part may read, each field once. */
const sourceFieldsOf = (ends: FlowEnds): Field[] => {
  const fields = partFields(ends).flatMap((part) => part.sourceFields)
  return [...new Map(fields.map((field) => [field.name, field])).values()]
}

export function mappingHandlers(service: Service): GroupHandlers<typeof contract.mappings> {
  const { db } = service.store
  const flowOf = async (caller: Caller, id: string): Promise<FlowRow> =>
    found(await getFlow(db, caller.workspaceId, id), 'flow')
  const problemsOf = async (flow: FlowRow, document: MappingDocument): Promise<MappingProblem[]> =>
    checkMapping(document, checkContext(await endsOf(flow, service), await lookupNames(flow, service)))
  const versionOf = async (flow: FlowRow, version: number): Promise<MappingRow> =>
    found(await getMapping(db, flow.id, version), 'version of this mapping')

  return {
    list: async ({ caller, params }) => {
      const flow = await flowOf(caller, params.flowId)
      const rows = await listMappings(db, caller.workspaceId, flow.id)
      return { items: rows.map((row) => headView(row, flow.mapping_version)) }
    },
    get: async ({ caller, params }) => {
      const flow = await flowOf(caller, params.flowId)
      return mappingView(await versionOf(flow, params.version), flow.mapping_version)
    },
    save: async ({ caller, params, body }) => {
      const flow = await flowOf(caller, params.flowId)
      const problems = await problemsOf(flow, body.document)
      if (problems.length > 0) throw refusal(problems)
      const row = await db.transaction().execute(async (tx) => {
        const saved = await addMapping(tx, {
          workspaceId: caller.workspaceId,
          flowId: flow.id,
          document: body.document,
          note: body.note ?? null,
          createdBy: caller.actor,
          ...(body.basedOn === undefined ? {} : { expectedVersion: body.basedOn }),
        })
        if (!saved) {
          throw new Problem(
            'conflict',
            `Somebody saved another version (${flow.mapping_version}) meanwhile. Look at it, then save again.`,
          )
        }
        await addAudit(tx, {
          ...caller,
          action: 'mapping.saved',
          subject: flow.id,
          detail: { version: saved.version },
        })
        return saved
      })
      return mappingView(row, row.version)
    },
    check: async ({ caller, params, body }) => ({
      problems: await problemsOf(await flowOf(caller, params.flowId), body.document),
    }),
    try: async ({ caller, params, body }) => {
      const flow = await flowOf(caller, params.flowId)
      const ends = await endsOf(flow, service)
      const tried = await service.tryRules(flow, {
        mapping: body.document,
        externalId: body.externalId ?? null,
        as: body.as,
        fresh: body.fresh,
        fields: sourceFieldsOf(ends),
      })
      const context = checkContext(ends, await lookupNames(flow, service))
      return { ...tried, problems: checkMapping(body.document, context) }
    },
    transforms: async () => ({ items: [...transforms] }),
    diff: async ({ caller, params, query }) => {
      const flow = await flowOf(caller, params.flowId)
      const [from, to] = [await versionOf(flow, query.from), await versionOf(flow, query.to)]
      return { parts: diffMappings(MappingDocument.parse(from.document), MappingDocument.parse(to.document)) }
    },
    preview: async ({ caller, params, body }) => {
      const flow = await flowOf(caller, params.flowId)
      const { settings, ...want } = body
      return service.preview(flow, {
        ...want,
        ...(settings === undefined ? {} : { settings: readFlowSettings(flow.entity as Entity, settings) }),
      })
    },
  }
}
