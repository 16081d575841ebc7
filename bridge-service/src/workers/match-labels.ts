import { ConnectorError, type Source } from '@crosswalk/connectors/sdk'
import { caseId } from '../pipeline/ambiguous.ts'
import { batchContext, type PipelineDeps } from '../pipeline/context.ts'
import { partLabel } from '../pipeline/part-label.ts'
import { plan } from '../pipeline/plan.ts'
import { newWork } from '../pipeline/work.ts'
import type { FlowRuntime } from '../runtime/flow-runtime.ts'
import type { MatchCaseRow } from '../store/schema.ts'

/** Words for cases that people decide, as both systems have them now. Nothing of it is kept. */
export interface MatchLabels {
  /** What a case is at the source, by its id. */
  cases: Map<string, string>
  /** Candidates by `object` and id. */
  candidates: Map<string, { label: string; url: string | null }>
  /** Why some are missing. */
  warning: string | null
}

export const candidateName = (object: string, id: string): string => `${object}\n${id}`

/** Reads the words for a page of cases: a call or two at each side. */
export async function matchLabels(
  flow: FlowRuntime,
  rows: readonly MatchCaseRow[],
  signal: AbortSignal,
  deps: PipelineDeps,
): Promise<MatchLabels> {
  const labels: MatchLabels = { cases: new Map(), candidates: new Map(), warning: null }
  for (const read of [readSource, readTarget]) {
    try {
      await read(flow, rows, labels, signal, deps)
    } catch (error) {
      if (!(error instanceof ConnectorError) && !signal.aborted) throw error
      labels.warning ??= error instanceof ConnectorError ? error.publicMessage : 'It did not answer in time.'
    }
  }
  return labels
}

async function readSource(
  flow: FlowRuntime,
  rows: readonly MatchCaseRow[],
  labels: MatchLabels,
  signal: AbortSignal,
  deps: PipelineDeps,
): Promise<void> {
  const { connection } = flow.source
  const definition: Source = flow.source.definition
  const ids = [...new Set(rows.map((row) => row.external_id))]
  if (ids.length === 0) return
  const natives = await connection.http.drive(definition.many(ids, connection.context(), flow.detail), {
    lane: 'live',
    signal,
  })
  const wanted = new Set(rows.map((row) => row.id))
  const context = batchContext(flow, [], { lane: 'live', runId: null, dryRun: true, trace: false, signal }, deps) // prettier-ignore
  for (const native of natives) {
    const work = newWork(definition.key(native), null, null, 0)
    try {
      work.native = native
      work.record = definition.decode(native, connection.context())
      plan([work], context)
    } catch {
      // It cannot be read any more; its case keeps the candidates' words.
      continue
    }
    for (const part of work.parts) {
      const id = caseId(part, context)
      if (wanted.has(id) && work.record) labels.cases.set(id, partLabel(part, work.record))
    }
  }
}

async function readTarget(
  flow: FlowRuntime,
  rows: readonly MatchCaseRow[],
  labels: MatchLabels,
  signal: AbortSignal,
): Promise<void> {
  const { connector, http, context } = flow.target.connection
  for (const [name, group] of Map.groupBy(rows, (row) => row.object)) {
    const object = connector.objects[name]
    if (!object?.shown || !object.read) continue
    const ids = [...new Set(group.flatMap((row) => row.candidates.map((one) => one.id)))]
    for (let start = 0; start < ids.length; start += object.read.max) {
      const some = ids.slice(start, start + object.read.max)
      const found = await http.drive(object.read.byIds(some, object.shown.fields, context()), {
        lane: 'live',
        signal,
      })
      for (const { id, values } of found) {
        const { label, url } = object.shown
        labels.candidates.set(candidateName(name, id), { label: label(values), url: url(id, context()) })
      }
    }
  }
}
