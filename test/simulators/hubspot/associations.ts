import type { SimReply } from '../server.ts'
import type { LinkType } from './association-types.ts'
import { batchReply } from './batches.ts'
import { batchInputs, jsonBody, readLimit, type Call, type JsonObject } from './call.ts'
import { ApiError, notFound, standardError, validationError } from './errors.ts'
import { checkParent, readTypes, removeLink, writeLink } from './links.ts'
import { findLive, storeOf, type ObjectStore, type SimRecord } from './state.ts'

const idIn = (value: unknown): string => String((value as { id?: unknown } | null | undefined)?.id ?? '')

function live(store: ObjectStore, id: string): SimRecord {
  const record = findLive(store, id)
  if (!record) throw notFound(`${store.type.singular} ${id} does not exist`, { context: { id: [id] } })
  return record
}

function defaultType(call: Call, from: ObjectStore, to: ObjectStore): LinkType {
  const first = call.account.linkTypes
    .between(from.type.name, to.type.name)
    .find((type) => type.label === null)
  if (!first)
    throw validationError(`There is no default association between ${from.type.name} and ${to.type.name}`)
  return first
}

function writeDefault(call: Call, from: SimRecord, to: SimRecord, type: LinkType) {
  checkParent(from, to)
  writeLink(call.account, from, to, [type])
  const spec = (associationTypeId: number) => ({ associationCategory: type.category, associationTypeId })
  return [
    { from: { id: from.id }, to: { id: to.id }, associationSpec: spec(type.id) },
    { from: { id: to.id }, to: { id: from.id }, associationSpec: spec(type.reverse) },
  ]
}

function writeLabelled(call: Call, from: SimRecord, to: SimRecord, input: unknown) {
  const types = readTypes(call.account, from.type.name, to.type.name, input)
  checkParent(from, to)
  writeLink(call.account, from, to, types)
  return {
    fromObjectTypeId: from.type.typeId,
    fromObjectId: from.id,
    toObjectTypeId: to.type.typeId,
    toObjectId: to.id,
    labels: types.flatMap((type) => type.label ?? []),
  }
}

/** One page of a record's associations to an object; `after` is an offset. */
function page(call: Call, record: SimRecord, to: ObjectStore, after: unknown, limit: number) {
  const all = [...(record.links.get(to.type.name) ?? [])]
  const start = Number(after ?? 0) || 0
  const results = all.slice(start, start + limit).map(([toObjectId, typeIds]) => ({
    toObjectId,
    associationTypes: typeIds.flatMap((typeId) => {
      const type = call.account.linkTypes.byId(record.type.name, to.type.name, typeId)
      if (!type) return []
      return [{ category: type.category, typeId, ...(type.label === null ? {} : { label: type.label }) }]
    }),
  }))
  const end = start + results.length
  return { results, ...(end < all.length ? { paging: { next: { after: String(end) } } } : {}) }
}

/** Routes `/crm/objects/:v/{from}/{id}/associations/…`; `rest` starts with the from object. @throws ApiError */
export function recordAssociationRoutes(call: Call): SimReply {
  const { account, request, rest } = call
  const from = storeOf(account, rest[0] ?? '')
  const record = live(from, rest[1] ?? '')
  if (rest[3] === 'default') {
    if (request.method !== 'PUT' || rest.length !== 6) throw notFound()
    const to = storeOf(account, rest[4] ?? '')
    const startedAt = account.clock.now()
    const other = live(to, rest[5] ?? '')
    return batchReply(
      call,
      200,
      startedAt,
      writeDefault(call, record, other, defaultType(call, from, to)),
      [],
    )
  }
  const to = storeOf(account, rest[3] ?? '')
  if (rest.length === 4 && request.method === 'GET') {
    const limit = readLimit(request.query.get('limit'), 500, 500)
    return { status: 200, body: page(call, record, to, request.query.get('after'), limit) }
  }
  if (rest.length !== 5) throw notFound()
  const other = live(to, rest[4] ?? '')
  if (request.method === 'PUT') return { status: 201, body: writeLabelled(call, record, other, request.body) }
  if (request.method !== 'DELETE') throw notFound()
  removeLink(account, record, other, null)
  return { status: 204 }
}

type RowWork = (input: JsonObject) => unknown[]

/** Each row stands alone: refused ones are listed in a 207 with their ids. */
function eachRow(call: Call, full: number, max: number, work: RowWork): SimReply {
  const startedAt = call.account.clock.now()
  const results: unknown[] = []
  const errors: ReturnType<typeof standardError>[] = []
  for (const input of batchInputs(jsonBody(call), max)) {
    try {
      results.push(...work(input))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const from = input['from'] === undefined ? String(input['id']) : idIn(input['from'])
      errors.push(standardError(error, { fromObjectId: [from], toObjectId: [idIn(input['to'])] }))
    }
  }
  return batchReply(call, full, startedAt, results, errors)
}

function archive(call: Call, from: ObjectStore, to: ObjectStore, legacy: boolean): SimReply {
  const reply = eachRow(call, 200, 100, (input) => {
    const targets = Array.isArray(input['to']) ? input['to'] : [input['to']]
    const record = live(from, idIn(input['from']))
    for (const target of targets) {
      const other = findLive(to, idIn(target))
      if (other) removeLink(call.account, record, other, null)
    }
    return []
  })
  return legacy && reply.status === 200 ? { status: 204 } : reply
}

function archiveLabels(call: Call, from: ObjectStore, to: ObjectStore, legacy: boolean): SimReply {
  const reply = eachRow(call, 200, 100, (input) => {
    const [record, other] = [live(from, idIn(input['from'])), live(to, idIn(input['to']))]
    removeLink(
      call.account,
      record,
      other,
      readTypes(call.account, from.type.name, to.type.name, input['types']),
    )
    return []
  })
  return legacy && reply.status === 200 ? { status: 204 } : reply
}

function batchRoutes(
  call: Call,
  from: ObjectStore,
  to: ObjectStore,
  action: string,
  legacy: boolean,
): SimReply {
  switch (action) {
    case 'create':
      return eachRow(call, 201, 2_000, (input) => [
        writeLabelled(call, live(from, idIn(input['from'])), live(to, idIn(input['to'])), input['types']),
      ])
    case 'associate/default': {
      const type = defaultType(call, from, to)
      return eachRow(call, 200, 2_000, (input) =>
        writeDefault(call, live(from, idIn(input['from'])), live(to, idIn(input['to'])), type),
      )
    }
    case 'read':
      return eachRow(call, 200, 1_000, (input) => {
        const record = live(from, String(input['id']))
        const { results, ...paging } = page(call, record, to, input['after'], 500)
        if (results.length === 0)
          throw notFound(`No ${to.type.name} is associated with ${from.type.singular} ${record.id}`)
        return [{ from: { id: record.id }, to: results, ...paging }]
      })
    case 'archive':
      return archive(call, from, to, legacy)
    case 'labels/archive':
      return archiveLabels(call, from, to, legacy)
    default:
      throw notFound()
  }
}

function labelRoutes(call: Call, from: string, to: string, typeId: string | undefined): SimReply {
  const { linkTypes } = call.account
  const wire = (type: LinkType) => ({
    category: type.category,
    typeId: type.id,
    label: type.label ?? undefined,
  })
  const { method } = call.request
  if (method === 'GET' && typeId === undefined) {
    return { status: 200, body: { results: linkTypes.between(from, to).map(wire) } }
  }
  if (method === 'DELETE') {
    if (!linkTypes.remove(from, to, Number(typeId))) throw notFound(`No user-defined type ${typeId}`)
    return { status: 204 }
  }
  const { label, inverseLabel, associationTypeId } = jsonBody(call)
  if (typeof label !== 'string' || label === '')
    throw validationError('Some required fields were not set: [label]')
  if (method === 'POST') {
    const made = linkTypes.define(from, to, label, typeof inverseLabel === 'string' ? inverseLabel : label)
    return { status: 200, body: { results: made.map(wire) } }
  }
  if (!linkTypes.rename(from, to, Number(associationTypeId), label))
    throw notFound('No such user-defined type')
  return { status: 204 }
}

/** Routes below `/crm/associations/:v`; the v4 name answers archives with 204, the dated ones with 200. @throws ApiError */
export function associationRoutes(call: Call, version: string): SimReply {
  const from = storeOf(call.account, call.rest[0] ?? '')
  const to = storeOf(call.account, call.rest[1] ?? '')
  const [area, ...action] = call.rest.slice(2)
  if (area === 'labels') return labelRoutes(call, from.type.name, to.type.name, action[0])
  if (area !== 'batch' || call.request.method !== 'POST') throw notFound()
  return batchRoutes(call, from, to, action.join('/'), version === 'v4')
}
