import type { SimReply } from '../server.ts'
import { jsonBody, readLimit, type Call } from './call.ts'
import { validationError } from './errors.ts'
import { readTime } from './property-values.ts'
import { groupsMatcher, queryMatcher } from './search-filters.ts'
import { indexedProperties, type ObjectStore, type SimRecord, type Values } from './state.ts'
import { selection, wireRead } from './wire.ts'

const MAX_BODY = 3_000
const MAX_PAGE = 200
const MAX_RESULTS = 10_000

interface Hit {
  record: SimRecord
  values: Values
}

type Order = (a: Hit, b: Hit) => number

const byId: Order = (a, b) => Number(a.record.id) - Number(b.record.id)

/** One sort at most, as `{propertyName, direction}` or as `name` / `-name`; without one by id. @throws ApiError 400 */
function readSort(store: ObjectStore, input: unknown): Order {
  if (input === undefined || input === null) return byId
  if (!Array.isArray(input)) throw validationError('Invalid input JSON: sorts must be an array')
  if (input.length === 0) return byId
  if (input.length > 1) throw validationError('Only one sort is allowed')
  const first: unknown = input[0]
  const text = typeof first === 'string' ? first : ''
  const { propertyName, direction } = (
    typeof first === 'object' && first !== null
      ? first
      : { propertyName: text.replace(/^-/, ''), direction: text.startsWith('-') ? 'DESCENDING' : 'ASCENDING' }
  ) as { propertyName?: string; direction?: string }
  const property = store.properties.get(propertyName ?? '')
  if (!property) throw validationError(`There was a problem with the request: cannot sort by ${propertyName}`)
  const sign = direction === 'DESCENDING' ? -1 : 1
  const read = ({ values }: Hit): string | number => {
    const value = values[property.name]
    if (property.type === 'number') return value === undefined ? Number.NEGATIVE_INFINITY : Number(value)
    if (property.type === 'date' || property.type === 'datetime')
      return value === undefined ? -1 : (readTime(value) ?? -1)
    return value?.toLowerCase() ?? ''
  }
  return (a, b) => {
    const [left, right] = [read(a), read(b)]
    return left === right ? byId(a, b) : (left < right ? -1 : 1) * sign
  }
}

/** `POST O/search`: sees records as the index does, `searchLagMs` late; archived ones never. */
export function searchRecords(call: Call, store: ObjectStore): SimReply {
  const body = jsonBody(call)
  const length = call.request.raw.toString('utf8').length
  if (length > MAX_BODY)
    throw validationError(`The request body is ${length} characters long, more than ${MAX_BODY}`)
  const limit = readLimit(body['limit'], 10, MAX_PAGE)
  const after = body['after'] === undefined || body['after'] === '' ? 0 : Number(body['after'])
  if (!Number.isInteger(after) || after < 0) throw validationError(`Invalid after: ${String(body['after'])}`)
  if (after + limit > MAX_RESULTS) {
    throw validationError(
      `Paging past ${MAX_RESULTS} results is not possible (after ${after}, limit ${limit})`,
    )
  }
  const matchesGroups = groupsMatcher(store, body['filterGroups'])
  const matchesQuery = queryMatcher(store, body['query'])
  const order = readSort(store, body['sorts'])
  const fields = selection(store, body['properties'], [])

  const now = call.account.clock.now()
  const hits: Hit[] = []
  for (const record of store.records.values()) {
    const values = record.archived ? null : indexedProperties(record, now, call.account.searchLagMs)
    if (values && matchesGroups(record, values) && matchesQuery(record, values)) hits.push({ record, values })
  }
  hits.sort(order)
  const page = hits.slice(after, after + limit)
  const results = page.map(({ record, values }) => wireRead({ ...record, properties: values }, fields))
  const end = after + page.length
  const paging = end < hits.length ? { paging: { next: { after: String(end) } } } : {}
  return { status: 200, body: { total: hits.length, results, ...paging } }
}
