import type { PartFields } from '@crosswalk/shared/contract'
import type { CheckContext, Field } from '@crosswalk/shared/mapping'
import { sourceFields } from '@crosswalk/shared/mapping'
import type { Entity } from '@crosswalk/shared/model'
import type { z } from 'zod'
import { listLookups } from '../store/lookups.ts'
import type { FlowRow } from '../store/schema.ts'
import type { Service } from '../service-types.ts'
import type { FlowEnds } from './flow-ends.ts'

/** Always there: status to stage, from the flow's own settings. */
const STAGES = 'stages'

/** What the rules of each part may read and write. `custom` are fields found in the source account. */
export function partFields(
  { target }: FlowEnds,
  custom: readonly Field[] = [],
): z.infer<typeof PartFields>[] {
  const entity = target.document.entity as Entity
  return target.document.steps.flatMap((step) => {
    const object = target.connector.objects[step.object]
    if (!object) return []
    const targetFields = [...object.fields(target.context)]
    return [
      {
        role: step.role,
        object: step.object,
        label: object.label,
        each: step.each,
        sourceFields: [...sourceFields(entity, step.each !== 'one'), ...custom],
        targetFields,
        requiredTargets: targetFields.filter((field) => field.required).map((field) => field.name),
      },
    ]
  })
}

export const lookupNames = async (flow: FlowRow, service: Pick<Service, 'store'>): Promise<string[]> => [
  STAGES,
  ...(await listLookups(service.store.db, flow.workspace_id)).map((row) => row.name),
]

/** What a mapping is checked against. Fields under `native` need no catalogue, so the account is not asked. */
export const checkContext = (ends: FlowEnds, lookups: readonly string[]): CheckContext => ({
  parts: Object.fromEntries(partFields(ends).map((part) => [part.role, part])),
  lookups,
})
