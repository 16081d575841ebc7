import type { CallGate, RateWindow } from '@crosswalk/connectors/sdk'
import type { CallBudget } from '../jobs/budget.ts'

const accountOf = (connectionId: string, window: string): string =>
  window === 'all' ? connectionId : `${connectionId}#${window}`

/**
 * A connection's side of the call budget: every call counts against the windows named `all`; a call that names a window
 * (`search`) counts against that one first. Windows are shared by all workers through the store.
 */
export function createGate(
  budget: CallBudget,
  connectionId: string,
  windows: readonly RateWindow[],
): CallGate {
  const names = new Set(['all', ...windows.map((window) => window.name)])
  for (const name of names) {
    budget.setWindows(
      accountOf(connectionId, name),
      windows.filter((window) => window.name === name).map(({ calls, seconds }) => ({ calls, seconds })),
    )
  }
  return {
    acquire: async (window, lane, signal) => {
      if (window !== null && names.has(window) && window !== 'all') {
        await budget.acquire(accountOf(connectionId, window), lane, signal)
      }
      // Also an unlimited account asks: another worker may have been told to be silent.
      await budget.acquire(connectionId, lane, signal)
    },
    blockUntil: (timeMs) => {
      // This process keeps to it at once; should the store not take it, others learn it from their own next refusal.
      void budget.blockUntil(connectionId, new Date(timeMs)).catch(() => undefined)
    },
  }
}
