import type { CanonicalRecord } from '@crosswalk/shared/model'
import type { Role } from '@crosswalk/shared/flows'
import type { PackedTrace } from '@crosswalk/shared/mapping'
import type { FailureKind, PartInput, RefTarget, Step } from '@crosswalk/connectors/sdk'
import type { Lease } from '../store/records.ts'
import type { CauseRef } from '@crosswalk/shared/causes'
import type { Candidate, LinkRow } from '../store/schema.ts'
import type { Said } from './failure-cause.ts'
import type { Edits } from './edits.ts'

/** Names of the steps, which are also the states users see. */
export const STEPS = [
  'receive',
  'claim',
  'read',
  'select',
  'resolve',
  'map',
  'compare',
  'deliver',
  'link',
] as const
export type StepName = (typeof STEPS)[number]

/** Why a record failed, for people; ids, field names and the offending value's own text only where it is no secret. */
export interface RecordFailure {
  step: StepName
  kind: FailureKind | 'mapping' | 'missing' | 'policy' | 'ambiguous'
  message: string
  /** Role of the part it happened at. */
  part?: string
  /** Position of the rule in its part, for mapping failures. */
  rule?: number
  target?: string
  fields?: readonly string[]
  vendorCode?: string
  /** The case that a person has to decide. */
  match?: string
  /** A lookup table that has no row for a value. */
  lookup?: MissingRow
  /** For its cause alone: not stored with the link. */
  said?: Said
}

/** The row that a lookup table lacks; `value` is null where it may tell of a person. */
export interface MissingRow {
  table: string
  value: string | null
}

/** What became of one record in one go through the pipeline. */
export type RecordOutcome =
  | { result: 'created' | 'updated' | 'unchanged' | 'deleted' }
  | { result: 'skipped'; reason: string }
  | { result: 'failed'; failure: RecordFailure }
  /**
   * Tried later by itself: the other side is busy, a lost answer must settle, another worker makes a shared part. `waits`:
   * for what, where people should know of it.
   */
  | { result: 'waiting'; reason: string; retryInMs: number; waits?: CauseRef }

/** A way a part points at another part of the same batch. */
export interface PartRef {
  role: Role
  as: RefTarget
  required: boolean
  to: Part
}

/**
 * One part of a record's plan. A shared part (customer, product) is one object for all records of the batch that need
 * it; `owners` are those records.
 */
export interface Part {
  step: Step
  role: Role
  object: string
  /** Name within its record, e.g. `document`, `line:product:17`; for shared parts role and key. */
  partKey: string
  /** Name within the batch, sent along with the write and found again in its answer. */
  trace: string
  /** Natural key, normalised. */
  key: string | null
  shared: boolean
  owners: RecordWork[]
  item: unknown
  matches: Readonly<Record<string, string>>
  refs: PartRef[]
  mayCreate: boolean
  mayUpdate: boolean
  /** What a missing part that may not be made does to its record. */
  onMissing: 'leave_out' | 'fail'
  /** It stands in for buyers who get no record of their own: made by its key alone, with nothing of theirs. */
  standsIn: boolean

  /** Id in the target, once known. */
  id: string | null
  /** How the id came to be known, for the trace people read. */
  foundBy: 'link' | 'key' | 'match' | 'created' | 'exists' | null
  /** What it was found by, in words for people, where it was looked for. */
  via: string | null
  /** Records of the target that may be meant, where it is not plain which. */
  candidates: readonly Candidate[]
  /** Hash of what we wrote last, null when never or unknown. */
  writtenHash: string | null
  /** Ids this part already points at, by role. */
  knownRefs: Readonly<Record<string, string>>
  /** Ids it may point at as well, by role: a go that broke off was about to associate it with them. */
  strayRefs: Readonly<Record<string, string>>
  /** When a create went out that may have been carried out (ms since 1970): look by key before creating again. */
  sentAt: number | null
  /** Source time of the record that last wrote a shared part, ISO text. */
  writtenStamp: string | null

  createDraft: Record<string, unknown> | null
  updateDraft: Record<string, unknown> | null
  hash: string | null
  stamp: string | null

  /** Draft for making the part again when its id turns out to be gone in the target; used once. */
  createDraftAgain: (() => Record<string, unknown> | null) | null
  /** Somebody gave values of it by hand: they are written whatever was written before. */
  edited: boolean
  /** What was written in this go. */
  wrote: 'create' | 'update' | 'archive' | null
  /** An association was added in this go. */
  related: boolean

  state: PartState
  problem: PartProblem | null
}

/**
 * `planned` before compare · `same` nothing to write · `create` / `update` to be written · `done` written ·
 * `left_out` not wanted here and not in the target · `failed` refused · `unknown` sent, answer lost · `later` not sent
 */
export type PartState =
  'planned' | 'same' | 'create' | 'update' | 'done' | 'left_out' | 'failed' | 'unknown' | 'later'

export interface PartProblem {
  kind: FailureKind | 'mapping' | 'missing' | 'policy' | 'ambiguous'
  message: string
  fields?: readonly string[]
  rule?: number
  target?: string
  vendorCode?: string
  breaksMapping?: boolean
  retryInMs?: number
  match?: string
  lookup?: MissingRow
  said?: Said
  /** Of a part that waits for a system: what it waits for. */
  waits?: CauseRef
}

/** The way of a part's rules, as the mapping engine gives it. */
export type PartTrace = { part: string; rules: PackedTrace }

/** One record on its way through the pipeline. */
export interface RecordWork {
  externalId: string
  /** The lease under which the record is read and written; null in a preview, which takes none. */
  lease: Lease | null
  link: LinkRow | null
  /** Null: gone at the source. Undefined: not read yet. */
  native: unknown
  record: CanonicalRecord | null
  sourceHash: string | null
  parts: Part[]
  /** Parts taken out of the target in this go (removed lines). */
  removed: Part[]
  traces: PartTrace[]
  outcome: RecordOutcome | null
  /** Plain sentences about what was left out although the record went through. */
  warnings: string[]
  startedAt: number
  /** Do not stop at `unchanged`, and write what is equal too. */
  force: boolean
  /** Values that somebody corrected for this one go. */
  edits: Edits | null
  /** An earlier go broke off after something of it was sent: its link and the hashes there tell nothing of the target. */
  unsure: boolean
  /** Look again although it was left out before. */
  reconsider: boolean
  /** Why a record without a native is gone: what the flow does with it depends on it. */
  goneAs: 'deleted' | 'cancelled'
}

/** A fresh piece of work for a record. */
export function newWork(
  externalId: string,
  lease: Lease | null,
  link: LinkRow | null,
  startedAt: number,
): RecordWork {
  return {
    externalId,
    lease,
    link,
    native: undefined,
    record: null,
    sourceHash: null,
    parts: [],
    removed: [],
    traces: [],
    outcome: null,
    warnings: [],
    startedAt,
    force: false,
    edits: null,
    unsure: lease?.unsure ?? false,
    reconsider: false,
    goneAs: 'deleted',
  }
}

/** Records not yet decided. */
export const open = (works: readonly RecordWork[]): RecordWork[] =>
  works.filter((work) => work.outcome === null)

/** Parts of all open records, each once. */
export function partsOf(works: readonly RecordWork[]): Part[] {
  const parts = new Set<Part>()
  for (const work of works) if (work.outcome === null) for (const part of work.parts) parts.add(part)
  return [...parts]
}

/** Marks a part as refused. What that does to its records is decided in `link`. */
export function failPart(part: Part, problem: PartProblem): void {
  part.state = 'failed'
  part.problem = problem
}

/** The part as a connector's write functions take it. */
export function toInput(part: Part, draft: Record<string, unknown>): PartInput {
  const refs: PartInput['refs'][number][] = []
  for (const ref of part.refs) {
    if (ref.to.id !== null) refs.push({ role: ref.role, object: ref.to.object, id: ref.to.id, as: ref.as })
  }
  return { trace: part.trace, key: part.key, id: part.id, draft, refs }
}

/** A part with nothing known of it yet. */
export function blankPart(
  given: Pick<Part, 'step' | 'partKey' | 'trace' | 'key' | 'item' | 'matches'> & { owner: RecordWork },
): Part {
  return {
    step: given.step,
    role: given.step.role,
    object: given.step.object,
    partKey: given.partKey,
    trace: given.trace,
    key: given.key,
    shared: given.step.shared,
    owners: [given.owner],
    item: given.item,
    matches: given.matches,
    refs: [],
    mayCreate: true,
    mayUpdate: true,
    onMissing: 'fail',
    standsIn: false,
    id: null,
    foundBy: null,
    via: null,
    candidates: [],
    writtenHash: null,
    knownRefs: {},
    strayRefs: {},
    sentAt: null,
    writtenStamp: null,
    createDraft: null,
    updateDraft: null,
    hash: null,
    stamp: null,
    createDraftAgain: null,
    edited: false,
    wrote: null,
    related: false,
    state: 'planned',
    problem: null,
  }
}
