import type { Logger } from 'pino'
import type { Connector, RawWebhook } from '@crosswalk/connectors/sdk'
import type { DemoState, PreviewResult } from '@crosswalk/shared/contract'
import type { MappingDocument } from '@crosswalk/shared/mapping'
import type { Passwords } from './accounts/passwords.ts'
import type { Alarms } from './alarms/alarms.ts'
import type { CallBudget } from './jobs/budget.ts'
import type { BackupMade } from './backup/file.ts'
import type { Health } from './health.ts'
import type { MetricsPage } from './metrics/page.ts'
import type { Clock } from './runtime/clock.ts'
import type { ConnectionRuntimes } from './runtime/connection-runtime.ts'
import type { Store } from './store/database.ts'
import type { EditedValue } from './store/record-edits.ts'
import type { ConnectionRow, FlowRow, MatchCaseRow, RunRow } from './store/schema.ts'
import type { Vault } from './store/vault.ts'
import type { TrustProxy } from './trust-proxy.ts'
import type { Scope } from './workers/scope.ts'
import type { MatchLabels } from './workers/match-labels.ts'
import type { RulesTried, TryRules } from './workers/try-rules.ts'

/** What of the configuration the API and the connect flow look at. */
export interface ServiceConfig {
  port: number
  /** The address others reach the service at, without a slash at the end; null where there is none. */
  publicUrl: string | null
  /** Who may say for whom a request comes. */
  trustProxy: TrustProxy
  /** Who sends it may read the metrics; null: nobody may. */
  metricsToken: string | null
  oauthClients: Readonly<Record<string, { clientId: string; clientSecret: string }>>
}

/** A record with values that somebody corrected. */
export interface EditedRecord {
  externalId: string
  values: readonly EditedValue[]
  editedBy: string
}

/** The service as its faces see it. */
export interface Service {
  config: ServiceConfig
  store: Store
  vault: Vault
  passwords: Passwords
  clock: Clock
  log: Logger
  budget: CallBudget
  health: Pick<Health, 'check'>
  metricsPage: MetricsPage
  /** New at each start; who has it may ask for a backup. */
  controlToken: string
  /** Writes a backup of the whole store to a file of this machine. Throws `BackupError`. */
  backup: (file: string, want: { history: boolean }) => Promise<BackupMade>
  /** `host:port` of loopback or private hosts that may be called. */
  allowHosts: readonly string[]
  /** All connectors by id, in the order the wizard shows them. */
  connectors: Readonly<Record<string, Connector>>
  connections: Pick<ConnectionRuntimes, 'fromRow' | 'drop'>
  alarms: Pick<Alarms, 'mail' | 'test'>
  /** Whether webhooks may come to this address; null where the store does not answer. */
  hasHook: (hookId: string) => Promise<boolean | null>
  /** Takes a webhook: verified, stored and committed before it answers. */
  receive: (
    raw: RawWebhook,
    hookId: string,
  ) => Promise<{ status: number; body?: unknown; headers?: Record<string, string> }>
  runs: {
    /** Throws `RunRefused`. */
    start: (
      flow: FlowRow,
      want: {
        kind: 'backfill' | 'sweep' | 'reconcile' | 'match' | 'preview' | 'replay'
        /** Of a replay. */
        group?: { id: string; count: number }
        from?: string | null
        /** Of a backfill: what the flow carries already. */
        existing?: boolean
        /** Of a reconciliation. */
        days?: number
        /** Of a match report or a preview. */
        scope?: Scope
        requestedBy: string
      },
    ) => Promise<RunRow>
    /** Undefined where the workspace has no such run. Throw `IllegalRunTransition`. */
    pause: (workspaceId: string, id: string, actor?: string) => Promise<RunRow | undefined>
    resume: (workspaceId: string, id: string, actor?: string) => Promise<RunRow | undefined>
    cancel: (workspaceId: string, id: string, actor?: string) => Promise<RunRow | undefined>
  }
  /** What records would become; nothing is written. Throws `FlowNotReady`, `ConnectorError`. */
  preview: (
    flow: FlowRow,
    want: {
      limit?: number | undefined
      externalIds?: readonly string[] | undefined
      mapping?: MappingDocument | undefined
      settings?: Record<string, unknown> | undefined
    },
  ) => Promise<PreviewResult>
  /** What rules make of one record; the target is not asked. Throws `FlowNotReady`, `ConnectorError`, `Problem`. */
  tryRules: (flow: FlowRow, want: TryRules) => Promise<RulesTried>
  /** Words for cases that people decide. Throws `FlowNotReady`. */
  matchLabels: (flow: FlowRow, rows: readonly MatchCaseRow[]) => Promise<MatchLabels>
  /** Marks records as changed and sends their jobs with a user's priority; answers when that is committed. */
  syncNow: (flow: FlowRow, externalIds: readonly string[], want: { force: boolean }) => Promise<void>
  /** Called before a flow goes live: what was changed before that is not read. Throws where the source does not answer. */
  flowStarting: (flow: FlowRow) => Promise<unknown>
  /** As `syncNow` for one record, with values that go out once in place of what its rules make. */
  sendEdited: (flow: FlowRow, edit: EditedRecord) => Promise<void>
  /** Called after the state was stored. */
  flowActivated: (flow: FlowRow) => Promise<unknown>
  /** A connection may be used again, after it was refused: called after that was stored. What waited goes on at once. */
  connectionRestored: (connection: ConnectionRow) => Promise<unknown>
  demo: {
    start: (workspaceId: string) => Promise<DemoState>
    state: (workspaceId: string) => Promise<DemoState>
  }
}
