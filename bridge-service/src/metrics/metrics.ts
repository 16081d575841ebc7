import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { TryRecord } from '@crosswalk/connectors/sdk'
import type { RecordWork, StepName } from '../pipeline/work.ts'
import type { ConnectionRow } from '../store/schema.ts'
import { boundedLabel } from './labels.ts'

export type WebhookResult = 'accepted' | 'duplicate' | 'refused' | 'ignored' | 'ping'

/** Different connections or flows that get a label of their own; more are counted together. */
const MOST_IDS = 500

const CALL_SECONDS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const STEP_SECONDS = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 30]
const ANSWER_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]
const RECORD_SECONDS = [0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300, 1_800, 7_200]

/**
 * What this process counts. Each verb is called once per batch, call or webhook, never per record, and only adds to
 * numbers in memory. Labels are ids and fixed words: no names, addresses or paths.
 */
export interface Metrics {
  registry: Registry
  /** A call to another system, each try. */
  call(connection: Pick<ConnectionRow, 'id' | 'connector'>, call: TryRecord): void
  /** `connector` null: there is no such hook. */
  webhook(connector: string | null, result: WebhookResult, seconds: number): void
  step(step: StepName, seconds: number): void
  /** What became of a batch, after it was stored. */
  outcomes(flowId: string, works: readonly RecordWork[]): void
  /** Records of a page that were level without being looked at further. */
  unchanged(flowId: string, count: number): void
  /** From webhooks' answers to their records' end, in seconds. */
  finished(flowId: string, seconds: readonly number[]): void
  /** A batch of jobs that ended in an error. */
  workFailed(queue: string): void
  /** A message about an alarm that this process tried to send. */
  alarmMessage(channel: string, result: string): void
  /** A backup that this process made, or could not make. */
  backup(result: 'made' | 'failed'): void
}

/** Counters of this process, and what Node itself can tell (memory, garbage, event-loop lag). */
export function createMetrics(store: 'embedded' | 'server'): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const connectionLabel = boundedLabel(MOST_IDS)
  const flowLabel = boundedLabel(MOST_IDS)

  new Gauge({ name: 'crosswalk_info', help: 'Always 1; says which store this process works on.', labelNames: ['store', 'node'], registers }).set({ store, node: process.version }, 1) // prettier-ignore
  const calls = new Counter({ name: 'crosswalk_calls_total', help: 'Calls to other systems, each try, by outcome: ok or the kind of failure.', labelNames: ['connection', 'connector', 'outcome'], registers }) // prettier-ignore
  const callSeconds = new Histogram({ name: 'crosswalk_call_duration_seconds', help: 'Time of a call to another system, without the wait for its turn.', labelNames: ['connector'], buckets: CALL_SECONDS, registers }) // prettier-ignore
  const webhooks = new Counter({ name: 'crosswalk_webhooks_total', help: 'Webhooks by what was answered.', labelNames: ['connector', 'result'], registers }) // prettier-ignore
  const answerSeconds = new Histogram({ name: 'crosswalk_webhook_answer_seconds', help: 'Time from a webhook to its answer; a good answer means that it is stored.', buckets: ANSWER_SECONDS, registers }) // prettier-ignore
  const stepSeconds = new Histogram({ name: 'crosswalk_step_duration_seconds', help: 'Time of a step of the pipeline, per batch.', labelNames: ['step'], buckets: STEP_SECONDS, registers }) // prettier-ignore
  const records = new Counter({ name: 'crosswalk_records_total', help: 'Records by what became of them.', labelNames: ['flow', 'outcome'], registers }) // prettier-ignore
  const failures = new Counter({ name: 'crosswalk_record_failures_total', help: 'Failed records by step and cause.', labelNames: ['flow', 'step', 'cause'], registers }) // prettier-ignore
  const recordSeconds = new Histogram({ name: 'crosswalk_webhook_to_record_seconds', help: 'Time from an answered webhook to the end of its record.', labelNames: ['flow'], buckets: RECORD_SECONDS, registers }) // prettier-ignore
  const errors = new Counter({ name: 'crosswalk_batch_errors_total', help: 'Batches of jobs that ended in an unexpected error and are tried again.', labelNames: ['queue'], registers }) // prettier-ignore
  const messages = new Counter({ name: 'crosswalk_alarm_messages_total', help: 'Tries to send messages about alarms, by way and result: sent, waiting (tried again) or given_up.', labelNames: ['channel', 'result'], registers }) // prettier-ignore
  const backups = new Counter({ name: 'crosswalk_backups_total', help: 'Backups made by this process, by result.', labelNames: ['result'], registers }) // prettier-ignore
  const backupAt = new Gauge({ name: 'crosswalk_backup_last_success_timestamp_seconds', help: 'When this process last made a backup; 0 = not since it started.', registers }) // prettier-ignore

  return {
    registry,
    call(connection, { failure, durationMs }) {
      const connector = connection.connector
      calls.inc({ connection: connectionLabel(connection.id), connector, outcome: failure ?? 'ok' })
      callSeconds.observe({ connector }, durationMs / 1_000)
    },
    webhook(connector, result, seconds) {
      webhooks.inc({ connector: connector ?? 'unknown', result })
      answerSeconds.observe(seconds)
    },
    step: (step, seconds) => stepSeconds.observe({ step }, seconds),
    outcomes(flowId, works) {
      const flow = flowLabel(flowId)
      const counts = new Map<string, number>()
      for (const { outcome } of works) {
        if (outcome === null) continue
        counts.set(outcome.result, (counts.get(outcome.result) ?? 0) + 1)
        if (outcome.result !== 'failed') continue
        failures.inc({ flow, step: outcome.failure.step, cause: outcome.failure.kind })
      }
      for (const [outcome, count] of counts) records.inc({ flow, outcome }, count)
    },
    unchanged(flowId, count) {
      if (count > 0) records.inc({ flow: flowLabel(flowId), outcome: 'unchanged' }, count)
    },
    finished(flowId, seconds) {
      const flow = flowLabel(flowId)
      // Clocks of two machines differ: what ended before it came took no time.
      for (const time of seconds) recordSeconds.observe({ flow }, Math.max(0, time))
    },
    workFailed: (queue) => errors.inc({ queue }),
    alarmMessage: (channel, result) => messages.inc({ channel, result }),
    backup(result) {
      backups.inc({ result })
      if (result === 'made') backupAt.setToCurrentTime()
    },
  }
}
