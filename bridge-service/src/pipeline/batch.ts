import type { ConnectorError } from '@crosswalk/connectors/sdk'
import type { Clock } from '../runtime/clock.ts'
import type { FlowRuntime } from '../runtime/flow-runtime.ts'
import type { Store } from '../store/database.ts'
import type { Vault } from '../store/vault.ts'
import type { RecordWork, StepName } from './work.ts'

/** What every step gets: the flow's runtime, the store and who is asking. */
export interface BatchContext {
  flow: FlowRuntime
  store: Store
  vault: Vault
  clock: Clock
  /** Name of this worker in leases and dependency claims. */
  holder: string
  lane: 'live' | 'bulk'
  runId: string | null
  /** Read only: stop after `compare`. */
  dryRun: boolean
  /** Keep each rule's trace. */
  trace: boolean
  /** Mark what is created as history brought over, so that the target's automations can leave it out. */
  imported: boolean
  signal: AbortSignal
  /** A call that writes went out: what the batch leaves undone may stand in the target all the same. */
  wrote: boolean
  /** A write that the target was too busy for, or that it could not be reached for. */
  busy: ConnectorError | null
  /** Told how long a step of the batch took. */
  onStep?: (step: StepName, seconds: number) => void
  /** Stored intents of this batch; they are closed with its outcome. */
  intents: string[]
  /** Whether creates are noted before they go out; false only in tests. */
  notesIntents: boolean
  /** Called at named points; a test makes it end the process there. */
  faultPoint: (name: string) => void
  /**
   * Makes sure that the batch's leases outlive a call that goes out now; throws `LeaseLost`. For every call that writes:
   * it may have waited for its turn longer than any lease lives.
   */
  keepLeases: () => Promise<void>
}

/** The batch's lease was taken over: whatever it knows may be old, so it writes nothing more. */
export class LeaseLost extends Error {
  constructor() {
    super('another worker took the lease over')
    this.name = 'LeaseLost'
  }
}

/**
 * Trouble of a whole account or flow, not of a record: stops the batch, keeps every mark. `decided`: the batch ran to its
 * end and its records have their outcomes; only what follows must wait.
 */
export class AccountTrouble extends Error {
  readonly side: 'source' | 'target'
  readonly decided: boolean
  override readonly cause: unknown
  constructor(side: 'source' | 'target', cause: unknown, decided = false) {
    super(cause instanceof Error ? cause.message : 'the account cannot be used now')
    this.name = 'AccountTrouble'
    this.side = side
    this.decided = decided
    this.cause = cause
  }
}

/** Runs one step of a batch and tells how long it took, also where it fails. */
export async function timed<T>(
  step: StepName,
  context: Pick<BatchContext, 'onStep'>,
  work: () => T | Promise<T>,
): Promise<T> {
  const began = performance.now()
  try {
    return await work()
  } finally {
    context.onStep?.(step, (performance.now() - began) / 1_000)
  }
}

/** A batch in work. */
export interface Batch {
  works: RecordWork[]
}
