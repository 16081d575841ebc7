import { FlowNotReady, type FlowRuntimes } from '../runtime/flow-runtime.ts'
import type { PipelineDeps } from '../pipeline/context.ts'
import type { FlowRow, MatchCaseRow } from '../store/schema.ts'
import { matchLabels, type MatchLabels } from './match-labels.ts'

/** How long a page may wait for words that only the accounts know. */
const LABELS_MS = 20_000

/** What the service answers to people who look before something is written. */
export const createLookFirst = (flows: FlowRuntimes, deps: () => PipelineDeps) => ({
  matchLabels: async (flow: FlowRow, rows: readonly MatchCaseRow[]): Promise<MatchLabels> => {
    try {
      return await matchLabels(await flows.get(flow.id), rows, AbortSignal.timeout(LABELS_MS), deps())
    } catch (error) {
      if (!(error instanceof FlowNotReady)) throw error
      return { cases: new Map(), candidates: new Map(), warning: error.message }
    }
  },
})
