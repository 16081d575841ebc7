import type { SimReply } from '../server.ts'
import { jsonBody, readLimit, sourceOf, type Call } from './call.ts'
import { ApiError, notFound, validationError } from './errors.ts'
import { gdprDelete, mergeRecords } from './merge.ts'
import { archiveRecord, prepareCreate, prepareUpdate } from './records.ts'
import { findLive, findRecord, uniqueKey, type ObjectStore, type SimRecord } from './state.ts'
import { selection, wireAssociations, wireRead, wireWritten, type Selection } from './wire.ts'

/**
 * A live record by id, or by a unique property.
 * @throws ApiError 400 where `idProperty` is no unique property
 */
export function findBy(store: ObjectStore, id: string, idProperty: unknown): SimRecord | undefined {
  if (idProperty === undefined || idProperty === null || idProperty === '' || idProperty === 'hs_object_id') {
    return findLive(store, id)
  }
  const name = String(idProperty)
  const index = store.properties.get(name)?.hasUniqueValue ? store.unique.get(name) : undefined
  if (!index) throw validationError(`${name} is not a unique property of ${store.type.name}`)
  const holder = index.get(uniqueKey(name, id))
  return holder === undefined ? undefined : findLive(store, holder)
}

function missing(store: ObjectStore, id: string): ApiError {
  return notFound(`Object not found. objectId are usually numeric: ${store.type.singular} ${id}`, {
    context: { id: [id] },
  })
}

/** A list in the query: comma-separated, or the name several times as the official client sends it. */
const many = (call: Call, name: string): string => call.request.query.getAll(name).join(',')

function read(call: Call, record: SimRecord, fields: Selection) {
  const wire = wireRead(record, fields)
  const associations = wireAssociations(call.account, record, many(call, 'associations'))
  if (associations) wire.associations = associations
  return wire
}

/** `GET O`: pages by id; `after` is the last id of the page before. */
export function listRecords(call: Call, store: ObjectStore): SimReply {
  const { query, path } = call.request
  const limit = readLimit(query.get('limit'), 10, 100)
  const after = Number(query.get('after') ?? 0)
  if (!Number.isFinite(after)) throw validationError(`Invalid after: ${query.get('after')}`)
  const archived = query.get('archived') === 'true'
  const fields = selection(store, many(call, 'properties'), many(call, 'propertiesWithHistory'))
  const page: SimRecord[] = []
  let more = false
  for (const record of store.records.values()) {
    if (record.archived !== archived || Number(record.id) <= after) continue
    if (page.length === limit) {
      more = true
      break
    }
    page.push(record)
  }
  const results = page.map((record) => read(call, record, fields))
  const last = page.at(-1)?.id
  if (!more || last === undefined) return { status: 200, body: { results } }
  const next = new URLSearchParams(query)
  next.set('after', last)
  return {
    status: 200,
    body: { results, paging: { next: { after: last, link: `${call.origin}${path}?${next}` } } },
  }
}

export function readRecord(call: Call, store: ObjectStore, id: string): SimReply {
  const { query } = call.request
  const wantArchived = query.get('archived') === 'true'
  const record = wantArchived ? findRecord(store, id) : findBy(store, id, query.get('idProperty'))
  if (!record || record.archived !== wantArchived) throw missing(store, id)
  const fields = selection(store, many(call, 'properties'), many(call, 'propertiesWithHistory'))
  return { status: 200, body: read(call, record, fields) }
}

export function createRecord(call: Call, store: ObjectStore): SimReply {
  const commit = prepareCreate(call.account, store, jsonBody(call), { sourceId: sourceOf(call) })
  return { status: 201, body: wireWritten(commit()) }
}

export function updateRecord(call: Call, store: ObjectStore, id: string): SimReply {
  const body = jsonBody(call)
  if (body['properties'] === undefined)
    throw validationError('Some required fields were not set: [properties]')
  const record = findBy(store, id, call.request.query.get('idProperty'))
  if (!record) throw missing(store, id)
  const commit = prepareUpdate(call.account, store, record, body['properties'], { sourceId: sourceOf(call) })
  return { status: 200, body: wireWritten(commit()) }
}

export function deleteRecord(call: Call, store: ObjectStore, id: string): SimReply {
  const record = findRecord(store, id)
  if (!record) throw missing(store, id)
  archiveRecord(call.account, store, record, sourceOf(call))
  return { status: 204 }
}

export function mergeCall(call: Call, store: ObjectStore): SimReply {
  const { primaryObjectId, objectIdToMerge } = jsonBody(call)
  const survivor = mergeRecords(
    call.account,
    store,
    String(primaryObjectId),
    String(objectIdToMerge),
    sourceOf(call),
  )
  return { status: 200, body: wireRead(survivor, selection(store, [...store.properties.keys()], [])) }
}

export function gdprDeleteCall(call: Call, store: ObjectStore): SimReply {
  if (store.type.name !== 'contacts') throw notFound()
  const { objectId, idProperty } = jsonBody(call)
  const record = findBy(store, String(objectId), idProperty)
  if (!record) throw missing(store, String(objectId))
  gdprDelete(call.account, store, record, sourceOf(call))
  return { status: 204 }
}
