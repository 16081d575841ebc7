import type { MappingInput } from '@crosswalk/shared/mapping'
import type { Entity } from '@crosswalk/shared/model'
import type { Context, Step, TargetDocument } from '../../sdk/index.ts'
import { availableMapping } from '../available-mapping.ts'
import { factsOf } from '../facts.ts'
import type { ObjectName } from '../object-types.ts'
import { recordUrl } from '../record-url.ts'

type HubSpotStep<E extends Entity> = Step<E> & { object: ObjectName }

/** What every document of ours has alike: the mapping as far as the portal can take it, and the link for people. */
export function hubspotDocument<E extends Entity>(document: {
  label: string
  entity: E
  object: ObjectName
  steps: readonly HubSpotStep<E>[]
  mapping: MappingInput
}): TargetDocument<E> {
  const objects = Object.fromEntries(document.steps.map((step) => [step.role, step.object]))
  return {
    ...document,
    mappingFor: (context) => availableMapping(document.mapping, objects, context.facts),
    url: (id, context) => recordUrl(document.object, id, context),
  }
}

/** Pipelines of deals or orders, as they were when the account was last checked. */
export const stagesOf =
  (object: 'deals' | 'orders') =>
  (context: Pick<Context, 'facts'>): ReturnType<NonNullable<TargetDocument['stages']>> =>
    (factsOf(context).pipelines?.[object] ?? []).map(({ id, label, stages }) => ({
      pipeline: id,
      label,
      stages,
    }))
