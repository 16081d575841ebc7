import type { contract, OutputOf } from '@crosswalk/shared/contract'
import type { Service } from '../service-types.ts'
import { askAccount } from './ask-source.ts'
import { partFields } from './catalogue.ts'
import type { FlowEnds } from './flow-ends.ts'
import { suggestStages } from './suggest-stages.ts'

type Stages = OutputOf<typeof contract.flows.stages>
type Options = OutputOf<typeof contract.flows.options>
type Asking = Pick<Service, 'connections' | 'log'>

/** Statuses of the source beside pipelines of the target, with a suggestion for each status. */
export async function stagesFor(service: Asking, { source, target }: FlowEnds): Promise<Stages> {
  const asked = await askAccount(service, source.row, source.definition.statuses?.(source.context))
  const statuses = [...(asked.value ?? [])]
  const pipelines = (target.document.stages?.(target.context) ?? []).map((entry) => ({
    ...entry,
    stages: entry.stages.map((stage) => ({ ...stage })),
  }))
  return { statuses, pipelines, suggested: suggestStages(statuses, pipelines), warning: asked.warning }
}

/** Choices for the settings form, by the name that a field's `optionsFrom` or `keysFrom` tells. */
export async function optionsFor(
  service: Asking,
  ends: FlowEnds,
  lookups: readonly string[],
): Promise<Options> {
  const { statuses, pipelines, warning } = await stagesFor(service, ends)
  const { source } = ends
  const custom = await askAccount(service, source.row, source.definition.customFields?.(source.context))
  const parts = partFields(ends, custom.value)
  const many = pipelines.length > 1
  const named = new Map(
    parts.flatMap((part) => part.sourceFields.map((field) => [field.name, field.label] as const)),
  )
  return {
    options: {
      'source.statuses': statuses.map(({ value, label }) => ({ value, label })),
      'target.pipelines': pipelines.map(({ pipeline, label }) => ({ value: pipeline, label })),
      'target.stages': pipelines.flatMap((entry) =>
        entry.stages.map((stage) => ({
          value: stage.id,
          label: many ? `${entry.label}: ${stage.label}` : stage.label,
        })),
      ),
      'source.fields': [...named].map(([value, label]) => ({ value, label })),
      'target.fields': parts.flatMap((part) =>
        part.targetFields.map((field) => ({ value: field.name, label: `${part.label}: ${field.label}` })),
      ),
      lookups: lookups.map((name) => ({ value: name, label: name })),
    },
    warning: warning ?? custom.warning,
  }
}
