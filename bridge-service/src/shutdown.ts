import type { Logger } from 'pino'

/** Ctrl-C under npm reaches the process twice, from the terminal and from npm; systemd does alike with SIGTERM. */
const SAME_SIGNAL_MS = 500

interface ShutdownOptions {
  /** Ends everything in order; called once. */
  stop: () => Promise<void>
  log: Logger
  exit: (code: number) => void
  now: () => number
  /** After this the process ends whatever is still running. */
  limitMs: number
}

const CODES: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143 }

/**
 * What a process does with signals: the first one ends it in order (exit code 0), a later one at once (128 + signal).
 * What is stored is safe at any point, so ending is always allowed.
 */
export function createShutdown({ stop, log, exit, now, limitMs }: ShutdownOptions): (signal: string) => void {
  let began: number | undefined
  return (signal) => {
    if (began !== undefined) {
      if (now() - began < SAME_SIGNAL_MS) return
      log.warn({ signal }, 'told again: ending at once')
      exit(CODES[signal] ?? 1)
      return
    }
    began = now()
    log.info({ signal }, 'stopping')
    const last = setTimeout(() => {
      log.error('the service did not stop in time')
      exit(1)
    }, limitMs)
    last.unref()
    stop().then(
      () => {
        log.info({ ms: now() - (began ?? 0) }, 'stopped')
        exit(0)
      },
      (error: unknown) => {
        log.error({ err: error }, 'the service did not stop cleanly')
        exit(1)
      },
    )
  }
}
