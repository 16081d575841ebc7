import type { Page, Source } from '@crosswalk/connectors/sdk'
import { sourceTrouble } from '../pipeline/read.ts'
import { newWork, type RecordWork } from '../pipeline/work.ts'
import type { FlowRuntime } from '../runtime/flow-runtime.ts'
import { loadLinks } from '../store/links.ts'
import type { PipelineDeps } from '../pipeline/context.ts'

/**
 * Records that somebody wants to look at before anything is written: the newest ones, those made in a span of time, or
 * named ones. Empty: all that the flow carries.
 */
export interface Scope {
  last?: number
  from?: string | null
  to?: string
  externalIds?: readonly string[]
}

/** A page of records to look at. `next` is null after the last one; `total` counts all of the scope. */
export interface ScopePage {
  works: RecordWork[]
  next: ScopePosition | null
  total: number | null
}

/** Where a look stands: the source's own position, and how many records were looked at. */
export interface ScopePosition {
  at: unknown
  seen: number
}

const PAGE = 100
const BEGINNING: ScopePosition = { at: null, seen: 0 }

/** Whether a scope has dates of its own, which then count in place of the flow's start date. */
export const hasDates = (scope: Scope): boolean => scope.from !== undefined || scope.to !== undefined

/** The flow with another start date: a run over history has its own, the flow's counts for what happens from now on. */
export const sinceFrom = (flow: FlowRuntime, from: string | null): FlowRuntime => ({
  ...flow,
  settings: { ...flow.settings, startDate: from },
})

/**
 * The flow as it looks at a scope. Its start date counts where nothing else says which records are meant: of the newest
 * ones, and of named ones, people want to see what the rules make of them.
 */
export const lookingAt = (flow: FlowRuntime, scope: Scope): FlowRuntime =>
  hasDates(scope) || scope.last !== undefined || scope.externalIds !== undefined
    ? sinceFrom(flow, scope.from ?? null)
    : flow

/** The start date of a flow as an instant: records made before it are none of its business. */
export const startOf = (flow: FlowRuntime): string | null => {
  const start = flow.settings['startDate']
  return typeof start === 'string' && start !== '' ? new Date(start).toISOString() : null
}

/**
 * Reads a page of a scope, without leases: nothing is written to these records.
 * @throws AccountTrouble when the source cannot be read
 */
export async function readScope(
  flow: FlowRuntime,
  scope: Scope,
  position: ScopePosition | null,
  how: { lane: 'live' | 'bulk'; signal: AbortSignal },
  deps: PipelineDeps,
): Promise<ScopePage> {
  const { at, seen } = position ?? BEGINNING
  const now = deps.clock.now()
  const { externalIds } = scope
  if (externalIds) {
    const works = externalIds.slice(seen, seen + PAGE).map((id) => newWork(id, null, null, now))
    const next = seen + works.length < externalIds.length ? { at: null, seen: seen + works.length } : null
    return { works: await linked(works, flow, deps), next, total: externalIds.length }
  }
  const left = scope.last === undefined ? PAGE : scope.last - seen
  const page = await readPage(flow, scope, at, Math.min(left, PAGE), how)
  const key = flow.source.definition.key
  const natives = new Map(page.records.slice(0, left).map((native) => [key(native), native]))
  const works = [...natives].map(([id, native]) => Object.assign(newWork(id, null, null, now), { native }))
  const most = scope.last ?? Number.POSITIVE_INFINITY
  const after = { at: page.next, seen: seen + works.length }
  return {
    works: await linked(works, flow, deps),
    next: page.next === null || after.seen >= most ? null : after,
    total: page.total === null ? (scope.last ?? null) : Math.min(page.total, most),
  }
}

async function readPage(
  flow: FlowRuntime,
  scope: Scope,
  position: unknown,
  limit: number,
  how: { lane: 'live' | 'bulk'; signal: AbortSignal },
): Promise<Page<unknown>> {
  const { connection } = flow.source
  const definition: Source = flow.source.definition
  const common = { position, limit: Math.min(limit, definition.pageSize), detail: flow.detail }
  const createdFrom = hasDates(scope) ? (scope.from ?? null) : startOf(flow)
  const conversation =
    scope.last !== undefined && definition.newest
      ? definition.newest(common, connection.context())
      : definition.page(
          { ...common, changedAfter: null, createdFrom, createdTo: scope.to ?? null },
          connection.context(),
        )
  try {
    return await connection.http.drive(conversation, how)
  } catch (error) {
    throw sourceTrouble(error)
  }
}

async function linked(works: RecordWork[], flow: FlowRuntime, deps: PipelineDeps): Promise<RecordWork[]> {
  const ids = works.map((work) => work.externalId)
  const links = await loadLinks(deps.store.db, flow.id, ids)
  for (const work of works) {
    work.link = links.get(work.externalId) ?? null
    work.reconsider = true
  }
  return works
}

/** False for a record that a source listed though it was made outside the scope's dates. */
export function isInScope({ record }: RecordWork, scope: Scope): boolean {
  const createdAt = (record as { createdAt?: string | null } | null)?.createdAt
  if (!createdAt || !hasDates(scope)) return true
  const made = Date.parse(createdAt)
  return !(scope.from && made < Date.parse(scope.from)) && !(scope.to && made >= Date.parse(scope.to))
}
