import type { Conversation, Found, Matcher } from '../sdk/index.ts'
import { readBatch, type RecordShape } from './batch-reply.ts'
import { BATCH_MAX } from './batches.ts'
import { propertyFact, type HubSpotContext } from './facts.ts'
import { normaliseValue } from './normalise.ts'
import type { ObjectName } from './object-types.ts'
import { objectsPath } from './paths.ts'
import { searchRecords } from './search.ts'
import type { HubSpotSettings } from './settings.ts'

type FindBy = { object: ObjectName; property: string; label: string; anyCase: boolean }

/** Ids are decimal text and grow. */
const byAge = (a: RecordShape, b: RecordShape): number =>
  a.id.length - b.id.length || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** A record's values, normalised; `fields` it does not have are null. */
export function foundRecord(
  object: ObjectName,
  key: string,
  record: RecordShape,
  fields: readonly string[],
  context: HubSpotContext,
): Found {
  const values = fields.map((field) => [
    field,
    normaliseValue(object, field, record.properties[field], context),
  ])
  return { key, id: record.id, values: Object.fromEntries(values) }
}

/** Addresses a contact answers to: its own, and those that merged contacts brought along. */
const MERGED_EMAILS = 'hs_additional_emails'

function valuesOf(record: RecordShape, by: FindBy): string[] {
  const own = record.properties[by.property]
  const merged = by.property === 'email' ? (record.properties[MERGED_EMAILS] ?? '') : ''
  return [own ?? '', ...String(merged).split(';')]
    .map((value) => String(value).trim())
    .filter((v) => v !== '')
}

/** Pairs records with the values asked for. Where several records share a value all come back, the oldest first. */
function pair(
  records: readonly RecordShape[],
  values: readonly string[],
  by: FindBy,
  fields: readonly string[],
  context: HubSpotContext,
): Found[] {
  const shape = (value: string): string => (by.anyCase ? value.toLowerCase() : value)
  const wanted = Map.groupBy(values, shape)
  const pairs = new Map<string, Found>()
  for (const record of records.toSorted(byAge)) {
    for (const value of valuesOf(record, by)) {
      for (const key of wanted.get(shape(value)) ?? []) {
        const name = `${record.id}\n${key}`
        if (!pairs.has(name)) pairs.set(name, foundRecord(by.object, key, record, fields, context))
      }
    }
  }
  return [...pairs.values()]
}

/** Finds by a unique property: one call for a hundred, without the search's lag. */
export function byUnique(by: FindBy): Matcher<HubSpotSettings> {
  return {
    id: by.property,
    label: by.label,
    max: BATCH_MAX,
    lagMs: 0,
    *find(values, fields, context): Conversation<readonly Found[]> {
      const distinct = [...new Set(values)]
      if (distinct.length === 0) return []
      const merged = by.property === 'email' && propertyFact(context, by.object, MERGED_EMAILS) !== undefined
      const reply = yield {
        method: 'POST',
        path: objectsPath(context, by.object, '/batch/read'),
        body: {
          idProperty: by.property,
          inputs: distinct.map((id) => ({ id })),
          properties: [...new Set([by.property, ...(merged ? [MERGED_EMAILS] : []), ...fields])],
        },
        // All of them missing may be told as 404, some of them missing is 207.
        accept: [404],
        repeatable: true,
      }
      return reply.status === 404 ? [] : pair(readBatch(reply).results, distinct, by, fields, context)
    },
  }
}

/** Finds by a property that is not unique, through the search, which lags behind writes. */
export function bySearch(by: FindBy, context: HubSpotContext): Matcher<HubSpotSettings> {
  return {
    id: by.property,
    label: by.label,
    max: BATCH_MAX,
    lagMs: context.settings.searchLagSeconds * 1000,
    *find(values, fields, current): Conversation<readonly Found[]> {
      const distinct = [...new Set(values)]
      const records = yield* searchRecords(by.object, by.property, distinct, current)
      const found = pair(records, distinct, by, [], current)
      if (fields.length === 0 || found.length === 0) return found
      const ids = [...new Set(found.map((one) => one.id))]
      const read = new Map(
        (yield* readByIds(by.object, ids, fields, current)).map((one) => [one.id, one.values]),
      )
      return found.map((one) => ({ ...one, values: read.get(one.id) ?? {} }))
    },
  }
}

/** A matcher for a property the portal does not have: there is nothing to find by it. */
export const byNothing = (property: string, label: string): Matcher<HubSpotSettings> => ({
  id: property,
  label,
  max: BATCH_MAX,
  lagMs: 0,
  // eslint-disable-next-line require-yield
  *find(): Conversation<readonly Found[]> {
    return []
  },
})

/** Reads records by id; those that are gone are missing from the answer. A merged record comes under its new id. */
export function* readByIds(
  object: ObjectName,
  ids: readonly string[],
  fields: readonly string[],
  context: HubSpotContext,
): Conversation<readonly Found[]> {
  const found: Found[] = []
  for (let start = 0; start < ids.length; start += BATCH_MAX) {
    const reply = yield {
      method: 'POST',
      path: objectsPath(context, object, '/batch/read'),
      body: {
        inputs: ids.slice(start, start + BATCH_MAX).map((id) => ({ id })),
        properties: fields,
      },
      accept: [404],
      repeatable: true,
    }
    if (reply.status === 404) continue
    found.push(...readBatch(reply).results.map((r) => foundRecord(object, r.id, r, fields, context)))
  }
  return found
}
