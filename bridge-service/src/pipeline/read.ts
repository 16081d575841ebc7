import { ConnectorError } from '@crosswalk/connectors/sdk'
import { AccountTrouble, type BatchContext } from './batch.ts'
import { open, type RecordWork } from './work.ts'

/**
 * Fetches what is true now at the source for records that were claimed without a body (live work). A record the source
 * no longer has gets `native: null`. Throws `AccountTrouble` when the source refuses us or cannot be reached.
 */
export async function read(works: readonly RecordWork[], context: BatchContext): Promise<void> {
  const wanted = open(works).filter((work) => work.native === undefined)
  if (wanted.length === 0) return
  const { source, detail } = context.flow
  const size = Math.max(1, Math.min(source.definition.pageSize, 100))
  for (let start = 0; start < wanted.length; start += size) {
    const chunk = wanted.slice(start, start + size)
    const ids = chunk.map((work) => work.externalId)
    let natives: readonly unknown[]
    try {
      natives = await source.connection.http.drive(
        source.definition.many(ids, source.connection.context(), detail),
        { lane: context.lane, signal: context.signal },
      )
    } catch (error) {
      throw sourceTrouble(error)
    }
    const byId = new Map(natives.map((native) => [source.definition.key(native), native]))
    for (const work of chunk) work.native = byId.get(work.externalId) ?? null
  }
}

/** Any failure of reading concerns the whole batch: without the truth nothing is written. */
export function sourceTrouble(error: unknown): unknown {
  return error instanceof ConnectorError ? new AccountTrouble('source', error) : error
}
