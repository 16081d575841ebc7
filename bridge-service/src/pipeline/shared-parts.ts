import {
  abandonDependencies,
  claimDependencies,
  type Claimed,
  forgetDependencies,
  forgetWritten,
  markDependenciesSent,
  releaseClaims,
  settleDependencies,
} from '../store/dependencies.ts'
import type { Executor } from '../store/schema.ts'
import type { BatchContext } from './batch.ts'
import { isClaimedDocument, ownerRefs, takeMade } from './document-claims.ts'
import type { Part } from './work.ts'

/** Parts that are reserved before they are made: shared ones, and documents that the target does not hold apart. */
export const isReserved = (part: Part, context: BatchContext): boolean =>
  part.shared || isClaimedDocument(part, context)

/** Keys of reserved parts are kept as keyed hashes: an e-mail address must not stand readable in the store. */
export const dependencyKey = (part: Part, context: BatchContext): string =>
  context.vault.keyedHash(part.key ?? JSON.stringify(part.matches))

/** In the order of the objects' names: two workers that store the same parts cannot wait for each other. */
function byObject(parts: readonly Part[]): [string, Part[]][] {
  const groups = new Map<string, Part[]>()
  for (const part of parts) {
    const group = groups.get(part.object)
    if (group) group.push(part)
    else groups.set(part.object, [part])
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1))
}

/**
 * Reserves the parts about to be made: one row each, so that of two workers one makes it and the other waits for
 * the id. The row is the intent as well. Parts somebody has made meanwhile get their id.
 * @returns the parts that another worker is making now
 */
export async function claimReserved(parts: readonly Part[], context: BatchContext): Promise<Part[]> {
  const waiting: Part[] = []
  const { db } = context.store
  const target = context.flow.target.connection.id
  for (const [object, group] of byObject(parts)) {
    const byKey = new Map(group.map((part) => [dependencyKey(part, context), part]))
    const claims = await claimDependencies(db, target, object, [...byKey.keys()], context.holder, context.notesIntents) // prettier-ignore
    for (const row of claims.linked) {
      const part = byKey.get(row.match_key)
      if (!part) continue
      if (!part.shared) {
        await takeMade(part, row, context)
        continue
      }
      part.id = row.target_id
      part.foundBy = 'link'
      part.writtenHash = row.hash
      part.state = 'same'
    }
    const again = claims.mine.filter((claim) => !claim.fresh && !lookFirst(byKey.get(claim.matchKey), claim, context)) // prettier-ignore
    if (context.notesIntents)
      await markDependenciesSent(db, target, object, again.map((claim) => claim.matchKey), context.holder) // prettier-ignore
    for (const key of claims.waiting) {
      const part = byKey.get(key)
      if (part) waiting.push(part)
    }
  }
  return waiting
}

/**
 * A claim that came to us from a worker whose create may have been carried out after we looked: where the target would
 * take a second one, it is looked for at the next try.
 */
function lookFirst(part: Part | undefined, claim: Claimed, context: BatchContext): boolean {
  if (!part || claim.sentAt === null || part.sentAt !== null) return false
  const connection = context.flow.target.connection
  if (connection.connector.objects[part.object]?.keyIs(connection.context()).unique) return false
  part.state = 'later'
  part.problem = {
    kind: 'unavailable',
    message: 'Another worker may have made it; the target is asked first.',
    retryInMs: 1_000,
  }
  return true
}

/** What a part is associated with now, by role. */
export function refsOf(part: Part): Record<string, string> {
  const refs: Record<string, string> = { ...part.knownRefs }
  if (part.wrote !== 'create') return refs
  for (const ref of part.refs) {
    if (ref.as.kind === 'association' && ref.to.id !== null && ref.to.state !== 'failed')
      refs[ref.role] = ref.to.id
  }
  return refs
}

const sharedRefs = (part: Part) => ({
  to: refsOf(part),
  ...(part.state === 'done' && part.stamp ? { stamp: part.stamp } : {}),
})

/**
 * Stores what became of reserved parts, at once, so that others can go on: ids and hashes of those that stand, nothing
 * of those that were refused, and for those whose answer was lost the mark that they were sent.
 */
export async function settleReserved(
  db: Executor,
  parts: readonly Part[],
  context: BatchContext,
): Promise<void> {
  const target = context.flow.target.connection.id
  for (const [object, group] of byObject(parts)) {
    const keysOf = (some: readonly Part[]): string[] => some.map((part) => dependencyKey(part, context))
    const standing = group.filter(
      (part) => part.id !== null && (part.state === 'done' || part.state === 'same'),
    )
    const news = standing.filter(
      (part) => part.foundBy !== 'link' || (part.shared && (part.state === 'done' || part.related)),
    )
    await settleDependencies(
      db,
      target,
      object,
      news.map((part) => ({
        matchKey: dependencyKey(part, context),
        targetId: part.id as string,
        // What was written last to a document stands in its record's link.
        ...(part.shared && part.state === 'done' && part.hash !== null ? { hash: part.hash } : {}),
        refs: part.shared ? sharedRefs(part) : ownerRefs(part, context),
      })),
    )
    const refused = group.filter(
      (part) => part.id === null && (part.state === 'failed' || part.state === 'left_out'),
    )
    await abandonDependencies(db, target, object, keysOf(refused), context.holder)
    const open = group.filter(
      (part) => part.id === null && ['create', 'unknown', 'later'].includes(part.state),
    )
    await releaseClaims(db, target, object, keysOf(open), context.holder)
    const unsure = group.filter(
      (part) => part.shared && part.id !== null && (part.state === 'later' || part.state === 'unknown'),
    )
    await forgetWritten(db, target, object, keysOf(unsure))
    const gone = group.filter((part) => part.id !== null && part.problem?.kind === 'not_found')
    await forgetDependencies(db, target, object, gone.map((part) => part.id as string)) // prettier-ignore
  }
}
