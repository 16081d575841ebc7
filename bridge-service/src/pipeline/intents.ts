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

/**
 * Stores, in one statement for the batch, which parts are about to be created and when. Throws `LeaseLost` when another
 * worker has taken one of the records over meanwhile.
 */
export async function saveCreateIntents(works: readonly RecordWork[], context: BatchContext): Promise<void> {
  if (!context.notesIntents) return
  const rows: IntentRow[] = []
  for (const work of open(works)) {
    const creates = work.parts.filter((part) => !part.shared && part.state === 'create')
    if (creates.length === 0 || work.lease === null) continue
    const document = work.parts.find((part) => part.role === 'document')
    rows.push({
      workspaceId: context.flow.workspaceId,
      lease: work.lease,
      pending: Object.fromEntries(creates.map((part) => [part.partKey, intentOf(part, context)])),
      ...(document ? { targetObject: document.object, ...targetKeyOf(document, context) } : {}),
    })
  }
  if (rows.length === 0) return
  const saved = await saveIntents(context.store.db, context.flow.id, rows)
  if (saved === null) throw new LeaseLost()
  context.intents.push(saved)
}
