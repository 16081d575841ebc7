import type { Logger } from 'pino'
import type { Store } from '../store/database.ts'
import { purgeExpired, type RetentionOptions } from '../store/retention.ts'

export interface UpkeepOptions {
  store: Store
  log: Logger
  retention?: RetentionOptions
  /** Default 2 minutes: without it the embedded store's log and tables would grow without end. */
  everyMs?: number
}

/**
 * Purges what has outlived its time and tidies the store up, again and again. The job engine purges its own ended
 * jobs. A failure is logged and tried again at the next round.
 * @returns ends the upkeep, after the round that runs
 */
export function startUpkeep({
  store,
  log,
  retention = {},
  everyMs = 120_000,
}: UpkeepOptions): () => Promise<void> {
  let round: Promise<void> = Promise.resolve()
  let running = false
  async function tidy(): Promise<void> {
    running = true
    try {
      const erased = await purgeExpired(store.db, retention)
      await store.maintain()
      if (erased > 0) log.info({ erased }, 'erased what had outlived its time')
    } catch (error) {
      log.error({ err: error }, 'the upkeep of the store failed')
    }
    running = false
  }
  const timer = setInterval(() => {
    if (!running) round = tidy()
  }, everyMs)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await round
  }
}
