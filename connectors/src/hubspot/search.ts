import type { Conversation } from '../sdk/index.ts'
import { readBatch, type RecordShape } from './batch-reply.ts'
import type { HubSpotContext } from './facts.ts'
import type { ObjectName } from './object-types.ts'
import { objectsPath } from './paths.ts'

/** Most characters a search's body may have. */
const BODY_MAX = 3000
const PAGE = 200
/** Records a query gives at most; paging on from there is refused. */
const DEPTH = 10_000

const searchBody = (property: string, values: readonly string[], after?: string) => ({
  filterGroups: [{ filters: [{ propertyName: property, operator: 'IN', values }] }],
  properties: [property],
  limit: PAGE,
  ...(after === undefined ? {} : { after }),
})

/** Room for the paging position, which grows to five digits. */
const size = (property: string, values: readonly string[]): number =>
  JSON.stringify(searchBody(property, values, '10000')).length

/** Splits values so that each search stays within the body's limit. A value too long for any search is left out. */
export function searchBatches(property: string, values: readonly string[]): string[][] {
  const batches: string[][] = []
  let current: string[] = []
  for (const value of values) {
    if (size(property, [value]) > BODY_MAX) continue
    if (size(property, [...current, value]) > BODY_MAX) {
      batches.push(current)
      current = []
    }
    current.push(value)
  }
  if (current.length > 0) batches.push(current)
  return batches
}

/** Records whose property is one of the values. `IN` compares lower-case text, so that is what is sent. */
export function* searchRecords(
  object: ObjectName,
  property: string,
  values: readonly string[],
  context: HubSpotContext,
): Conversation<readonly RecordShape[]> {
  const lower = [...new Set(values.map((value) => value.toLowerCase()))]
  const records: RecordShape[] = []
  for (const batch of searchBatches(property, lower)) {
    let after: string | undefined
    do {
      const reply = yield {
        method: 'POST',
        path: objectsPath(context, object, '/search'),
        body: searchBody(property, batch, after),
        window: 'search',
        repeatable: true,
      }
      const page = readBatch(reply)
      records.push(...page.results)
      after = page.paging?.next?.after
    } while (after !== undefined && Number(after) < DEPTH)
  }
  return records
}
