import type { BatchContext } from './batch.ts'
import { find, waitForIndex } from './resolve.ts'
import { blankPart, open, type Part, type RecordWork } from './work.ts'

/**
 * How long after a lost answer a create may still be carried out behind it (a gateway gives up before the system does).
 * Where a part is wanted its unique key settles that; nothing would ever look for one that is not.
 */
const STILL_UNDER_WAY_MS = 10_000

/**
 * Looks for parts whose create may have been carried out and which have left their record since (a line that was taken
 * out of the order before the next try): what is found is taken away with the other removed parts, what is not there
 * closes its intent.
 */
export async function findLeftBehind(works: readonly RecordWork[], context: BatchContext): Promise<void> {
  if (context.dryRun) return
  const byObject = new Map<string, Part[]>()
  for (const part of open(works).flatMap((work) => leftBehind(work, context))) {
    const group = byObject.get(part.object)
    if (group) group.push(part)
    else byObject.set(part.object, [part])
  }
  const connection = context.flow.target.connection
  for (const [name, parts] of byObject) {
    const object = connection.connector.objects[name]
    if (!object) throw new Error(`the target has no object "${name}"`)
    const matcher = object.byKey(connection.context())
    await find(matcher, parts, (part) => part.key, 'key', context)
    const patient = { ...matcher, lagMs: Math.max(matcher.lagMs, STILL_UNDER_WAY_MS) }
    for (const part of parts) {
      waitForIndex(part, patient, context)
      if (part.id === null && part.state === 'planned') part.state = 'left_out'
      part.owners[0]?.removed.push(part)
    }
  }
}

/** Without a key in the intent nothing can be looked for: such parts are those of records that are kept when gone. */
function leftBehind(work: RecordWork, context: BatchContext): Part[] {
  if (!work.link || work.record === null || work.native === null) return []
  const planned = new Set(work.parts.map((part) => part.partKey))
  return Object.entries(work.link.pending).flatMap(([partKey, intent], i) => {
    const role = partKey.split(':', 1)[0]
    const step = context.flow.document.steps.find((entry) => entry.role === role && !entry.shared)
    const known = work.link?.parts[partKey]?.id
    if (planned.has(partKey) || known || !intent.key || step?.whenGone !== 'archive') return []
    const trace = `left${i}-${work.externalId}`
    const part = blankPart({ step, partKey, trace, key: intent.key, item: null, matches: {}, owner: work })
    return [Object.assign(part, { sentAt: intent.at, updateDraft: {} })]
  })
}
