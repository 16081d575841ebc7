import { invalidProperties } from './errors.ts'
import type { Account, ObjectStore, Values } from './state.ts'

/**
 * A written pipeline must exist and a written stage must belong to the record's pipeline.
 * A write that moves to another pipeline has to name a stage of it.
 * @throws ApiError 400 INVALID_OPTION
 */
export function checkStage(
  account: Account,
  store: ObjectStore,
  values: Record<string, string | null>,
  current: Values,
): void {
  const names = store.type.pipeline
  if (!names || (values[names.pipeline] === undefined && values[names.stage] === undefined)) return
  const pipelines = account.pipelines.get(store.type.name) ?? new Map()
  const refuse = (name: string, value: string | null | undefined, allowed: Iterable<string>) =>
    invalidProperties(
      [
        {
          name,
          code: 'INVALID_OPTION',
          message: `${value} was not one of the allowed options: [${[...allowed].join(', ')}]`,
        },
      ],
      account.portalId,
    )
  const pipelineId =
    values[names.pipeline] ?? current[names.pipeline] ?? (store.type.name === 'deals' ? 'default' : '')
  const pipeline = account.pipelines.get(store.type.name)?.get(pipelineId)
  if (!pipeline) throw refuse(names.pipeline, pipelineId, pipelines.keys())
  const stageId = values[names.stage] ?? current[names.stage]
  if (stageId !== undefined && !pipeline.stages.has(stageId))
    throw refuse(names.stage, stageId, pipeline.stages.keys())
}
