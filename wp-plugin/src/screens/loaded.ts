import { useCallback, useEffect, useRef, useState } from '@wordpress/element'

/** What a screen has asked for. `data` stays while it is asked for again, and when that fails. */
export interface Loaded<T> {
  data: T | null
  error: Error | null
  /** When `data` came, by this machine's clock, ms. */
  at: number | null
  reload: () => void
}

interface State<T> {
  key: string
  data: T | null
  error: Error | null
  at: number | null
}

const errorOf = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)))

/**
 * Asks for something when the screen opens, when `key` changes and on `reload`; with `every`, again and again while the
 * tab is visible. Answers that were overtaken are dropped.
 * @param key names what is asked for; a new one empties `data`
 * @param every ms from an answer to the next question, by what is there; null: do not ask again
 */
export function useLoaded<T>(
  key: string,
  load: () => Promise<T>,
  every: (data: T | null) => number | null = () => null,
): Loaded<T> {
  const [state, setState] = useState<State<T>>({ key, data: null, error: null, at: null })
  const [round, setRound] = useState(0)
  const latest = useRef({ load, every })
  latest.current = { load, every }
  const reload = useCallback(() => setRound((n) => n + 1), [])

  useEffect(() => {
    let over = false
    let asking = false
    let timer: ReturnType<typeof setTimeout> | undefined
    let known: T | null = null
    const look = async (): Promise<void> => {
      clearTimeout(timer)
      asking = true
      try {
        const data = await latest.current.load()
        known = data
        if (!over) setState({ key, data, error: null, at: Date.now() })
      } catch (thrown) {
        const kept = (before: State<T>) => (before.key === key ? before : { key, data: null, at: null })
        if (!over) setState((before) => ({ ...kept(before), error: errorOf(thrown) }))
      }
      asking = false
      const wait = over || document.hidden ? null : latest.current.every(known)
      if (wait !== null) timer = setTimeout(() => void look(), wait)
    }
    const seen = (): void => {
      if (!document.hidden && !asking && latest.current.every(known) !== null) void look()
    }
    document.addEventListener('visibilitychange', seen)
    void look()
    return () => {
      over = true
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', seen)
    }
  }, [key, round])

  return state.key === key ? { ...state, reload } : { data: null, error: null, at: null, reload }
}

/** Something the user does. `run` never throws: what went wrong is in `error`. */
export interface Action<A extends unknown[]> {
  /** @returns whether it was done */
  run: (...args: A) => Promise<boolean>
  busy: boolean
  error: Error | null
  clear: () => void
}

export function useAction<A extends unknown[]>(act: (...args: A) => Promise<unknown>): Action<A> {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const latest = useRef(act)
  latest.current = act
  const run = useCallback(async (...args: A): Promise<boolean> => {
    setBusy(true)
    setError(null)
    try {
      await latest.current(...args)
      return true
    } catch (thrown) {
      setError(errorOf(thrown))
      return false
    } finally {
      setBusy(false)
    }
  }, [])
  return { run, busy, error, clear: useCallback(() => setError(null), []) }
}
