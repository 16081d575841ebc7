import type { SimReply } from '../server.ts'
import { accountDetails, ownerRoutes } from './account.ts'
import { associationRoutes, recordAssociationRoutes } from './associations.ts'
import { batchArchive, batchCreate, batchRead, batchUpdate, batchUpsert } from './batches.ts'
import type { Call } from './call.ts'
import { notFound } from './errors.ts'
import * as objects from './objects.ts'
import { pipelineRoutes } from './pipelines.ts'
import { propertyRoutes } from './properties.ts'
import { objectScopes, pipelineScopes, requireScope, schemaScopes } from './scopes.ts'
import { searchRecords } from './search.ts'
import { storeOf, type ObjectStore } from './state.ts'

/** A path's area, version and what follows, after the aliases are resolved. */
export interface Route {
  area: string
  version: string
  rest: string[]
}

const VERSION = /^(v3|v4|\d{4}-\d{2}(-beta)?)$/

/**
 * Splits `/crm/{area}/{version}/…`, its aliases `/crm/v3/{area}/…`, `/crm/v4/{area}/…` and `/account-info/{version}/…`.
 * Null where the path has no such form.
 */
export function splitPath(path: string): Route | null {
  const parts = path.split('/').slice(1).map(decodeURIComponent)
  if (parts.at(-1) === '') parts.pop()
  const [root, second = '', third = ''] = parts
  if (root === 'account-info' || root === 'appinstalls') {
    return VERSION.test(second) ? { area: root, version: second, rest: parts.slice(2) } : null
  }
  if (root !== 'crm') return null
  if (VERSION.test(second)) return { area: third, version: second, rest: parts.slice(3) }
  return VERSION.test(third) ? { area: second, version: third, rest: parts.slice(3) } : null
}

export const isSearch = (route: Route): boolean => route.area === 'objects' && route.rest[1] === 'search'

const READING = new Set(['batch/read', 'search'])

const BATCHES: Record<string, (call: Call, store: ObjectStore) => SimReply> = {
  create: batchCreate,
  read: batchRead,
  update: batchUpdate,
  upsert: batchUpsert,
  archive: batchArchive,
}

function postOnObject(call: Call, store: ObjectStore, action: string): SimReply {
  if (action === '') return objects.createRecord(call, store)
  if (action === 'search') return searchRecords(call, store)
  if (action === 'merge') return objects.mergeCall(call, store)
  if (action === 'gdpr-delete') return objects.gdprDeleteCall(call, store)
  const batch = action.startsWith('batch/') ? BATCHES[action.slice('batch/'.length)] : undefined
  if (!batch) throw notFound()
  return batch(call, store)
}

function objectRoutes(call: Call): SimReply {
  const { rest, token } = call
  const { method } = call.request
  const store = storeOf(call.account, rest[0] ?? '')
  const below = rest.slice(1)
  if (below[1] === 'associations') {
    const other = storeOf(call.account, (below[2] === 'default' ? below[3] : below[2]) ?? '')
    const need = method === 'GET' ? 'read' : 'write'
    for (const side of [store, other]) requireScope(token, objectScopes(side.type.name, need))
    return recordAssociationRoutes(call)
  }
  const action = below.join('/')
  requireScope(
    token,
    objectScopes(store.type.name, method === 'GET' || READING.has(action) ? 'read' : 'write'),
  )
  if (method === 'POST') return postOnObject(call, store, action)
  const [id] = below
  if (below.length > 1) throw notFound()
  if (id === undefined) {
    if (method !== 'GET') throw notFound()
    return objects.listRecords(call, store)
  }
  if (method === 'GET') return objects.readRecord(call, store, id)
  if (method === 'PATCH') return objects.updateRecord(call, store, id)
  if (method === 'DELETE') return objects.deleteRecord(call, store, id)
  throw notFound()
}

function guardedAssociations(call: Call, version: string): SimReply {
  const { method } = call.request
  const reading = method === 'GET' || call.rest.slice(2).join('/') === 'batch/read'
  for (const name of call.rest.slice(0, 2)) {
    requireScope(call.token, objectScopes(storeOf(call.account, name).type.name, reading ? 'read' : 'write'))
  }
  return associationRoutes(call, version)
}

function definitionNeed(call: Call): 'read' | 'write' {
  return call.request.method === 'GET' || call.rest.slice(1).join('/') === 'batch/read' ? 'read' : 'write'
}

/** Answers an authenticated call. @throws ApiError, 404 where there is no such route */
export function dispatch(route: Route, call: Call): SimReply {
  switch (route.area) {
    case 'objects':
      return objectRoutes(call)
    case 'associations':
      return guardedAssociations(call, route.version)
    case 'properties':
      requireScope(
        call.token,
        schemaScopes(storeOf(call.account, call.rest[0] ?? '').type.name, definitionNeed(call)),
      )
      return propertyRoutes(call)
    case 'pipelines':
      requireScope(
        call.token,
        pipelineScopes(storeOf(call.account, call.rest[0] ?? '').type.name, definitionNeed(call)),
      )
      return pipelineRoutes(call)
    case 'owners':
      requireScope(call.token, ['crm.objects.owners.read'])
      if (call.request.method !== 'GET') throw notFound()
      return ownerRoutes(call)
    case 'account-info':
      requireScope(call.token, ['oauth'])
      if (call.request.method !== 'GET' || call.rest.join('/') !== 'details') throw notFound()
      return accountDetails(call)
    default:
      throw notFound()
  }
}
