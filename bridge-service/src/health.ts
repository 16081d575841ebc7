import type { Logger } from 'pino'
import type { Pump } from './jobs/pump.ts'
import { within } from './runtime/within.ts'
import type { Store } from './store/database.ts'
import { migrations } from './store/migrations/migrate.ts'

/** Why a process cannot take work now. `text` is for whoever runs it. */
export interface NotReady {
  what: 'starting' | 'stopping' | 'store' | 'room' | 'migrations' | 'jobs'
  text: string
}

export interface Health {
  started(): void
  stopping(): void
  /** Looks; empty when the process is ready. Never throws, and ends within the store's limit. */
  check(): Promise<readonly NotReady[]>
  /** What the last look found, for metrics. */
  wasReady(): boolean
}

interface HealthOptions {
  store: Pick<Store, 'raw' | 'hasRoom'>
  pumps: readonly Pick<Pump, 'turnedAt'>[]
  log: Logger
  now: () => number
  /** How long the store may take to answer (default 2 s). */
  storeMs?: number
  /** How long a pump may take to come round (default 15 s; it looks ten times a second, or waits a second after an error). */
  stalledMs?: number
}

const CONDITION: Readonly<Record<NotReady['what'], string>> = {
  starting: 'The service is starting.',
  stopping: 'The service is stopping.',
  store: 'The store does not answer.',
  room: 'The disk is nearly full: nothing new is taken until there is room.',
  migrations: 'The tables of the store are not those of this version. Start the service again.',
  jobs: 'No jobs are taken from the queue.',
}

/** Whether this process can work: it has started and is not ending, its store answers in time, and its pumps turn. */
export function createHealth(options: HealthOptions): Health {
  const { store, pumps, log, now } = options
  const { storeMs = 2_000, stalledMs = 15_000 } = options
  let phase: 'starting' | 'running' | 'stopping' = 'starting'
  let before = ''

  /** The store's answer, or undefined when none came in time. */
  async function askStore(): Promise<string[] | undefined> {
    const rows = store.raw<{ name: string }>('select name from migration').then(
      (found) => found.map(({ name }) => name),
      () => undefined,
    )
    return within(storeMs, rows, undefined)
  }

  async function look(): Promise<NotReady['what'][]> {
    // An ending process closes its store: what that says is of no interest.
    if (phase === 'stopping') return ['stopping']
    const found: NotReady['what'][] = phase === 'starting' ? ['starting'] : []
    const applied = await askStore()
    if (applied === undefined) found.push('store')
    else if (migrations.some(({ name }) => !applied.includes(name))) found.push('migrations')
    if (!store.hasRoom()) found.push('room')
    const latest = now() - stalledMs
    if (phase === 'running' && pumps.some((pump) => (pump.turnedAt() ?? 0) < latest)) found.push('jobs')
    return found
  }

  return {
    started: () => void (phase = phase === 'starting' ? 'running' : phase),
    stopping: () => void (phase = 'stopping'),
    wasReady: () => phase === 'running' && before === '',
    async check() {
      const found = await look()
      const present = found.join(',')
      // A line per change, not one per probe.
      if (present !== before && phase === 'running') {
        if (present === '') log.info('ready again')
        else log.error({ reasons: found }, 'not ready')
      }
      before = present
      return found.map((what) => ({ what, text: CONDITION[what] }))
    },
  }
}
