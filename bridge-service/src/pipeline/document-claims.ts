import type { Found, Matcher, TargetObject } from '@crosswalk/connectors/sdk'
import { forgetDependencies, readDependencies } from '../store/dependencies.ts'
import type { DependencyRow } from '../store/schema.ts'
import type { BatchContext } from './batch.ts'
import { find } from './resolve.ts'
import { dependencyKey } from './shared-parts.ts'
import { isTaken, refuseTaken } from './stolen.ts'
import type { Part } from './work.ts'

/**
 * True for a document that nothing in the target keeps from being made twice: its key is no unique property there. Like
 * a shared part it is reserved before it is made, for another flow (an order's product beside the product itself) or
 * another record of the same key may be about to make it, and the target's search would not tell in time.
 */
export function isClaimedDocument(part: Part, context: BatchContext): boolean {
  if (part.role !== 'document' || part.shared || part.key === null) return false
  const connection = context.flow.target.connection
  return connection.connector.objects[part.object]?.keyIs(connection.context()).unique === false
}

/**
 * Gives ids to documents that somebody has made under their key, whether or not the target's search knows of them yet.
 * The target is asked whether they still have that key: they may have got another one since, or be gone.
 */
export async function findClaimed(parts: readonly Part[], context: BatchContext): Promise<void> {
  const [first] = parts
  if (!first) return
  const { db } = context.store
  const connection = context.flow.target.connection
  const byKey = new Map(parts.map((part) => [dependencyKey(part, context), part]))
  const made = new Map<Part, DependencyRow>()
  for (const row of await readDependencies(db, connection.id, first.object, [...byKey.keys()])) {
    const part = byKey.get(row.match_key)
    if (!part) continue
    if (row.target_id !== null) made.set(part, row)
    // Somebody's create is open or its answer was lost: look before making a second one.
    else if (row.sent_at !== null) part.sentAt = Math.max(part.sentAt ?? 0, row.sent_at.getTime())
  }
  const object = connection.connector.objects[first.object]
  if (made.size === 0 || !object) return
  await find(withKey(object, made, context), [...made.keys()], (part) => part.key, 'key', context)
  const stale = [...made].filter(([part]) => part.id === null && part.state === 'planned')
  await forgetDependencies(db, connection.id, first.object, stale.map(([, row]) => row.target_id as string)) // prettier-ignore
  for (const [part, row] of made) if (part.id !== null) await refuseOthers(part, row, context)
}

/** Finds by id those of the made documents that still have their key. */
function withKey(
  object: TargetObject,
  made: ReadonlyMap<Part, DependencyRow>,
  context: BatchContext,
): Matcher {
  const target = context.flow.target.connection.context()
  const field = object.keyField(target)
  const rows = [...made].map(([part, row]) => ({ key: part.key as string, id: row.target_id as string }))
  const same = (value: unknown, key: string): boolean => String(value).toLowerCase() === key.toLowerCase()
  return {
    id: 'made',
    label: 'what was made here before',
    max: object.read?.max ?? 100,
    lagMs: 0,
    *find(keys) {
      const wanted = rows.filter((row) => keys.includes(row.key))
      if (!object.read || field === null) return []
      const read = yield* object.read.byIds(wanted.map((row) => row.id), [field], target) // prettier-ignore
      return wanted.flatMap(({ key, id }): Found[] => {
        const record = read.find((one) => one.id === id)
        return record && same(record.values[field], key) ? [{ ...record, key }] : []
      })
    },
  }
}

/** A document that another worker made while this one waited for it: it is that one, unless it is another record's. */
export async function takeMade(part: Part, row: DependencyRow, context: BatchContext): Promise<void> {
  part.id = row.target_id
  part.foundBy = 'key'
  part.state = part.mayUpdate && Object.keys(part.updateDraft ?? {}).length > 0 ? 'update' : 'same'
  await refuseOthers(part, row, context)
}

/** What is kept with a document's reservation: whose it is, until that record's link tells. */
export const ownerRefs = (part: Part, context: BatchContext) => ({
  of: { flow: context.flow.id, record: part.owners[0]?.externalId ?? '' },
})

async function refuseOthers(part: Part, row: DependencyRow, context: BatchContext): Promise<void> {
  const [work] = part.owners
  const of = row.refs['of'] as { flow: string; record: string } | undefined
  if (!work || of?.flow !== context.flow.id || of.record === work.externalId) return
  if (await isTaken(of.record, context)) refuseTaken(work, part, of.record)
}
