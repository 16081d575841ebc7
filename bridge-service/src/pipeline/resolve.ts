import { ConnectorError, isPassing, type Found, type Matcher } from '@crosswalk/connectors/sdk'
import { readDependencies } from '../store/dependencies.ts'
import { decide, propose } from './ambiguous.ts'
import { AccountTrouble, type BatchContext } from './batch.ts'
import { findClaimed, isClaimedDocument } from './document-claims.ts'
import { saidBy } from './failure-cause.ts'
import { dependencyKey } from './shared-parts.ts'
import { refuseStolen } from './stolen.ts'
import { failPart, open, partsOf, type Part, type RecordWork } from './work.ts'

/**
 * Finds what the records need: by our own links, by natural key where a unique key does not already guard a create, and
 * by the other ways the flow allows (a company's domain). Reads only.
 */
export async function resolve(works: readonly RecordWork[], context: BatchContext): Promise<void> {
  const parts = partsOf(open(works))
  fromLinks(open(works))
  await fromDependencies(
    parts.filter((part) => part.shared),
    context,
  )
  const documents = parts.filter((part) => part.id === null && isClaimedDocument(part, context))
  if (!context.dryRun) await findClaimed(documents, context)
  for (const [object, group] of byObject(parts.filter((part) => part.id === null))) {
    const wanted = context.dryRun ? group.filter((part) => !isOfNew(part)) : group
    if (wanted.length > 0) await findMissing(object, wanted, context)
  }
  await decide(parts, context)
  await refuseStolen(open(works), 'key', context)
}

/** A line of a document that is not there cannot be there: nobody need ask. */
const isOfNew = (part: Part): boolean => part.refs.some((ref) => ref.required && ref.to.id === null)

function byObject(parts: readonly Part[]): Map<string, Part[]> {
  const groups = new Map<string, Part[]>()
  for (const part of parts) {
    const group = groups.get(part.object)
    if (group) group.push(part)
    else groups.set(part.object, [part])
  }
  return groups
}

/** Whether its parts are written whatever is known of the last writing. */
const isAnew = (work: RecordWork): boolean => work.force || work.unsure

function fromLinks(works: readonly RecordWork[]): void {
  for (const work of works) {
    if (!work.link) continue
    for (const part of work.parts) {
      if (part.shared) continue
      const known = work.link.parts[part.partKey]
      if (known?.id) {
        part.id = known.id
        part.foundBy = 'link'
        // What was marked as deleted is written anew when it comes back.
        part.writtenHash = isAnew(work) || work.link.state === 'deleted' ? null : (known.hash ?? null)
        part.knownRefs = known.refs ?? {}
      }
      const intent = work.link.pending[part.partKey]
      part.strayRefs = intent?.moves ?? {}
      part.sentAt = intent === undefined || (part.id !== null && intent.moves) ? null : intent.at
      if (part.id === null) part.knownRefs = intent?.refs ?? {}
    }
  }
}

async function fromDependencies(parts: readonly Part[], context: BatchContext): Promise<void> {
  for (const [object, group] of byObject(parts)) {
    const byKey = new Map(group.map((part) => [dependencyKey(part, context), part]))
    const target = context.flow.target.connection.id
    for (const row of await readDependencies(context.store.db, target, object, [...byKey.keys()])) {
      const part = byKey.get(row.match_key)
      if (!part) continue
      if (row.state === 'linked' && row.target_id !== null) {
        part.id = row.target_id
        part.foundBy = 'link'
        part.writtenHash = part.owners.some(isAnew) ? null : row.hash
        part.knownRefs = (row.refs['to'] as Record<string, string> | undefined) ?? {}
        part.writtenStamp = (row.refs['stamp'] as string | undefined) ?? null
      } else if (row.sent_at !== null) {
        // Somebody's create is open or its answer was lost: look before making a second one.
        part.sentAt = row.sent_at.getTime()
      }
    }
  }
}

async function findMissing(objectName: string, parts: readonly Part[], context: BatchContext): Promise<void> {
  const connection = context.flow.target.connection
  const object = connection.connector.objects[objectName]
  if (!object) throw new Error(`the target has no object "${objectName}"`)
  const targetContext = connection.context()
  const guard = object.keyIs(targetContext)
  const byKey = parts.filter((part) => {
    if (part.key === null) return false
    if (context.dryRun || part.sentAt !== null || !guard.unique) return true
    // A key that others write too may be in the target already, as somebody else's.
    return !guard.ours
  })
  const matcher = object.byKey(targetContext)
  // Of records that carry a key of ours the oldest is the one we made first; anybody may have written the other keys.
  await find(matcher, byKey, (part) => part.key, 'key', context, guard.ours ? 'oldest' : 'ask')
  if (!context.dryRun) for (const part of byKey) waitForIndex(part, matcher, context)

  const ids = [...new Set(parts.flatMap((part) => Object.keys(part.matches)))]
  const isHint = (id: string): boolean => object.matchers[id]?.hint === true
  for (const id of [...ids.filter((one) => !isHint(one)), ...ids.filter(isHint)]) {
    const matcher = object.matchers[id]
    const rest = parts.filter(
      (part) =>
        part.id === null &&
        part.state === 'planned' &&
        (part.candidates.length === 0 || isHint(id)) &&
        allowed(part, id, context),
    )
    if (matcher) await find(matcher, rest, (part) => part.matches[id] ?? null, 'match', context, 'ask')
  }
}

/** Intents noted by a clock that is ahead of ours, by when they were first seen here. */
const firstSeen = new Map<string, number>()
const MOST_SEEN = 10_000

/**
 * How long until the target's search must know of a create, in ms. Where it was noted by a clock ahead of ours (one that was
 * put right since, or another machine's), how long ago it was is not known, and the time counts from when it is seen.
 */
function restOf(part: Part, sentAt: number, lagMs: number, context: BatchContext): number {
  const now = context.clock.now()
  if (sentAt <= now) return sentAt + lagMs - now
  const name = [context.flow.target.connection.id, part.object, part.key, part.partKey, sentAt].join('\n')
  const seen = firstSeen.get(name) ?? now
  if (firstSeen.size >= MOST_SEEN) firstSeen.clear()
  firstSeen.set(name, seen)
  return Math.min(lagMs, seen + lagMs - now)
}

/** Where only a search can tell whether a lost create was carried out, nothing is concluded before it can know. */
export function waitForIndex(part: Part, matcher: Matcher, context: BatchContext): void {
  if (part.id !== null || part.sentAt === null || part.state !== 'planned') return
  const rest = restOf(part, part.sentAt, matcher.lagMs, context)
  if (rest <= 0) return
  part.state = 'later'
  part.problem = {
    kind: 'unavailable',
    message: 'It may have been made already; the target is asked again when its search can tell.',
    retryInMs: rest + 500,
  }
}

/** A flow may narrow the ways to look (`companyMatch: ['key']`, `matchBy: ['email']` for people). */
function allowed(part: Part, matcher: string, context: BatchContext): boolean {
  const { entity, settings } = context.flow
  const isPerson = part.role === 'contact' || (part.role === 'document' && entity === 'customer')
  const setting = settings[isPerson ? 'matchBy' : `${part.role}Match`]
  return part.matches[matcher] !== undefined && (!Array.isArray(setting) || setting.includes(matcher))
}

/**
 * Gives ids to the parts that the target has. Where it has several of them the oldest by id is meant, never whichever came
 * first, or with `ask` none: they are proposed. Throws `AccountTrouble` where it cannot be asked now.
 */
export async function find(
  matcher: Matcher,
  parts: readonly Part[],
  valueOf: (part: Part) => string | null,
  foundBy: 'key' | 'match',
  context: BatchContext,
  several: 'oldest' | 'ask' = 'oldest',
): Promise<void> {
  const wanted = new Map<string, Part[]>()
  for (const part of parts) {
    const value = valueOf(part)
    if (value === null || part.id !== null) continue
    const same = wanted.get(value)
    if (same) same.push(part)
    else wanted.set(value, [part])
  }
  // Whether capitals matter is the matcher's to say: two SKUs that differ in them may be two products.
  const values = [...wanted.keys()]
  const http = context.flow.target.connection.http
  for (let start = 0; start < values.length; start += matcher.max) {
    const chunk = values.slice(start, start + matcher.max)
    let found: readonly Found[]
    try {
      found = await http.drive(matcher.find(chunk, [], context.flow.target.connection.context()), {
        lane: context.lane,
        signal: context.signal,
      })
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error
      if (isPassing(error.kind) || error.kind === 'unauthorized') throw new AccountTrouble('target', error)
      const refused = { kind: error.kind, message: error.publicMessage, breaksMapping: error.breaksMapping, ...saidBy(error) } // prettier-ignore
      for (const value of chunk) for (const part of wanted.get(value) ?? []) failPart(part, refused)
      continue
    }
    for (const [value, records] of Map.groupBy(found, (record) => record.key)) {
      const ids = [...new Set(records.map((record) => record.id))].sort(compareIds)
      for (const part of wanted.get(value) ?? []) {
        if (several === 'ask' && (ids.length > 1 || matcher.hint)) propose(part, ids, matcher.label)
        else Object.assign(part, { id: ids[0], foundBy, via: matcher.label })
      }
    }
  }
}

const compareIds = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
