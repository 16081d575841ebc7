import { ConnectorError } from '@crosswalk/connectors/sdk'
import { forgetDependencies } from '../store/dependencies.ts'
import type { BatchContext } from './batch.ts'
import type { Part } from './work.ts'

/** Soon: nothing has to settle first. */
const RETRY_MS = 500

/** Refused without a word on any of its values: perhaps for what it points at. */
const isSuspect = ({ state, problem }: Part): boolean =>
  state === 'failed' &&
  (problem?.kind === 'invalid' || problem?.kind === 'not_found') &&
  problem.breaksMapping !== true &&
  (problem.fields ?? []).length === 0

/** Shared records that we know from earlier and have not touched in this go: people may have deleted or merged them. */
const unsureRefs = (part: Part): Part[] =>
  part.refs
    .map((ref) => ref.to)
    .filter((to) => to.shared && to.id !== null && to.foundBy === 'link' && to.wrote === null)

/**
 * Looks whether refused parts point at records that are gone in the target. Those are forgotten, so that the next try
 * finds or makes them anew, and the refused parts wait for it.
 */
export async function excuseGoneRefs(parts: readonly Part[], context: BatchContext): Promise<void> {
  const refused = parts.filter((part) => isSuspect(part) && unsureRefs(part).length > 0)
  if (refused.length === 0) return
  const byObject = new Map<string, Set<string>>()
  for (const to of refused.flatMap(unsureRefs)) {
    byObject.set(to.object, (byObject.get(to.object) ?? new Set()).add(to.id as string))
  }
  try {
    for (const [object, ids] of byObject) {
      const gone = await goneOf(object, [...ids], context)
      await forgetDependencies(context.store.db, context.flow.target.connection.id, object, [...gone])
      for (const part of refused) {
        const lost = unsureRefs(part).find((to) => to.object === object && gone.has(to.id as string))
        if (lost) postpone(part, `Its ${lost.role} is gone in the target, and is found or made anew.`)
      }
    }
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    for (const part of refused) postpone(part, error.publicMessage)
  }
}

function postpone(part: Part, message: string): void {
  part.state = 'later'
  part.problem = { kind: 'unavailable', message, retryInMs: RETRY_MS }
}

/** The ids that no longer answer. A merged record answers by another id: its old one counts as gone too. */
async function goneOf(object: string, ids: readonly string[], context: BatchContext): Promise<Set<string>> {
  const { connector, http, context: contextOf } = context.flow.target.connection
  const gone = new Set(ids)
  const read = connector.objects[object]?.read
  if (!read) return new Set()
  for (let start = 0; start < ids.length; start += read.max) {
    const found = await http.drive(read.byIds(ids.slice(start, start + read.max), [], contextOf()), {
      lane: context.lane,
      signal: context.signal,
    })
    for (const record of found) gone.delete(record.id)
  }
  return gone
}
