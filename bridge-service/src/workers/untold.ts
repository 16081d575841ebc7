import type { BatchContext } from '../pipeline/batch.ts'
import type { RecordWork } from '../pipeline/work.ts'

/**
 * Records of a sweep's page that changed at the source without a webhook that told of it, where one should have. Some are
 * told a moment later; that many come together and no webhook does is what says something.
 */
export function countUntold(works: readonly RecordWork[], context: BatchContext): number {
  const { flow, runId } = context
  const { connection, definition } = flow.source
  if (runId !== null || !definition.listsByChange || flow.settings['webhooks'] === false) return 0
  const topics = Object.values(connection.connector.webhooks?.topics ?? {})
  if (!topics.some(({ entity }) => entity === flow.entity)) return 0
  return works.filter(isUntold).length
}

function isUntold({ outcome, lease, link, sourceHash }: RecordWork): boolean {
  if (outcome === null || outcome.result === 'waiting' || lease === null) return false
  const marked = lease.wantVersion > Math.max(0, link?.have_version ?? 0)
  // Looked at again because rules have changed: the record itself has not.
  return !marked && sourceHash !== null && sourceHash !== (link?.source_hash ?? null)
}
