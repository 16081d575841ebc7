import { useCallback, useRef, useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import { useBridge } from '../bridge.tsx'
import { type Action, useAction } from '../loaded.ts'
import { Message } from '../parts/Message.tsx'
import type { RecordData } from './detail.ts'

type Result = { kind: 'info' | 'success' | 'error'; text: string } | null

interface Sync {
  action: Action<[RecordData]>
  result: Result
  isAwaited: () => boolean
  /** To be told of every look at the record: the first try after the asking is the answer. */
  seen: (record: RecordData) => void
}

/** *Sync now*: asks for it, then tells what it came to. */
export function useSync(flowId: string, externalId: string): Sync {
  const { api } = useBridge()
  const [result, setResult] = useState<Result>(null)
  /** The newest try when it was asked for. */
  const before = useRef<number | null>(null)
  const action = useAction(async (record: RecordData) => {
    before.current = record.history[0]?.id ?? 0
    setResult(null)
    try {
      await api.records.sync({ params: { flowId }, body: { externalIds: [externalId], force: true } })
    } catch (error) {
      before.current = null
      throw error
    }
    setResult((now) => now ?? { kind: 'info', text: __('It is read again from the shop and sent. This takes a few seconds.', 'crosswalk') }) // prettier-ignore
  })
  const seen = useCallback((record: RecordData) => {
    const last = record.history[0]
    if (before.current === null || last === undefined || last.id <= before.current) return
    before.current = null
    const summary = last.summary.replace(/\.$/, '')
    setResult(
      record.state === 'failed'
        ? // translators: %s: what happened
          { kind: 'error', text: sprintf(__('It failed: %s.', 'crosswalk'), summary) }
        : // translators: %s: what happened
          { kind: 'success', text: sprintf(__('Synced: %s.', 'crosswalk'), summary) },
    )
  }, [])
  return { action, result, isAwaited: () => before.current !== null, seen }
}

export const SyncResult = ({ result }: { result: Result }) =>
  result && <Message kind={result.kind}>{result.text}</Message>
