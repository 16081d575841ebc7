import { randomUUID } from 'node:crypto'
import type { SimReply } from '../server.ts'
import { jsonBody, type Call, type JsonObject } from './call.ts'
import type { Pipeline, Stage } from './default-pipelines.ts'
import { conflict, notFound, validationError } from './errors.ts'
import { storeOf, type Account, type ObjectStore } from './state.ts'
import { iso } from './wire.ts'

const wireStage = (stage: Stage) => ({
  ...stage,
  createdAt: iso(stage.createdAt),
  updatedAt: iso(stage.updatedAt),
  archived: false,
  writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT',
})

const wirePipeline = (pipeline: Pipeline) => ({
  ...pipeline,
  stages: [...pipeline.stages.values()].sort((a, b) => a.displayOrder - b.displayOrder).map(wireStage),
  createdAt: iso(pipeline.createdAt),
  updatedAt: iso(pipeline.updatedAt),
  archived: false,
})

function readMetadata(store: ObjectStore, input: unknown): Record<string, string> {
  const metadata = (typeof input === 'object' && input !== null ? input : {}) as Record<string, unknown>
  if (store.type.name === 'deals') {
    const probability = Number(metadata['probability'] ?? Number.NaN)
    if (!(probability >= 0 && probability <= 1))
      throw validationError('A deal stage needs metadata.probability of 0.0 to 1.0')
  } else if (metadata['state'] !== 'OPEN' && metadata['state'] !== 'CLOSED') {
    throw validationError('An order stage needs metadata.state of OPEN or CLOSED')
  }
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, String(value)]))
}

function readLabel(input: JsonObject): string {
  if (typeof input['label'] !== 'string' || input['label'] === '') {
    throw validationError('Some required fields were not set: [label]')
  }
  return input['label']
}

function readStage(store: ObjectStore, input: JsonObject, index: number, now: number): Stage {
  const id = typeof input['stageId'] === 'string' && input['stageId'] !== '' ? input['stageId'] : randomUUID()
  return {
    id,
    label: readLabel(input),
    displayOrder: Number(input['displayOrder'] ?? index),
    metadata: readMetadata(store, input['metadata']),
    createdAt: now,
    updatedAt: now,
  }
}

function readStages(store: ObjectStore, input: unknown, now: number): Map<string, Stage> {
  if (!Array.isArray(input) || input.length === 0)
    throw validationError('A pipeline needs at least one stage')
  const stages = input.map((stage: JsonObject, index) => readStage(store, stage, index, now))
  if (new Set(stages.map((stage) => stage.label)).size < stages.length)
    throw validationError('Stage labels must be unique')
  return new Map(stages.map((stage) => [stage.id, stage]))
}

/** Ids of live records in a pipeline, or in one of its stages. */
function occupants(store: ObjectStore, pipelineId: string, stageId?: string): string[] {
  const names = store.type.pipeline
  if (!names) return []
  return [...store.records.values()]
    .filter((record) => !record.archived && record.properties[names.pipeline] === pipelineId)
    .filter((record) => stageId === undefined || record.properties[names.stage] === stageId)
    .map((record) => record.id)
}

/** A delete with `validateReferencesBeforeDelete=true` is refused while records are left. */
function checkEmpty(call: Call, store: ObjectStore, pipelineId: string, stageId?: string): void {
  const { query } = call.request
  const asked =
    query.get('validateReferencesBeforeDelete') ?? query.get('validateDealStageUsagesBeforeDelete')
  if (asked !== 'true') return
  const ids = occupants(store, pipelineId, stageId)
  if (ids.length > 0)
    throw validationError(`${ids.length} records are still in use here`, {
      context: { ids: ids.slice(0, 100) },
    })
}

function createPipeline(call: Call, store: ObjectStore, pipelines: Map<string, Pipeline>): SimReply {
  const body = jsonBody(call)
  const now = call.account.clock.now()
  const id =
    typeof body['pipelineId'] === 'string' && body['pipelineId'] !== '' ? body['pipelineId'] : randomUUID()
  const label = readLabel(body)
  const taken = [...pipelines.values()].some((pipeline) => pipeline.label === label)
  if (taken || pipelines.has(id)) throw conflict(`A pipeline ${label} already exists`)
  const displayOrder = Number(body['displayOrder'] ?? pipelines.size)
  const stages = readStages(store, body['stages'], now)
  const pipeline: Pipeline = { id, label, displayOrder, stages, createdAt: now, updatedAt: now }
  pipelines.set(id, pipeline)
  return { status: 201, body: wirePipeline(pipeline) }
}

function changePipeline(call: Call, store: ObjectStore, pipeline: Pipeline): SimReply {
  const body = jsonBody(call)
  if (call.request.method === 'PUT')
    pipeline.stages = readStages(store, body['stages'], call.account.clock.now())
  if (call.request.method === 'PUT' || body['label'] !== undefined) pipeline.label = readLabel(body)
  if (body['displayOrder'] !== undefined) pipeline.displayOrder = Number(body['displayOrder'])
  pipeline.updatedAt = call.account.clock.now()
  return { status: 200, body: wirePipeline(pipeline) }
}

function stageRoutes(
  call: Call,
  store: ObjectStore,
  pipeline: Pipeline,
  stageId: string | undefined,
): SimReply {
  const { method } = call.request
  const now = call.account.clock.now()
  if (stageId === undefined) {
    if (method === 'GET') return { status: 200, body: { results: wirePipeline(pipeline).stages } }
    if (method !== 'POST') throw notFound()
    const stage = readStage(store, jsonBody(call), pipeline.stages.size, now)
    if ([...pipeline.stages.values()].some((one) => one.label === stage.label))
      throw conflict(`A stage ${stage.label} already exists`)
    pipeline.stages.set(stage.id, stage)
    return { status: 201, body: wireStage(stage) }
  }
  const stage = pipeline.stages.get(stageId)
  if (!stage) throw notFound(`Stage ${stageId} does not exist`)
  if (method === 'DELETE') {
    checkEmpty(call, store, pipeline.id, stageId)
    pipeline.stages.delete(stageId)
    return { status: 204 }
  }
  if (method === 'PATCH' || method === 'PUT') {
    const body = jsonBody(call)
    if (body['label'] !== undefined) stage.label = readLabel(body)
    if (body['displayOrder'] !== undefined) stage.displayOrder = Number(body['displayOrder'])
    if (body['metadata'] !== undefined) stage.metadata = readMetadata(store, body['metadata'])
    stage.updatedAt = now
  } else if (method !== 'GET') throw notFound()
  return { status: 200, body: wireStage(stage) }
}

/** Removes a stage whatever records are in it, as a user of the account can. */
export function removeStage(
  account: Account,
  objectName: string,
  pipelineId: string,
  stageId: string,
): boolean {
  const { type } = storeOf(account, objectName)
  return account.pipelines.get(type.name)?.get(pipelineId)?.stages.delete(stageId) ?? false
}

/** Routes below `/crm/pipelines/:v`. @throws ApiError */
export function pipelineRoutes(call: Call): SimReply {
  const [objectName = '', pipelineId, below, stageId] = call.rest
  const store = storeOf(call.account, objectName)
  const pipelines = call.account.pipelines.get(store.type.name)
  if (!pipelines) throw validationError(`${store.type.name} has no pipelines`)
  const { method } = call.request
  if (pipelineId === undefined) {
    if (method === 'POST') return createPipeline(call, store, pipelines)
    return { status: 200, body: { results: [...pipelines.values()].map(wirePipeline) } }
  }
  const pipeline = pipelines.get(pipelineId)
  if (!pipeline || (below !== undefined && below !== 'stages') || call.rest.length > 4) {
    throw notFound(`Pipeline ${pipelineId} does not exist`)
  }
  if (below === 'stages') return stageRoutes(call, store, pipeline, stageId)
  if (method === 'DELETE') {
    checkEmpty(call, store, pipelineId)
    pipelines.delete(pipelineId)
    return { status: 204 }
  }
  if (method === 'PATCH' || method === 'PUT') return changePipeline(call, store, pipeline)
  if (method !== 'GET') throw notFound()
  return { status: 200, body: wirePipeline(pipeline) }
}
