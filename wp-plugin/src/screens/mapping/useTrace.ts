import { useEffect, useRef, useState } from '@wordpress/element'
import type { MappingTry } from '@crosswalk/shared/contract'
import type { MappingDocument } from '@crosswalk/shared/mapping'
import { useBridge } from '../bridge.tsx'

/** The record that rules are tried on; null: the built-in sample. */
export interface Sample {
  externalId: string | null
  as: 'create' | 'update'
}

export interface Traced {
  /** What came of it last; it stays while the rules are tried anew. */
  result: MappingTry | null
  /** True from a change until its result. */
  isBusy: boolean
  error: Error | null
  /** Tries again and reads the record at its source anew. */
  again: () => void
}

/** Pause after a change before the rules are tried, ms. */
const PAUSE_MS = 300

/**
 * Tries the rules on a record whenever they, or the record, change: 300 ms after the last change, and an answer that was
 * overtaken is dropped. Nothing is stored or written.
 * @param isOn false where the reader may not: then nothing is asked
 */
export function useTrace(flowId: string, document: MappingDocument, sample: Sample, isOn: boolean): Traced {
  const { api } = useBridge()
  const [result, setResult] = useState<MappingTry | null>(null)
  const [error, setError] = useState<Error | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const [round, setRound] = useState(0)
  const lastRound = useRef(0)
  const { externalId, as } = sample
  const isFirst = useRef(true)

  useEffect(() => {
    if (!isOn) return undefined
    let over = false
    const fresh = round !== lastRound.current
    const ask = async (): Promise<void> => {
      lastRound.current = round
      try {
        const body = { document, as, fresh, ...(externalId === null ? {} : { externalId }) }
        const tried = await api.mappings.try({ params: { flowId }, body })
        if (over) return
        setResult(tried)
        setError(null)
      } catch (thrown) {
        if (!over) setError(thrown instanceof Error ? thrown : new Error(String(thrown)))
      }
      if (!over) setIsBusy(false)
    }
    setIsBusy(true)
    const timer = setTimeout(() => void ask(), isFirst.current ? 0 : PAUSE_MS)
    isFirst.current = false
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [api, flowId, document, externalId, as, round, isOn])

  return { result, isBusy, error, again: () => setRound((n) => n + 1) }
}
