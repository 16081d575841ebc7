import type { Flow } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import type { FormContext } from '../form/context.ts'
import type { FormField, Values } from '../form/model.ts'
import { type Loaded, useLoaded } from '../loaded.ts'

export interface FlowForm {
  fields: readonly FormField[]
  defaults: Values
  /** Choices that only the two systems can tell. */
  options: FormContext['options']
  /** Why some are missing, in plain words; answers that were given stay. */
  warning: string | null
}

/** The settings of a flow as a form, with the choices that its two systems offer. */
export function useFlowForm({ id, entity }: Pick<Flow, 'id' | 'entity'>): Loaded<FlowForm> {
  const { api } = useBridge()
  return useLoaded(`form ${id}`, async () => {
    const [form, choices] = await Promise.all([
      api.flows.form({ params: { entity } }),
      api.flows.options({ params: { flowId: id } }),
    ])
    return { fields: form.fields as FormField[], defaults: form.defaults, ...choices }
  })
}
