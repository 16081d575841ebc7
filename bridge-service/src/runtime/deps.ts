import type { Logger } from 'pino'
import type { CallBudget } from '../jobs/budget.ts'
import type { Store } from '../store/database.ts'
import type { Vault } from '../store/vault.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Reach } from '../alarms/reach.ts'
import type { Clock } from './clock.ts'

/** What everything that talks to connections needs. */
export interface RuntimeDeps {
  store: Store
  vault: Vault
  budget: CallBudget
  clock: Clock
  log: Logger
  /** `host:port` of loopback or private hosts that may be called (demo, tests, a shop in the own network). */
  allowHosts: readonly string[]
  /** The service's own apps at systems with OAuth sign-in, by connector. */
  oauthClients?: Readonly<Record<string, { clientId: string; clientSecret: string }>>
  /** What is counted; a test may leave it out. */
  metrics?: Metrics
  /** Told how accounts answer; a test may leave it out. */
  reach?: Reach
  /** Aborts when the process is about to end: what runs may end, nothing new is begun. */
  leaving?: AbortSignal
}
