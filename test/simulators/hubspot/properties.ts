import type { SimReply } from '../server.ts'
import { batchInputs, jsonBody, type Call } from './call.ts'
import { batchReply } from './batches.ts'
import { ApiError, conflict, notFound, standardError, validationError } from './errors.ts'
import { dropProperty, defineProperty, changeProperty } from './property-definitions.ts'
import { propertyGroups } from './property-groups.ts'
import type { SimProperty } from './default-properties.ts'
import { storeOf, type Account, type ObjectStore } from './state.ts'
import { iso } from './wire.ts'

/** A definition as HubSpot sends it. Options of pipelines, stages and currencies come from the account. */
export function wireProperty(account: Account, store: ObjectStore, property: SimProperty) {
  const { readOnlyValue, createdAt, updatedAt, archivedAt, rest, ...plain } = property
  return {
    ...plain,
    ...rest,
    options: liveOptions(account, store, property),
    createdAt: iso(createdAt),
    updatedAt: iso(updatedAt),
    archived: archivedAt !== undefined,
    ...(archivedAt === undefined ? {} : { archivedAt: iso(archivedAt) }),
    dataSensitivity: 'non_sensitive',
    modificationMetadata: {
      archivable: !property.hubspotDefined,
      readOnlyDefinition: property.hubspotDefined,
      readOnlyValue,
    },
  }
}

function liveOptions(account: Account, store: ObjectStore, property: SimProperty) {
  const option = (value: string, label: string, displayOrder: number) => ({
    value,
    label,
    displayOrder,
    hidden: false,
  })
  const pipelines = [...(account.pipelines.get(store.type.name)?.values() ?? [])]
  if (property.name === store.type.pipeline?.pipeline)
    return pipelines.map((p, index) => option(p.id, p.label, index))
  if (property.name === store.type.pipeline?.stage) {
    return pipelines.flatMap((p) => [...p.stages.values()].map((s, index) => option(s.id, s.label, index)))
  }
  if (property.name === 'deal_currency_code')
    return account.currencies.map((code, index) => option(code, code, index))
  return property.options
}

function listProperties(call: Call, store: ObjectStore): SimReply {
  const source = call.request.query.get('archived') === 'true' ? store.archivedProperties : store.properties
  const results = [...source.values()].map((property) => wireProperty(call.account, store, property))
  return { status: 200, body: { results } }
}

function find(store: ObjectStore, name: string): SimProperty {
  const property = store.properties.get(name)
  if (!property) throw notFound(`Property ${name} does not exist`, { context: { name: [name] } })
  return property
}

/** A bad definition is reported by its name in a 207, the others are made. */
function createMany(call: Call, store: ObjectStore): SimReply {
  const startedAt = call.account.clock.now()
  const results: unknown[] = []
  const errors: ReturnType<typeof standardError>[] = []
  for (const input of batchInputs(jsonBody(call), 100)) {
    try {
      results.push(wireProperty(call.account, store, defineProperty(call.account, store, input)))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      errors.push(standardError(error, { name: [String(input['name'])] }))
    }
  }
  return batchReply(call, 201, startedAt, results, errors)
}

function readMany(call: Call, store: ObjectStore): SimReply {
  const startedAt = call.account.clock.now()
  const names = batchInputs(jsonBody(call), 100).map((input) => String(input['name']))
  const results = names.flatMap((name) => {
    const property = store.properties.get(name)
    return property ? [wireProperty(call.account, store, property)] : []
  })
  const lost = names.filter((name) => !store.properties.has(name))
  const errors =
    lost.length > 0 ? [standardError(notFound('Some properties do not exist'), { name: lost })] : []
  return batchReply(call, 200, startedAt, results, errors)
}

/** Routes below `/crm/properties/:v`. @throws ApiError 404 for what does not exist */
export function propertyRoutes(call: Call): SimReply {
  const [objectName = '', name, more] = call.rest
  const { account, request } = call
  const { method } = request
  const store = storeOf(account, objectName)
  if (name === 'groups') return propertyGroups(call, store, more)
  if (name === 'batch') {
    if (method !== 'POST' || call.rest.length !== 3) throw notFound()
    if (more === 'create') return createMany(call, store)
    if (more === 'read') return readMany(call, store)
    if (more !== 'archive') throw notFound()
    for (const input of batchInputs(jsonBody(call), 100))
      dropProperty(account, store, find(store, String(input['name'])))
    return { status: 204 }
  }
  if (call.rest.length > 2) throw notFound()
  if (name === undefined) {
    if (method === 'GET') return listProperties(call, store)
    if (method !== 'POST') throw new ApiError(405, 'METHOD_NOT_ALLOWED', 'HTTP 405 Method Not Allowed')
    const body = jsonBody(call)
    if (store.properties.has(String(body['name'])))
      throw conflict(`Property ${String(body['name'])} already exists`)
    return { status: 201, body: wireProperty(account, store, defineProperty(account, store, body)) }
  }
  const property = find(store, name)
  if (method === 'GET') return { status: 200, body: wireProperty(account, store, property) }
  if (method === 'PATCH') {
    changeProperty(account, store, property, jsonBody(call))
    return { status: 200, body: wireProperty(account, store, property) }
  }
  if (method !== 'DELETE') throw validationError(`Method ${method} is not supported`)
  dropProperty(account, store, property)
  return { status: 204 }
}
