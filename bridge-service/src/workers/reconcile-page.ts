import { Amount, compare, type Order } from '@crosswalk/shared/model'
import type { BatchContext } from '../pipeline/batch.ts'
import { map, stampOf } from '../pipeline/map.ts'
import { plan } from '../pipeline/plan.ts'
import { leaveOutErased } from '../pipeline/leave-out-erased.ts'
import { select } from '../pipeline/select.ts'
import { newWork, type Part, type RecordWork } from '../pipeline/work.ts'
import { loadLinks } from '../store/links.ts'
import type { LostParts } from '../store/reconcile.ts'
import { readWant } from '../store/records.ts'
import type { LinkRow } from '../store/schema.ts'
import type { Finding } from './reconcile-sums.ts'
import { partsLeft, readTarget } from './reconcile-target.ts'

/** What of a page is looked at. Instants in ms since 1970, by the source's clock. */
export interface Window {
  /** Records made before it belong to no day of this comparison. */
  from: number
  /** Records changed after it are still on their way. */
  settled: number
  /** Unlinked records made before it were never this flow's; null: all were. */
  takesInSince: number | null
}

export interface PageFindings {
  findings: Finding[]
  /** Records whose marks are to be raised: the pipeline brings them. */
  marks: string[]
  lost: LostParts[]
  /** Records that do not count: left out by a rule, or still on their way. */
  leftOut: number
}

/**
 * Compares a page of the source's records with what the target holds. Reads only: one look at the links and one call
 * per hundred documents.
 */
export async function comparePage(
  natives: ReadonlyMap<string, unknown>,
  window: Window,
  context: BatchContext,
): Promise<PageFindings> {
  const { flow, store } = context
  const ids = [...natives.keys()]
  const links = await loadLinks(store.db, flow.id, ids)
  const want = await readWant(store.db, flow.source.connection.id, flow.entity, ids)
  const works = ids
    .map((id) => workOf(id, natives.get(id), links.get(id) ?? null))
    .filter((work) => (want.get(work.externalId) ?? 0) <= Math.max(0, work.link?.have_version ?? 0))
  await layDocuments(works, context)
  const marks = works.filter((work) => isAstray(work)).map((work) => work.externalId)
  const counted = works.filter((work) => counts(work, window, context))
  const { findings, gone } = await compareWith(counted, context)
  for (const { externalId, verdict } of findings) {
    if (verdict === 'missing' || verdict === 'incomplete') marks.push(externalId)
  }
  return {
    findings,
    marks,
    lost: await lostOf(counted, gone, context),
    leftOut: natives.size - findings.length,
  }
}

/** As the pipeline would take it, without a stop at `unchanged`. */
function workOf(externalId: string, native: unknown, link: LinkRow | null): RecordWork {
  const work = newWork(externalId, null, link, 0)
  work.native = native
  work.force = true
  return work
}

/** Runs the rules that leave records out, and maps what counts as far as their documents. */
async function layDocuments(works: readonly RecordWork[], context: BatchContext): Promise<void> {
  // "In the target already, and this flow does not update" is no reason not to count a record.
  const settings = { ...context.flow.settings, existing: 'update' }
  const own: BatchContext = { ...context, flow: { ...context.flow, settings } }
  select(works, own)
  await leaveOutErased(works, own)
  plan(works, own)
  for (const work of works) {
    work.parts = work.parts.filter((part) => part.role === 'document')
    for (const part of work.parts) part.id = work.link?.parts[part.partKey]?.id ?? null
  }
  map(works, own)
}

/**
 * Records to look at again that no day can be told of: unreadable ones that do not show as failed, and those in the
 * source's trash that the target was not told of.
 */
function isAstray(work: RecordWork): boolean {
  if (work.outcome === null) return work.record === null
  return work.outcome.result === 'failed' && work.link?.state !== 'failed'
}

function counts(work: RecordWork, window: Window, context: BatchContext): boolean {
  const { record, link } = work
  if (work.outcome !== null || record === null || work.parts.length === 0) return false
  const made = record.createdAt ?? record.modifiedAt
  if (made === null || Date.parse(made) < window.from) return false
  const changed = Math.max(Date.parse(made), Date.parse(record.modifiedAt ?? made))
  if (changed > window.settled) return false
  if (link === null) return window.takesInSince === null || Date.parse(made) >= window.takesInSince
  // Left out by the rules as they are now, or by a person. What is whole in the target counts all the same.
  return !(link.state === 'skipped' && link.rules_hash === context.flow.rulesHash && !link.complete)
}

/** Reads the documents and judges. `gone`: part keys of documents that the target no longer has, by external id. */
async function compareWith(
  works: readonly RecordWork[],
  context: BatchContext,
): Promise<{ findings: Finding[]; gone: Map<string, Set<string>> }> {
  const fields = amountFields(context)
  const ids = works.flatMap((work) => work.parts.flatMap((part) => part.id ?? []))
  const { object } = context.flow.document
  const there = ids.length === 0 ? new Map() : await readTarget(object, ids, fields, context)
  const gone = new Map<string, Set<string>>()
  const findings = works.map((work): Finding => {
    const lost = work.parts.filter((part) => part.id !== null && there !== null && !there.has(part.id))
    if (lost.length > 0) gone.set(work.externalId, new Set(lost.map((part) => part.partKey)))
    const inTarget = lost.length === 0 && work.parts.every((part) => part.id !== null)
    const [part] = work.parts as [Part]
    const amounts = amountsOf(work, part, there?.get(part.id ?? '') ?? null, fields)
    return {
      externalId: work.externalId,
      day: (work.record?.createdAt ?? stampOf(work)).slice(0, 10),
      inTarget,
      ...amounts,
      verdict: verdictOf(work, inTarget, amounts),
    }
  })
  return { findings, gone }
}

function verdictOf(
  { link, sourceHash }: RecordWork,
  inTarget: boolean,
  { source, target }: Pick<Finding, 'source' | 'target'>,
): Finding['verdict'] {
  if (link?.state === 'failed') return 'failed'
  if (!inTarget || link === null || link.state === 'deleted') return 'missing'
  // Not whole, or changed at the source without a notice that came.
  if (!link.complete || link.source_hash !== sourceHash) return 'incomplete'
  return source !== null && target !== null && compare(source, target) !== 0 ? 'differing' : 'level'
}

/** Fields of the document that take the record's total as it is, or as a rule turns it. */
function amountFields({ flow }: BatchContext): string[] {
  const rules = flow.mapping.parts['document']?.rules ?? []
  const total = (path: readonly (string | number)[]): boolean => path.join('.') === 'totals.total'
  return rules
    .filter((rule) => rule.on !== 'create' && rule.value.kind === 'field' && total(rule.value.path))
    .map((rule) => rule.target)
}

/**
 * Both sides' amounts: the source's as the rules would write it, the target's from the field that holds it. Where several
 * fields do, the one that differs speaks.
 */
function amountsOf(
  work: RecordWork,
  part: Part,
  values: Readonly<Record<string, unknown>> | null,
  fields: readonly string[],
): Pick<Finding, 'currency' | 'source' | 'target'> {
  const { totals, currency } = work.record as Partial<Order>
  const total = amountOf(totals?.total)
  const draft = part.updateDraft ?? {}
  const pairs = fields.flatMap((field) => {
    const source = amountOf(draft[field])
    return source === null ? [] : [{ source, target: values ? (amountOf(values[field]) ?? '0') : null }]
  })
  const differing = pairs.find(({ source, target }) => target !== null && compare(source, target) !== 0)
  const told = differing ?? pairs[0] ?? { source: total, target: null }
  return { currency: total === null ? '' : (currency ?? ''), ...told }
}

function amountOf(value: unknown): Amount | null {
  const read = Amount.safeParse(typeof value === 'number' ? String(value) : value)
  return read.success ? read.data : null
}

async function lostOf(
  works: readonly RecordWork[],
  gone: ReadonlyMap<string, ReadonlySet<string>>,
  context: BatchContext,
): Promise<LostParts[]> {
  const links = works.flatMap((work) =>
    work.link && work.link.state !== 'failed' && gone.has(work.externalId) ? [work.link] : [],
  )
  if (links.length === 0) return []
  const left = await partsLeft(links, gone, context)
  return links.map((link) => ({
    externalId: link.external_id,
    parts: left.get(link.external_id) ?? {},
    seenAt: link.updated_at,
  }))
}
