import type { SimReply } from '../server.ts'
import { batchInputs, jsonBody, sourceOf, type Call, type JsonObject } from './call.ts'
import { ApiError, standardError, validationError } from './errors.ts'
import { findBy } from './objects.ts'
import { archiveRecord, prepareCreate, prepareUpdate, type Commit } from './records.ts'
import { findRecord, uniqueKey, type ObjectStore, type SimRecord } from './state.ts'
import { iso, selection, wireRead, wireWritten, type WireRecord } from './wire.ts'

/** HubSpot's limit for object batches. */
const MAX_INPUTS = 100

type RowError = ReturnType<typeof standardError>

/** The batch envelope: `full` without errors, 207 with. */
export function batchReply(
  call: Call,
  full: number,
  startedAt: number,
  results: unknown[],
  errors: RowError[],
): SimReply {
  const times = { startedAt: iso(startedAt), completedAt: iso(call.account.clock.now()) }
  if (errors.length === 0) return { status: full, body: { status: 'COMPLETE', results, ...times } }
  return { status: 207, body: { status: 'COMPLETE', results, ...times, numErrors: errors.length, errors } }
}

const traceOf = (input: JsonObject): string | null => {
  const trace = input['objectWriteTraceId']
  return typeof trace === 'string' && trace !== '' ? trace : null
}

/** Rows are answered one by one only where every input carries a trace id of its own. @throws ApiError 400 on a repeated one */
function traced(inputs: JsonObject[]): boolean {
  const traces = inputs.map(traceOf).filter((trace) => trace !== null)
  if (new Set(traces).size < traces.length)
    throw validationError('Duplicate objectWriteTraceId found in batch input')
  return traces.length === inputs.length
}

function refuseDuplicates(values: string[], what: string): void {
  const seen = new Set<string>()
  for (const value of values) {
    if (seen.has(value))
      throw validationError(`Duplicate ${what} found in batch input: [${value}]. They must be unique`)
    seen.add(value)
  }
}

/** Two rows that write the same unique value refuse the whole batch. */
function refuseSameKeys(store: ObjectStore, inputs: JsonObject[]): void {
  for (const name of store.unique.keys()) {
    const values = inputs.flatMap((input) => {
      const value = (input['properties'] as JsonObject | undefined)?.[name]
      return value === undefined || value === null || value === '' ? [] : [uniqueKey(name, String(value))]
    })
    refuseDuplicates(values, `values of ${name}`)
  }
}

function wire(record: SimRecord, input: JsonObject, isNew?: boolean): WireRecord {
  const written = wireWritten(record)
  const trace = traceOf(input)
  if (trace !== null) written.objectWriteTraceId = trace
  if (isNew !== undefined) written.new = isNew
  return written
}

const rowError = (error: unknown, input: JsonObject, context: Record<string, string[]> = {}): RowError => {
  if (!(error instanceof ApiError)) throw error
  const trace = traceOf(input)
  return standardError(error, { ...context, ...(trace === null ? {} : { objectWriteTraceId: [trace] }) })
}

interface Row {
  input: JsonObject
  /** Checks the row. @throws ApiError */
  prepare: () => Commit
  isNew?: boolean
}

/** Runs prepared rows one by one (with trace ids) or all or none. */
function runRows(rows: Row[], rowwise: boolean): { results: WireRecord[]; errors: RowError[] } {
  if (!rowwise) {
    const commits = rows.map((row) => row.prepare())
    const results = commits.map((commit, index) =>
      wire(commit(), rows[index]?.input ?? {}, rows[index]?.isNew),
    )
    return { results, errors: [] }
  }
  const results: WireRecord[] = []
  const errors: RowError[] = []
  for (const row of rows) {
    try {
      results.push(wire(row.prepare()(), row.input, row.isNew))
    } catch (error) {
      errors.push(rowError(error, row.input))
    }
  }
  return { results, errors }
}

export function batchCreate(call: Call, store: ObjectStore): SimReply {
  const startedAt = call.account.clock.now()
  const inputs = batchInputs(jsonBody(call), MAX_INPUTS)
  const rowwise = traced(inputs)
  refuseSameKeys(store, inputs)
  const claims = new Map<string, string>()
  const options = { claims, sourceId: sourceOf(call) }
  const rows = inputs.map((input) => ({
    input,
    prepare: () => prepareCreate(call.account, store, input, options),
  }))
  const { results, errors } = runRows(rows, rowwise)
  return batchReply(call, 201, startedAt, results, errors)
}

const gone = (store: ObjectStore, verb: string): ApiError => {
  const kind = store.type.singular.toUpperCase()
  return new ApiError(
    404,
    'OBJECT_NOT_FOUND',
    `Could not ${verb} some ${kind} objects, they may be deleted or not exist. Check that ids are valid.`,
  )
}

const idOf = (input: JsonObject): string => {
  const { id } = input
  if (typeof id !== 'string' && typeof id !== 'number')
    throw validationError('Some required fields were not set: [id]')
  return String(id)
}

/** Unknown ids are reported in a 207, also without trace ids; a refused value without trace ids refuses the batch. */
export function batchUpdate(call: Call, store: ObjectStore): SimReply {
  const startedAt = call.account.clock.now()
  const inputs = batchInputs(jsonBody(call), MAX_INPUTS)
  const rowwise = traced(inputs)
  refuseSameKeys(store, inputs)
  const rows: Row[] = []
  const missing: RowError[] = []
  const ids: string[] = []
  for (const input of inputs) {
    const record = findBy(store, idOf(input), input['idProperty'])
    ids.push(record?.id ?? `?${idOf(input)}`)
    if (!record) missing.push(rowError(gone(store, 'update'), input, { ids: [idOf(input)] }))
    else {
      const prepare = () =>
        prepareUpdate(call.account, store, record, input['properties'], { sourceId: sourceOf(call) })
      rows.push({ input, prepare })
    }
  }
  refuseDuplicates(ids, 'IDs')
  const { results, errors } = runRows(rows, rowwise)
  return batchReply(call, 200, startedAt, results, [...missing, ...errors])
}

/**
 * One `idProperty` for all inputs. With `email` there are no partial answers: one bad row refuses the batch, trace ids
 * or not. Associations are no part of this call.
 */
export function batchUpsert(call: Call, store: ObjectStore): SimReply {
  const startedAt = call.account.clock.now()
  const inputs = batchInputs(jsonBody(call), MAX_INPUTS)
  if (inputs.some((input) => input['associations'] !== undefined)) {
    throw validationError('Invalid input JSON: unrecognized field "associations"')
  }
  const idProperties = new Set(inputs.map((input) => String(input['idProperty'] ?? 'hs_object_id')))
  if (idProperties.size > 1) throw validationError('All inputs must have the same idProperty')
  const idProperty = [...idProperties][0] ?? 'hs_object_id'
  const rowwise = traced(inputs) && idProperty !== 'email'
  refuseDuplicates(
    inputs.map((input) => uniqueKey(idProperty, idOf(input))),
    'IDs',
  )
  const options = { sourceId: sourceOf(call) }
  const rows = inputs.map((input): Row => {
    const id = idOf(input)
    const record = findBy(store, id, idProperty)
    if (record) {
      return {
        input,
        isNew: false,
        prepare: () => prepareUpdate(call.account, store, record, input['properties'], options),
      }
    }
    const properties = { [idProperty]: id, ...(input['properties'] as JsonObject | undefined) }
    const prepare = () => {
      if (idProperty === 'hs_object_id') throw gone(store, 'upsert')
      return prepareCreate(call.account, store, { properties }, options)
    }
    return { input, isNew: true, prepare }
  })
  refuseSameKeys(store, inputs)
  const { results, errors } = runRows(rows, rowwise)
  return batchReply(call, 200, startedAt, results, errors)
}

/** Cannot return associations; ids that are not there come in one error of a 207. */
export function batchRead(call: Call, store: ObjectStore): SimReply {
  const startedAt = call.account.clock.now()
  const body = jsonBody(call)
  if (body['associations'] !== undefined)
    throw validationError('Invalid input JSON: unrecognized field "associations"')
  const inputs = batchInputs(body, MAX_INPUTS)
  const ids = inputs.map(idOf)
  refuseDuplicates(ids, 'IDs')
  const fields = selection(store, body['properties'], body['propertiesWithHistory'])
  const results: WireRecord[] = []
  const lost: string[] = []
  for (const id of ids) {
    const record = findBy(store, id, body['idProperty'])
    if (record) results.push(wireRead(record, fields))
    else lost.push(id)
  }
  const errors = lost.length > 0 ? [standardError(gone(store, 'get'), { ids: lost })] : []
  return batchReply(call, 200, startedAt, results, errors)
}

/** Ids that are not there are passed over. */
export function batchArchive(call: Call, store: ObjectStore): SimReply {
  for (const input of batchInputs(jsonBody(call), MAX_INPUTS)) {
    const record = findRecord(store, idOf(input))
    if (record) archiveRecord(call.account, store, record, sourceOf(call))
  }
  return { status: 204 }
}
