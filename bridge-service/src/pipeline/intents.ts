import { saveIntents, type IntentRow } from '../store/intents.ts'
import type { Intent } from '../store/schema.ts'
import { LeaseLost, type BatchContext } from './batch.ts'
import { open, type Part, type RecordWork } from './work.ts'

/**
 * A part's natural key as far as it may stand readable in the store: keys that are not of our own making can be e-mail
 * addresses.
 */
function readableKey(part: Part, context: BatchContext): string | null {
  const connection = context.flow.target.connection
  return connection.connector.objects[part.object]?.keyIs(connection.context()).ours ? part.key : null
}

export function targetKeyOf(document: Part, context: BatchContext): { targetKey?: string } {
  const key = readableKey(document, context)
  return key === null ? {} : { targetKey: key }
}

/** The intent of a create that goes out, or whose answer was lost, now. */
export function intentOf(part: Part, context: BatchContext): Intent {
  const refs: Record<string, string> = {}
  for (const { role, as, to } of part.refs) {
    if (as.kind === 'association' && to.shared && to.id !== null && to.state !== 'failed') refs[role] = to.id
  }
  const sent = Object.keys(refs).length > 0 ? { refs } : {}
  return { at: context.clock.now(), key: readableKey(part, context), ...sent }
}

/** What a part that is there already is about to be associated with, by role. */
export function movesOf(part: Part): Record<string, string> {
  const moves: Record<string, string> = { ...part.strayRefs }
  if (part.id === null || part.shared) return {}
  for (const { role, as, to } of part.refs) {
    if (as.kind !== 'association' || to.id === null || to.state === 'failed' || to.state === 'unknown')
      continue
    if (part.knownRefs[role] !== to.id) moves[role] = to.id
  }
  return moves
}

/** @param open what an earlier go left open: its id may be known to this go alone, so its create stays to be looked for */
function notedOf(part: Part, open: Intent | undefined, context: BatchContext): Intent | null {
  if (part.state === 'create') return intentOf(part, context)
  const moves = movesOf(part)
  if (Object.keys(moves).length === 0) return null
  return { at: context.clock.now(), key: readableKey(part, context), ...open, moves }
}

/**
 * Stores, in one statement for the batch, which parts are about to be created or to change their associations. Throws `LeaseLost` when another
 * worker has taken one of the records over meanwhile.
 */
export async function saveIntentsOf(works: readonly RecordWork[], context: BatchContext): Promise<void> {
  if (!context.notesIntents) return
  const rows: IntentRow[] = []
  for (const work of open(works)) {
    if (work.lease === null) continue
    const noted = work.parts.flatMap((part): [string, Intent][] => {
      const intent = part.shared ? null : notedOf(part, work.link?.pending[part.partKey], context)
      return intent === null ? [] : [[part.partKey, intent]]
    })
    if (noted.length === 0) continue
    const document = work.parts.find((part) => part.role === 'document')
    rows.push({
      workspaceId: context.flow.workspaceId,
      lease: work.lease,
      pending: Object.fromEntries(noted),
      ...(document ? { targetObject: document.object, ...targetKeyOf(document, context) } : {}),
    })
  }
  if (rows.length === 0) return
  const saved = await saveIntents(context.store.db, context.flow.id, rows)
  if (saved === null) throw new LeaseLost()
  context.intents.push(saved)
}
