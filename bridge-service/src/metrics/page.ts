import { Gauge, type Registry } from 'prom-client'
import { within } from '../runtime/within.ts'
import type { StoreFigures } from './store-figures.ts'

/** Several scrapers, or one in a hurry, cost the store no more than one. */
const FRESH_MS = 5_000
/** A store that answers later than this counts as not answering; the process's own figures are shown all the same. */
const LIMIT_MS = 5_000

export interface MetricsPage {
  contentType: string
  text(): Promise<string>
}

interface PageOptions {
  registry: Registry
  figures: () => Promise<StoreFigures>
  /** Of this process. */
  own: { ready: () => boolean; held: () => Readonly<Record<string, number>> }
  now: () => number
  limitMs?: number
}

/** The page that Prometheus reads: this process's counters, and the figures of the store, read when asked for. */
export function createMetricsPage(options: PageOptions): MetricsPage {
  const { registry, now } = options
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `crosswalk_${name}`, help, labelNames, registers: [registry] })
  const shared = 'The same from every process of a database: take the max, not the sum. '
  const gauges = {
    lag: gauge('lag_seconds', `${shared}Age of the oldest change of a live flow that waits.`, ['flow']),
    jobs: gauge('jobs', `${shared}Jobs by queue and state.`, ['queue', 'state']),
    oldest: gauge('oldest_job_seconds', `${shared}Age of the oldest job that could run now.`, ['queue']),
    failed: gauge('failed_records', `${shared}Records that stand failed and wait for a person.`, ['flow']),
    left: gauge('call_budget_left', `${shared}Calls that may be made now.`, ['connection', 'window']),
    limit: gauge('call_budget_limit', `${shared}Calls a full budget holds.`, ['connection', 'window']),
    blocked: gauge('connection_blocked_seconds', `${shared}How long the breaker keeps a connection silent; 0 = closed.`, ['connection']), // prettier-ignore
    connection: gauge('connection_state', `${shared}1 for the state a connection is in.`, ['connection', 'connector', 'state']), // prettier-ignore
    flow: gauge('flow_state', `${shared}1 for the state a flow is in.`, ['flow', 'entity', 'state']),
    runDone: gauge('run_done_records', `${shared}Records an open run has behind it.`, ['flow', 'kind']),
    runTotal: gauge('run_total_records', `${shared}Records of an open run, where the source tells.`, ['flow', 'kind']), // prettier-ignore
    runs: gauge('open_runs', `${shared}Runs that have not ended, by state.`, ['kind', 'state']),
    alarms: gauge('alarms_open', `${shared}Open alarms by cause.`, ['cause']),
    bytes: gauge('store_bytes', `${shared}Size of the store.`),
  }
  const readable = gauge('store_readable', '1 when the figures of the store could be read for this page.')
  const ready = gauge('process_ready', '1 when this process is ready, as /readyz says.')
  const held = gauge('process_jobs_held', 'Jobs in work in this process.', ['queue'])
  let read: { at: number; done: Promise<boolean> } | undefined

  function show(figures: StoreFigures): void {
    for (const one of Object.values(gauges)) one.reset()
    for (const { id, connector, state, blockedSeconds, budget } of figures.connections) {
      gauges.connection.set({ connection: id, connector, state }, 1)
      gauges.blocked.set({ connection: id }, blockedSeconds)
      for (const { window, left, limit } of budget) {
        gauges.left.set({ connection: id, window }, left)
        gauges.limit.set({ connection: id, window }, limit)
      }
    }
    for (const flow of figures.flows) {
      gauges.flow.set({ flow: flow.id, entity: flow.entity, state: flow.state }, 1)
      gauges.failed.set({ flow: flow.id }, flow.failedRecords)
      if (flow.lagSeconds !== null) gauges.lag.set({ flow: flow.id }, flow.lagSeconds)
    }
    for (const { flowId, kind, state, done, total } of figures.openRuns) {
      gauges.runs.inc({ kind, state })
      gauges.runDone.set({ flow: flowId, kind }, done)
      if (total !== null) gauges.runTotal.set({ flow: flowId, kind }, total)
    }
    for (const stats of figures.queues) {
      const { queue } = stats
      for (const state of ['ready', 'deferred', 'active'] as const) {
        gauges.jobs.set({ queue, state }, stats[state])
      }
      gauges.oldest.set({ queue }, stats.oldestSeconds)
    }
    for (const { cause, count } of figures.alarms) gauges.alarms.set({ cause }, count)
    gauges.bytes.set(figures.bytes)
  }

  /** @returns false when the store did not answer; then it is not told how it was a while ago */
  async function refresh(): Promise<boolean> {
    try {
      const figures = await within(options.limitMs ?? LIMIT_MS, options.figures(), undefined)
      if (figures) show(figures)
      else for (const one of Object.values(gauges)) one.reset()
      return figures !== undefined
    } catch {
      for (const one of Object.values(gauges)) one.reset()
      return false
    }
  }

  return {
    contentType: registry.contentType,
    async text() {
      if (!read || now() - read.at >= FRESH_MS) read = { at: now(), done: refresh() }
      readable.set((await read.done) ? 1 : 0)
      ready.set(options.own.ready() ? 1 : 0)
      for (const [queue, count] of Object.entries(options.own.held())) held.set({ queue }, count)
      return registry.metrics()
    },
  }
}
