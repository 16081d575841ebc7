import { vendorWords } from '@crosswalk/shared/causes'
import type { Outcome, PartInput, Reply, Write } from '../sdk/index.ts'
import { readBatch, type RecordShape } from './batch-reply.ts'
import { causeOf } from './causes.ts'
import { readError, type ErrorBody } from './error-body.ts'
import type { HubSpotContext } from './facts.ts'
import { blamedFields, breaksMapping, kindOfCategory, wordsForKind } from './failure-words.ts'
import { holderOf } from './holder.ts'
import { normaliseValue } from './normalise.ts'
import { NATURAL_KEY, type ObjectName } from './object-types.ts'
import { objectsPath } from './paths.ts'
import type { HubSpotSettings } from './settings.ts'

/** Most inputs a batch takes. */
export const BATCH_MAX = 100

type Draft = PartInput['draft']

/** Draft and references as HubSpot's properties. A create leaves empty ones out; an update clears with empty text. */
function properties(
  object: ObjectName,
  input: PartInput,
  creating: boolean,
  context: HubSpotContext,
): Record<string, string> {
  const refs = input.refs.flatMap((ref) => (ref.as.kind === 'field' ? [[ref.as.field, ref.id] as const] : []))
  const draft: Draft = { ...input.draft, ...Object.fromEntries(refs) }
  const written: Record<string, string> = {}
  for (const [name, value] of Object.entries(draft)) {
    if (value === undefined) continue
    const text = normaliseValue(object, name, value, context) ?? ''
    if (text !== '' || !creating) written[name] = text
  }
  return written
}

interface InlineAssociation {
  to: { id: string }
  types: { associationCategory: string; associationTypeId: number }[]
}

/** References as inline associations; several types to one record go together. */
function associations(input: PartInput): InlineAssociation[] {
  const byTarget = new Map<string, InlineAssociation>()
  for (const ref of input.refs) {
    if (ref.as.kind !== 'association') continue
    const name = `${ref.object}:${ref.id}`
    const entry = byTarget.get(name) ?? { to: { id: ref.id }, types: [] }
    entry.types.push({ associationCategory: ref.as.category, associationTypeId: ref.as.typeId })
    byTarget.set(name, entry)
  }
  return [...byTarget.values()]
}

/**
 * Creates with inline associations. Each input has its own trace id: without one, a single bad row would refuse the
 * whole batch. An upsert takes no associations, so creates and updates stay apart.
 */
export const createBatch = (object: ObjectName): Write<HubSpotSettings> => ({
  max: BATCH_MAX,
  call: (inputs, context) => ({
    method: 'POST',
    path: objectsPath(context, object, '/batch/create'),
    body: {
      inputs: inputs.map((input) => ({
        properties: properties(object, input, true, context),
        associations: associations(input),
        objectWriteTraceId: input.trace,
      })),
    },
    repeatable: false,
  }),
  outcomes: (reply, inputs) => outcomes(reply, inputs, object, 'create'),
  settle: (failure, input) => {
    if (failure.status !== 400 && failure.status !== 409) return undefined
    return existing(readError(failure.body), input, object)
  },
})

export const updateBatch = (object: ObjectName): Write<HubSpotSettings> => ({
  max: BATCH_MAX,
  call: (inputs, context) => ({
    method: 'POST',
    path: objectsPath(context, object, '/batch/update'),
    body: {
      inputs: inputs.map((input) => ({
        id: idOf(input),
        properties: properties(object, input, false, context),
        objectWriteTraceId: input.trace,
      })),
    },
    repeatable: true,
  }),
  outcomes: (reply, inputs) => outcomes(reply, inputs, object, 'update'),
})

/** Moves records to the recycle bin. The answer has no body: all or none. */
export const archiveBatch = (object: ObjectName): Write<HubSpotSettings> => ({
  max: BATCH_MAX,
  call: (inputs, context) => ({
    method: 'POST',
    path: objectsPath(context, object, '/batch/archive'),
    body: { inputs: inputs.map((input) => ({ id: idOf(input) })) },
    repeatable: true,
  }),
  outcomes: (reply, inputs) =>
    reply.status === 207
      ? outcomes(reply, inputs, object, 'update')
      : inputs.map((input) => ({ trace: input.trace, result: 'written', id: idOf(input) })),
})

function idOf(input: PartInput): string {
  if (input.id === null) throw new TypeError('an update or archive needs the id of its record')
  return input.id
}

/**
 * One outcome for every input the answer speaks of. Rows are told apart by trace id; where an answer drops those, by
 * record id (updates) or natural key (creates), never by position. What cannot be told apart is left out, which the
 * caller treats as unknown and looks up.
 */
function outcomes(
  reply: Reply,
  inputs: readonly PartInput[],
  object: ObjectName,
  mode: 'create' | 'update',
): Outcome[] {
  const batch = readBatch(reply)
  const open = new Map(inputs.map((input) => [input.trace, input]))
  const settled: Outcome[] = []
  const settle = (outcome: Outcome): void => {
    open.delete(outcome.trace)
    settled.push(outcome)
  }
  for (const record of batch.results) {
    const input = inputOfRecord(record, open, object, mode, inputs.length)
    if (input) settle({ trace: input.trace, result: 'written', id: record.id })
  }
  const errors = (batch.errors ?? []).map(readError)
  const nameless = errors.filter((error) => {
    const named = inputsOfError(error, open, object)
    for (const input of named) settle(outcomeOfError(error, input, object, mode))
    return named.length === 0
  })
  const [last, ...others] = open.values()
  const [error, ...more] = nameless
  if (last && error && others.length === 0 && more.length === 0) {
    settle(outcomeOfError(error, last, object, mode))
  }
  return settled
}

function inputOfRecord(
  record: RecordShape,
  open: ReadonlyMap<string, PartInput>,
  object: ObjectName,
  mode: 'create' | 'update',
  asked: number,
): PartInput | undefined {
  if (record.objectWriteTraceId !== undefined) return open.get(record.objectWriteTraceId)
  const left = [...open.values()]
  if (asked === 1) return left[0]
  if (mode === 'update') return left.find((input) => input.id === record.id)
  const key = record.properties[NATURAL_KEY[object]]
  const holders = left.filter((input) => input.key !== null && sameKey(object, input.key, key))
  return holders.length === 1 ? holders[0] : undefined
}

const sameKey = (object: ObjectName, key: string, value: unknown): boolean =>
  typeof value === 'string' &&
  (object === 'contacts' ? key.toLowerCase() === value.trim().toLowerCase() : key === value)

/** Inputs an error names, by trace id, by record id, or by the taken value in its message. */
function inputsOfError(
  error: ErrorBody,
  open: ReadonlyMap<string, PartInput>,
  object: ObjectName,
): PartInput[] {
  const traces = error.context['objectWriteTraceId'] ?? []
  if (traces.length > 0) return traces.flatMap((trace) => open.get(trace) ?? [])
  const left = [...open.values()]
  const ids = new Set([...(error.context['ids'] ?? []), ...(error.context['id'] ?? [])])
  const byId = left.filter((input) => input.id !== null && ids.has(input.id))
  if (byId.length > 0) return byId
  const taken = holderOf(error)
  if (taken?.value === undefined) return []
  return left.filter((input) => input.key !== null && sameKey(object, input.key, taken.value))
}

function outcomeOfError(
  error: ErrorBody,
  input: PartInput,
  object: ObjectName,
  mode: 'create' | 'update',
): Outcome {
  const exists = mode === 'create' ? existing(error, input, object) : undefined
  if (exists) return exists
  const fields = blamedFields(error)
  const kind = holderOf(error) === undefined ? kindOfCategory(error.category) : 'conflict'
  const named = kind === 'invalid' ? causeOf(error) : undefined
  const words = vendorWords(error.message)
  return {
    trace: input.trace,
    result: 'failed',
    kind,
    publicMessage: wordsForKind(kind, error),
    ...(fields.length === 0 ? {} : { fields }),
    ...(named === undefined ? {} : { named }),
    ...(words === '' ? {} : { words }),
    ...(kind === 'invalid' && breaksMapping(error) ? { breaksMapping: true } : {}),
  }
}

/**
 * The outcome `exists` when the answer names the holder of the input's natural key. A clash on any other unique
 * property is no link: that record is somebody else's.
 */
function existing(error: ErrorBody, input: PartInput, object: ObjectName): Outcome | undefined {
  const taken = holderOf(error)
  if (taken === undefined) return undefined
  const isKey = taken.property === NATURAL_KEY[object]
  const isOurs = taken.value === undefined || input.key === null || sameKey(object, input.key, taken.value)
  return isKey && isOurs ? { trace: input.trace, result: 'exists', id: taken.id } : undefined
}
