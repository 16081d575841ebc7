import type { JobEngine } from '../../jobs/types.ts'
import type { Store } from '../database.ts'

/** A store and an engine that count the statements which are sent through them. */
export interface Counted {
  store: Store
  engine: JobEngine
  /** How many statements `work` sent. */
  during: (work: () => Promise<unknown>) => Promise<number>
}

/** Counts what goes through the store and what the engine sends; its own upkeep is left out. */
export function countStatements(store: Store, engine: JobEngine): Counted {
  let count = 0
  const db = store.db.withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      count += 1
      return result
    },
  })
  return {
    store: { ...store, db },
    engine: { ...engine, send: (tx, jobs, options) => engine.send(tx ?? db, jobs, options) },
    during: async (work) => {
      const before = count
      await work()
      return count - before
    },
  }
}
