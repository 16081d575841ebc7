import type { Executor } from '../store/schema.ts'

/** `record`: bring one record up to date. `chunk`: a page of a backfill or sweep. `bell`: something is due. */
export type QueueName = 'record' | 'chunk' | 'bell'

/** Higher first. A user who waits, then live changes, then repeated tries, then bulk. */
export const PRIORITY = { user: 30, live: 20, retry: 10, bulk: 0 } as const

export interface JobToSend {
  queue: QueueName
  /** Jobs of one key that wait are one job: the first one's data stays, the sooner start and higher priority win. */
  key: string
  /** A few ids, never payloads. */
  data: object
  /** Target connection: what fairness and `ignoreGroups` go by. */
  group: string
  priority?: number
  startAfterMs?: number
}

/** A fetched job. */
export interface Job<Data = Record<string, unknown>> extends JobRef {
  key: string
  data: Data
  group: string
}

/** Names one attempt of a job: settling a job that somebody else has taken since has no effect. */
export interface JobRef {
  queue: QueueName
  id: string
  retryCount: number
}

export interface JobFailure {
  code: string
  message: string
}

export interface QueueStats {
  queue: QueueName | 'dead'
  /** Could run now. */
  ready: number
  deferred: number
  active: number
  /** Age of the oldest job that could run now, in seconds; 0 when there is none. */
  oldestSeconds: number
}

/** The job queue. A restart, a crash and several processes lose no job; any job may run twice. */
export interface JobEngine {
  start(): Promise<void>
  /** Ends the engine's own timers and connections. Stop the pumps first. */
  stop(): Promise<void>
  /**
   * Sends jobs; with a transaction they exist when it commits, else not at all. One statement per queue, and one more
   * where a job of the same key waits.
   * Where records are marked as changed, do that before, in the same transaction.
   * @param options.hasten false: a job of the same key that waits already keeps its time and priority
   */
  send(tx: Executor | null, jobs: readonly JobToSend[], options?: { hasten?: boolean }): Promise<void>
  /** Takes up to `max` due jobs, highest priority first, none of the groups given. */
  fetch(queue: QueueName, max: number, ignoreGroups?: readonly string[]): Promise<Job[]>
  complete(jobs: readonly JobRef[], tx?: Executor): Promise<void>
  /** Another try after a growing delay; after the last one the job goes to the dead letter queue. */
  fail(jobs: readonly JobRef[], failure: JobFailure): Promise<void>
  /** Ends the jobs and sends them again to start after `afterMs`, in one transaction. Uses no try up. */
  again(jobs: readonly Job[], afterMs: number): Promise<void>
  /** Tells that the jobs are still being worked on; without it for 15 s they go back to the queue. */
  touch(jobs: readonly JobRef[]): Promise<void>
  /** Embedded, before the pumps start: jobs that a former process left active go back. @returns how many */
  orphansBack(): Promise<number>
  /** The clock of the store was put back by `byMs`: what waits, waits no longer than it would have. */
  clockWentBack(byMs: number): Promise<void>
  /** Calls back when jobs were sent, where the store can tell (embedded). @returns unsubscribe */
  onSent(listener: (queue: QueueName) => void): () => void
  /**
   * Rings by cron: sends a `bell` job with this key. Several processes ring once. Minutes are the
   * finest grain; the key may hold letters, digits and `_ - . /`.
   */
  schedule(key: string, cron: string, data: object, timeZone?: string): Promise<void>
  unschedule(key: string): Promise<void>
  stats(): Promise<QueueStats[]>
  /**
   * When the oldest job that has not ended was sent, by the first part of its key (up to the first colon). A job whose
   * data has an `at` (ms since 1970) counts from then.
   */
  oldest(queue: QueueName): Promise<{ prefix: string; since: Date }[]>
  /** Sends up to `limit` dead jobs back to where they came from. @returns how many */
  redrive(limit?: number): Promise<number>
}
