import { createHash } from 'node:crypto'
import { flowSettings, withConstants, type Constant, type Role } from '@crosswalk/shared/flows'
import {
  compilePart,
  LookupTable,
  MappingDocument,
  readyLookups,
  type CompiledPart,
  type Lookups,
} from '@crosswalk/shared/mapping'
import type { Entity } from '@crosswalk/shared/model'
import type { Detail, Source, TargetDocument } from '@crosswalk/connectors/sdk'
import { loadConnections } from '../store/connections.ts'
import { loadFlows } from '../store/flows.ts'
import { listLookups } from '../store/lookups.ts'
import { getMapping } from '../store/mappings.ts'
import type { FlowRow, LookupRow } from '../store/schema.ts'
import type { ConnectionRuntime, ConnectionRuntimes } from './connection-runtime.ts'
import type { RuntimeDeps } from './deps.ts'

/** A flow ready to carry records: both ends, parsed settings, compiled rules. */
export interface FlowRuntime {
  id: string
  workspaceId: string
  row: FlowRow
  entity: Entity
  document: TargetDocument
  settings: Readonly<Record<string, unknown>>
  mappingVersion: number
  /** Changes whenever anything changes that decides what is written: mapping, settings, lookups. */
  rulesHash: string
  compiled: ReadonlyMap<Role, CompiledPart>
  mapping: MappingDocument
  lookups: Lookups
  detail: readonly Detail[]
  /** Stages after which a document is left alone, where the flow says so. */
  closedStages: ReadonlySet<string>
  /** Stable name of the source account, part of natural keys. */
  origin: string
  /** What rules can read under `flow`. */
  scope: Readonly<Record<string, unknown>>
  source: { connection: ConnectionRuntime; definition: Source }
  target: { connection: ConnectionRuntime }
}

/** A flow that cannot run, and why, in words for the user. */
export class FlowNotReady extends Error {
  override readonly name = 'FlowNotReady'
}

export interface FlowRuntimes {
  /** Throws `FlowNotReady` where an end, the settings or the mapping keep it from running. */
  get: (flowId: string) => Promise<FlowRuntime>
  /** As `get`, with another mapping or other settings: for previews of what is not saved yet. */
  draft: (
    flow: FlowRow,
    change: { mapping?: MappingDocument; settings?: Record<string, unknown> },
  ) => Promise<FlowRuntime>
}

const versionsOf = (flow: FlowRow, lookups: readonly LookupRow[]): string =>
  [flow.mapping_version, flow.settings_version, ...lookups.map((row) => `${row.name}@${row.version}`)].join(
    ',',
  )

/** `store`: rules can read it, and it may follow the connection's name. */
const rulesHashOf = (versions: string, store: string): string =>
  createHash('sha256').update(`${versions}\n${store}`).digest('base64url').slice(0, 16)

export function createFlowRuntimes(deps: RuntimeDeps, connections: ConnectionRuntimes): FlowRuntimes {
  const known = new Map<string, { versions: string; ends: string; runtime: FlowRuntime }>()

  async function ends(flow: FlowRow) {
    const rows = await loadConnections(deps.store.db, [flow.source_connection_id, flow.target_connection_id])
    const source = rows.get(flow.source_connection_id)
    const target = rows.get(flow.target_connection_id)
    if (!source || !target) throw new FlowNotReady('One of the connections of this flow is gone.')
    return { source, target }
  }

  async function build(
    flow: FlowRow,
    lookupRows: readonly LookupRow[],
    change: { mapping?: MappingDocument; settings?: Record<string, unknown> },
  ): Promise<FlowRuntime> {
    const rows = await ends(flow)
    const source = connections.fromRow(rows.source)
    const target = connections.fromRow(rows.target)
    const entity = flow.entity as Entity
    const definition = source.connector.sources[entity] as Source | undefined
    if (!definition)
      throw new FlowNotReady(`${source.connector.label} cannot be read for this kind of record.`)
    const document = target.connector.documents[flow.document ?? '']
    if (!document)
      throw new FlowNotReady(`${target.connector.label} has no document "${flow.document ?? ''}".`)
    const parsed = flowSettings[entity].safeParse(change.settings ?? flow.settings)
    if (!parsed.success) {
      throw new FlowNotReady(
        `The settings of this flow are not right: ${parsed.error.issues[0]?.message ?? ''}`,
      )
    }
    const settings = parsed.data as Record<string, unknown>
    const mapping = withConstants(
      change.mapping ?? (await savedMapping(flow)),
      (settings['constants'] ?? []) as Constant[],
    )
    const store = String(settings['store'] ?? '') || rows.source.name
    const compiled = new Map<Role, CompiledPart>()
    for (const [role, part] of Object.entries(mapping.parts)) compiled.set(role as Role, compilePart(part))
    return {
      id: flow.id,
      workspaceId: flow.workspace_id,
      row: flow,
      entity,
      document,
      settings,
      mappingVersion: flow.mapping_version,
      rulesHash: rulesHashOf(versionsOf(flow, lookupRows), store),
      compiled,
      mapping,
      lookups: readyLookups([stagesTable(settings), ...lookupRows.map(tableOf)]),
      detail: detailsFor(entity, settings),
      closedStages: closedStagesOf(settings, document, target),
      origin: `${source.connector.id}:${rows.source.origin}`,
      scope: {
        pipeline: settings['pipeline'] ?? null,
        origin: `${source.connector.id}:${rows.source.origin}`,
        store,
        documentLabel: document.label,
      },
      source: { connection: source, definition },
      target: { connection: target },
    }
  }

  async function savedMapping(flow: FlowRow): Promise<MappingDocument> {
    const row = await getMapping(deps.store.db, flow.id, flow.mapping_version)
    if (!row) throw new FlowNotReady('This flow has no field mapping yet.')
    return MappingDocument.parse(row.document)
  }

  return {
    get: async (flowId) => {
      const flow = (await loadFlows(deps.store.db, [flowId])).get(flowId)
      if (!flow) throw new FlowNotReady('This flow does not exist any more.')
      const lookups = await listLookups(deps.store.db, flow.workspace_id)
      const rows = await ends(flow)
      const versions = `${versionsOf(flow, lookups)}|${flow.state}`
      const stamp = `${rows.source.updated_at.getTime()}|${rows.target.updated_at.getTime()}`
      const present = known.get(flowId)
      if (present && present.versions === versions && present.ends === stamp) return present.runtime
      const runtime = await build(flow, lookups, {})
      known.set(flowId, { versions, ends: stamp, runtime })
      return runtime
    },
    draft: async (flow, change) => build(flow, await listLookups(deps.store.db, flow.workspace_id), change),
  }
}

/** The stage per status, from the flow's own settings, as the lookup table that mappings name `stages`. */
function stagesTable(settings: Readonly<Record<string, unknown>>): LookupTable {
  const stages = (settings['stages'] ?? {}) as Record<string, string>
  return {
    name: 'stages',
    entries: Object.entries(stages).map(([from, to]) => ({ from, to })),
    fallback: null,
  }
}

const tableOf = (row: LookupRow): LookupTable =>
  LookupTable.parse({
    name: row.name,
    entries: (row.entries as { rows?: unknown }).rows ?? [],
    fallback: row.fallback,
  })

/** The stages the user named as closed, else those the target itself calls so. */
function closedStagesOf(
  settings: Readonly<Record<string, unknown>>,
  document: TargetDocument,
  target: ConnectionRuntime,
): ReadonlySet<string> {
  const named = settings['closedStages']
  if (Array.isArray(named) && named.length > 0) return new Set(named.map(String))
  const pipelines = document.stages?.(target.context()) ?? []
  return new Set(
    pipelines.flatMap(({ stages }) => stages.filter((stage) => stage.closed).map(({ id }) => id)),
  )
}

/** Parts of records that this flow needs and that cost extra calls at the source. */
function detailsFor(entity: Entity, settings: Readonly<Record<string, unknown>>): Detail[] {
  if (entity === 'product' || entity === 'stock') return ['variants']
  const refunds = settings['refundsAs']
  return refunds === 'negative_line' || refunds === 'credit_note' ? ['refund_lines'] : []
}
