import { sampleRecord } from '@crosswalk/shared/flows/samples'
import {
  compilePart,
  Field,
  isEmpty,
  Path,
  readPath,
  show,
  unpackTrace,
  type MappingDocument,
  type RuleTrace,
} from '@crosswalk/shared/mapping'
import type { CanonicalRecord } from '@crosswalk/shared/model'
import { AccountTrouble } from '../pipeline/batch.ts'
import { batchContext, type PipelineDeps } from '../pipeline/context.ts'
import { plan } from '../pipeline/plan.ts'
import { sourceTrouble } from '../pipeline/read.ts'
import { newWork, type Part } from '../pipeline/work.ts'
import { notFound, Problem } from '../problem.ts'
import type { FlowRuntime, FlowRuntimes } from '../runtime/flow-runtime.ts'
import type { FlowRow } from '../store/schema.ts'

export interface TryRules {
  mapping: MappingDocument
  /** A record of the source; null: the built-in sample. */
  externalId: string | null
  as: 'create' | 'update'
  fresh: boolean
  /** Fields whose values are told along. */
  fields: readonly Field[]
}

export interface RulesTried {
  record: { externalId: string | null; label: string; readAt: string | null }
  examples: Record<string, string>
  custom: Field[]
  parts: { role: string; part: string; count: number; rules: RuleTrace[] }[]
}

/** While somebody types, the record is not read from the source at each letter. */
const KEPT_MS = 60_000
const KEPT_RECORDS = 20
/** How long a page may wait for the source. */
const READ_MS = 20_000
const EXAMPLE_LENGTH = 80

interface Read {
  native: unknown
  readAt: number
}

/** Applies rules that need not be saved to single records. Records are kept for a minute, in memory alone. */
export function createTryRules(flows: FlowRuntimes, deps: () => PipelineDeps) {
  const kept = new Map<string, Read>()

  async function readRecord(flow: FlowRuntime, id: string, fresh: boolean, now: number): Promise<Read> {
    for (const [name, { readAt }] of kept) if (now - readAt > KEPT_MS) kept.delete(name)
    const name = `${flow.id} ${id}`
    const known = kept.get(name)
    if (known && !fresh) return known
    const { connection, definition } = flow.source
    const conversation = definition.many([id], connection.context(), flow.detail)
    const signal = AbortSignal.timeout(READ_MS)
    const natives = await connection.http.drive(conversation, { lane: 'live', signal }).catch((error: unknown) => {
      const trouble = sourceTrouble(error)
      throw trouble instanceof AccountTrouble ? trouble.cause : trouble
    }) // prettier-ignore
    const native = natives.find((one) => definition.key(one) === id)
    if (native === undefined) throw notFound('record at the source')
    const read = { native, readAt: now }
    if (kept.size >= KEPT_RECORDS) kept.delete([...kept.keys()][0] as string)
    kept.set(name, read)
    return read
  }

  return async (row: FlowRow, want: TryRules): Promise<RulesTried> => {
    const flow = await flows.draft(row, { mapping: want.mapping })
    const context = batchContext(
      flow,
      [],
      { lane: 'live', runId: null, dryRun: true, trace: true, signal: AbortSignal.timeout(READ_MS) },
      deps(),
    )
    const now = deps().clock.now()
    const read = want.externalId === null ? null : await readRecord(flow, want.externalId, want.fresh, now)
    const record = read === null ? sampleRecord(flow.entity) : decode(flow, read.native)
    const work = newWork(want.externalId ?? record.id, null, null, now)
    Object.assign(work, { native: read?.native ?? {}, record })
    plan([work], context)
    const scope = { ...record, flow: { ...flow.scope, imported: false } }
    return {
      record: {
        externalId: want.externalId,
        label: labelOf(record),
        readAt: read === null ? null : new Date(read.readAt).toISOString(),
      },
      examples: examplesOf(scope, work.parts, want.fields),
      custom: customOf(record, want.fields),
      parts: firstOfEach(work.parts).map(({ part, count }) => ({
        role: part.role,
        part: part.partKey,
        count,
        rules: tracesOf(part, scope, want, flow),
      })),
    }
  }
}

function decode(flow: FlowRuntime, native: unknown): CanonicalRecord {
  try {
    return flow.source.definition.decode(native, flow.source.connection.context())
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown shape'
    throw new Problem('not_applicable', `This record could not be read: ${why}. Choose another one.`)
  }
}

function tracesOf(part: Part, scope: object, want: TryRules, flow: FlowRuntime): RuleTrace[] {
  // As they are written: rules that the settings add have no place in the editor.
  const rules = want.mapping.parts[part.role]
  if (rules === undefined) return []
  const { trace } = compilePart(rules)(
    { ...scope, item: part.item },
    { lookups: flow.lookups, on: want.as, trace: true },
  )
  return unpackTrace(rules, trace)
}

function firstOfEach(parts: readonly Part[]): { part: Part; count: number }[] {
  const first = new Map<string, { part: Part; count: number }>()
  for (const part of parts) {
    const known = first.get(part.role)
    if (known) known.count += 1
    else first.set(part.role, { part, count: 1 })
  }
  return [...first.values()]
}

function labelOf(record: CanonicalRecord): string {
  const { number, name, email, id } = record as { number?: string; name?: string; email?: string | null; id: string } // prettier-ignore
  return number ? `#${number}` : (name ?? email ?? id)
}

/** What the record holds in each field, in short. Of fields of a line, that of the first one. */
function examplesOf(scope: object, parts: readonly Part[], fields: readonly Field[]): Record<string, string> {
  const item = parts.find((part) => part.item !== undefined && part.item !== null)?.item
  const whole = { ...scope, item }
  const told = fields.flatMap((field): [string, string][] => {
    const value = readPath(whole, field.path ?? [field.name])
    if (isEmpty(value)) return []
    return [[field.name, inShort(value)]]
  })
  return Object.fromEntries(told)
}

const inShort = (value: unknown): string => {
  const text = typeof value === 'string' ? value : show(value)
  return text.length > EXAMPLE_LENGTH ? `${text.slice(0, EXAMPLE_LENGTH - 1)}…` : text
}

/** The source's own fields of a record, where no catalogue names them: only the record tells that they are there. */
function customOf({ native }: CanonicalRecord, known: readonly Field[]): Field[] {
  const meta: unknown = native['meta']
  if (meta === null || typeof meta !== 'object' || Array.isArray(meta)) return []
  const names = new Set(known.map(({ name }) => name))
  return Object.entries(meta).flatMap(([key, value]) => {
    const path = Path.safeParse(['native', 'meta', key])
    const name = `native.meta.${key}`
    if (!path.success || names.has(name)) return []
    return [Field.parse({ name, path: path.data, label: key, type: customType(value), group: CUSTOM, example: inShort(value) })]
  }).slice(0, CUSTOM_FIELDS)
} // prettier-ignore

const CUSTOM = 'Custom fields'
const CUSTOM_FIELDS = 200

function customType(value: unknown): Field['type'] {
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  return value !== null && typeof value === 'object' ? 'object' : 'text'
}
