import type { Page } from '@crosswalk/connectors/sdk'
import type { FlowRuntime } from '../runtime/flow-runtime.ts'
import type { Executor } from '../store/schema.ts'

/** What a stretch of pages is to read. */
export interface Stretch {
  flow: FlowRuntime
  position: unknown
  changedAfter: string | null
  createdFrom: string | null
  runId: string | null
  imported: boolean
  lane: 'live' | 'bulk'
  /** Look again at records that were left out before: this run has another start date than the flow. */
  reconsiderSkipped: boolean
  /** Only records that are in the target: new rules for what was sent bring nothing over that was left out before. */
  knownOnly: boolean
  /** Records of the next page that were counted before it could be finished. */
  counted: readonly string[]
}

/** Counts of a page, by what became of its records. */
export interface PageCounts {
  done: number
  created: number
  updated: number
  unchanged: number
  skipped: number
  failed: number
}

/** Stored in the same transaction as a page's outcomes. */
export interface PageProgress {
  /** Where to go on: after this page, or at it again when it could not be finished. */
  position: unknown
  next: unknown
  finished: boolean
  counted: string[]
  counts: PageCounts
  total: number | null
  sourceClock: string | null
}

export type SaveProgress = (tx: Executor, progress: PageProgress) => Promise<void>

/** Why a stretch ended: at the end of the list, at its time, or because something must wait. */
export type StretchEnd =
  | { kind: 'end' }
  | { kind: 'more' }
  /** `reason`: the source's list cannot be read as it is, which does not pass like a busy account does. */
  | { kind: 'wait'; ms: number; reason?: string }
  | { kind: 'stopped' }
  | { kind: 'broken'; reason: string }

/** Whether one more page is begun. */
export interface GoOn {
  /** The stretch has time left and the process stays. */
  inTime: () => boolean
  /** The work is still wanted: its run and flow have not been paused meanwhile. Asked while the page is read. */
  wanted: () => Promise<boolean>
}

/** A page in work. `readAt` is our time just before it was asked for, in ms. */
export interface OpenPage {
  page: Page<unknown>
  position: unknown
  readAt: number
}

/** How soon a record that another worker holds is looked at again. */
export const BUSY_MS = 1_000
