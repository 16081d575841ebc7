import { useEffect, useState } from '@wordpress/element'
import type { Run } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import { isOpen } from '../parts/runs.ts'

const LOOK_MS = 2_000

/**
 * A run, kept up to date while it is open and the tab is visible: from the bridge's stream, and by asking every two
 * seconds where there is none.
 * @returns the run, and how to tell of a newer state of it
 */
export function useRun(started: Run): [Run, (run: Run) => void] {
  const { api, watchRun } = useBridge()
  const [run, setRun] = useState(started)
  const open = isOpen(run)
  const id = started.id
  useEffect(() => {
    if (!open) return undefined
    let watching = new AbortController()
    const follow = async (signal: AbortSignal): Promise<void> => {
      const take = (now: Run): void => {
        if (!signal.aborted) setRun(now)
      }
      // A stream that breaks off is no news: it is asked for instead.
      await watchRun?.(id, take, signal).catch(() => {})
      while (!signal.aborted) {
        await api.runs.get({ params: { runId: id } }).then(take, () => {})
        await pause(LOOK_MS, signal)
      }
    }
    const seen = (): void => {
      watching.abort()
      watching = new AbortController()
      if (!document.hidden) void follow(watching.signal)
    }
    seen()
    document.addEventListener('visibilitychange', seen)
    return () => {
      watching.abort()
      document.removeEventListener('visibilitychange', seen)
    }
  }, [api, watchRun, id, open])
  return [run, setRun]
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
