import type { Attempt, Connection, Flow, Run, SyncRecord } from '@crosswalk/shared/contract'
import type { Entity } from '@crosswalk/shared/model'
import type { Connector } from '@crosswalk/connectors/sdk'
import type { z } from 'zod'
import { bridgeFactsOf } from '../connections/bridge-facts.ts'
import { SWEEP_ONLY_SECONDS, sweepOnlyReason } from '../connections/subscriptions.ts'
import type { Service } from '../service-types.ts'
import type { AttemptRow, ConnectionRow, FlowRow, LinkRow, RunRow } from '../store/schema.ts'

/** Rows as callers see them. No secret is in any of them. */
type Connectors = Service['connectors']

export const instant = (date: Date): string => date.toISOString()
export const instantOrNull = (date: Date | null | undefined): string | null => date?.toISOString() ?? null

const labelOf = (connectors: Connectors, id: string): string => connectors[id]?.label ?? id

export function feedView(
  row: ConnectionRow,
  service: Pick<Service, 'connectors' | 'config' | 'allowHosts'>,
  lastWebhookAt: Date | undefined,
): Connection['feed'] {
  const connector: Connector | undefined = service.connectors[row.connector]
  const { feed, hookTrouble } = bridgeFactsOf(row)
  const why = connector ? sweepOnlyReason(connector, service.config.publicUrl, service.allowHosts) : null
  return {
    mode: feed?.mode ?? 'sweep',
    reason: hookTrouble ?? feed?.reason ?? why ?? 'Webhooks are made when the first flow goes live.',
    topics: feed?.topics ?? [],
    everySeconds: feed?.mode === 'webhooks' ? (connector?.sweep.everySeconds ?? 0) : SWEEP_ONLY_SECONDS,
    lastWebhookAt: instantOrNull(lastWebhookAt),
  }
}

export function connectionView(
  row: ConnectionRow,
  service: Pick<Service, 'connectors' | 'config' | 'allowHosts'>,
  lastWebhookAt?: Date,
): Connection {
  const known = bridgeFactsOf(row)
  const hint = row.secrets_hint as { hint?: string; setAt?: string }
  return {
    id: row.id,
    connector: row.connector,
    connectorLabel: labelOf(service.connectors, row.connector),
    name: row.name,
    origin: row.origin,
    account: known.account,
    state: row.state,
    stateReason: row.state_reason,
    settings: row.settings,
    credentials: { set: row.credentials !== null, hint: hint.hint ?? '', setAt: hint.setAt ?? null },
    feed: feedView(row, service, lastWebhookAt),
    moved: known.moved && {
      from: known.identity ?? row.origin,
      to: known.moved.to,
      since: known.moved.since,
      answer: known.moved.answer,
    },
    copies: known.copies,
    findings: known.findings,
    checkedAt: known.checkedAt,
    createdAt: instant(row.created_at),
    updatedAt: instant(row.updated_at),
  }
}

export function flowView(
  row: FlowRow,
  connections: ReadonlyMap<string, ConnectionRow>,
  connectors: Connectors,
): Flow {
  const end = (id: string): Flow['source'] => {
    const connection = connections.get(id)
    const connector = connection?.connector ?? ''
    return {
      connectionId: id,
      connector,
      label: labelOf(connectors, connector),
      name: connection?.name ?? '',
    }
  }
  const target = end(row.target_connection_id)
  const document = row.document ?? ''
  return {
    id: row.id,
    name: row.name,
    source: end(row.source_connection_id),
    target,
    entity: row.entity as Entity,
    document,
    documentLabel: connectors[target.connector]?.documents[document]?.label ?? document,
    settings: row.settings,
    settingsVersion: row.settings_version,
    mappingVersion: row.mapping_version,
    state: row.state,
    stateReason: row.state_reason,
    createdAt: instant(row.created_at),
    updatedAt: instant(row.updated_at),
  }
}

/** `now` in milliseconds, for the rate of a run that is going. */
export function runView(row: RunRow, now: number): Run {
  const seconds =
    row.started_at === null ? 0 : ((row.finished_at?.getTime() ?? now) - row.started_at.getTime()) / 1_000
  const rate = seconds > 0 ? row.done / seconds : null
  const open = row.state === 'running' || row.state === 'queued'
  const left = row.total === null ? null : Math.max(0, row.total - row.done)
  return {
    id: row.id,
    flowId: row.flow_id,
    kind: row.kind,
    state: row.state,
    // The source counts when a run begins; what comes meanwhile is read as well.
    total: row.total === null ? null : Math.max(row.total, row.done),
    done: row.done,
    counts: {
      created: row.created_count,
      updated: row.updated_count,
      unchanged: row.unchanged_count,
      skipped: row.skipped_count,
      failed: row.failed_count,
    },
    rate: rate === null ? null : Math.round(rate * 100) / 100,
    remainingSeconds: open && left !== null && rate !== null && rate > 0 ? Math.ceil(left / rate) : null,
    reason: row.reason,
    requestedBy: row.requested_by,
    createdAt: instant(row.created_at),
    startedAt: instantOrNull(row.started_at),
    finishedAt: instantOrNull(row.finished_at),
  }
}

/** `url` is the page of the document in the target, where there is one. */
export function recordView(row: LinkRow, url: string | null): SyncRecord {
  const error = row.last_error
  return {
    flowId: row.flow_id,
    externalId: row.external_id,
    label: row.label,
    state: row.state,
    reason: row.reason,
    complete: row.complete,
    target: row.target_id === null ? null : { object: row.target_object ?? '', id: row.target_id, url },
    error: error && {
      code: error.code,
      message: error.message,
      part: textOrNull(error['part']),
      match: textOrNull(error['match']),
      field: textOrNull(error.field ?? error['target'] ?? (error['fields'] as unknown[] | undefined)?.[0]),
    },
    attempts: row.attempts,
    nextTryAt: instantOrNull(row.next_try_at),
    sourceModifiedAt: instantOrNull(row.source_modified_at),
    firstSyncedAt: instantOrNull(row.first_synced_at),
    syncedAt: instantOrNull(row.synced_at),
    updatedAt: instant(row.updated_at),
  }
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

export const attemptView = (row: Omit<AttemptRow, 'pack' | 'subject_hash'>): z.infer<typeof Attempt> => ({
  id: row.id,
  at: instant(row.at),
  step: row.step,
  outcome: row.outcome,
  summary: row.summary,
  runId: row.run_id,
  durationMs: row.duration_ms,
  mappingVersion: row.mapping_version,
})
