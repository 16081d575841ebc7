import type { ConnectorError } from '@crosswalk/connectors/sdk'
import type { CauseRef } from '@crosswalk/shared/causes'
import type { Store } from '../store/database.ts'
import { listFailing, noteAnswering, noteFailing, type BadAnswer } from '../store/reach.ts'

/** Keeps since when accounts give no good answer, over restarts and for all processes. */
export interface Reach {
  /** An account gave an answer to a call. Only remembered: it is said a hundred times a second. */
  answered(connectionId: string): void
  /** Work that uses an account came to a good end. It counts where calls were made for it: some work needs none. */
  served(connectionId: string): void
  /** An account could not be used, for now. */
  failed(
    connectionId: string,
    error: Pick<ConnectorError, 'kind' | 'publicMessage'> & { named?: CauseRef | undefined },
  ): void
  /** Stores what was said since the last time. */
  flush(): Promise<void>
}

interface ReachOptions {
  store: Pick<Store, 'db'>
  now: () => number
}

/** Longest part of an account's own words that is kept. */
const MESSAGE_CHARS = 300

export function createReach({ store, now }: ReachOptions): Reach {
  /** Accounts that gave an answer since they last failed. */
  const answering = new Set<string>()
  /** When each account last served this process well. */
  const good = new Map<string, number>()
  const bad = new Map<string, BadAnswer>()
  return {
    answered: (connectionId) => void answering.add(connectionId),
    served(connectionId) {
      if (answering.has(connectionId)) good.set(connectionId, now())
    },
    failed(connectionId, { kind, publicMessage, named }) {
      answering.delete(connectionId)
      good.delete(connectionId)
      const first = bad.get(connectionId)?.at ?? new Date(now())
      const message = publicMessage.slice(0, MESSAGE_CHARS)
      bad.set(connectionId, { connectionId, at: first, kind, message, ...(named ? { named } : {}) })
    },
    async flush() {
      const failing = [...bad.values()]
      bad.clear()
      try {
        await noteFailing(store.db, failing)
      } catch (error) {
        // Not lost: said again with the next flush, unless something newer was said.
        for (const one of failing) if (!bad.has(one.connectionId)) bad.set(one.connectionId, one)
        throw error
      }
      // Another process may have noted it: what this one knows of any that is noted counts.
      const known = (await listFailing(store.db)).flatMap((connectionId) => {
        const at = good.get(connectionId)
        return at === undefined ? [] : [{ connectionId, at: new Date(at) }]
      })
      await noteAnswering(store.db, known)
    },
  }
}
