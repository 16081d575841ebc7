import {
  tracedMapping,
  unpackTrace,
  writtenValues,
  type MappingDocument,
  type RuleTrace,
  type TracedMapping,
} from '@crosswalk/shared/mapping'
import type { PartTrace, Part, RecordWork } from './work.ts'

/** What is kept of one part. A draft is whole, or what the trace of its rules does not tell already. */
interface KeptPart extends Pick<Part, 'object' | 'id' | 'foundBy' | 'state' | 'wrote' | 'problem'> {
  part: string
  draft?: Record<string, unknown> | null
  beyondTrace?: Record<string, unknown>
}

export interface Kept {
  traces: readonly PartTrace[]
  parts: readonly KeptPart[]
}

/** The rules of a part by the part's name, such as `line:product:17`. */
const rulesOf = (part: string, mapping: TracedMapping) => mapping[part.split(':', 1)[0] ?? '']

/** What the traces of a batch have in common, kept once with them: versions may go, and settings add rules. */
export const traceKey = (mapping: MappingDocument): TracedMapping => tracedMapping(mapping.parts)

/** What is kept of a go for the record's page: rule traces, drafts and ids, in few words. Sealed before it is stored. */
export function detailOf(work: RecordWork, mapping: TracedMapping): Kept {
  const traces = new Map(work.traces.map((trace) => [trace.part, trace]))
  return {
    traces: work.traces,
    parts: work.parts.concat(work.removed).map((part): KeptPart => {
      const { partKey, object, id, foundBy, state, wrote, problem } = part
      const draft = wrote === 'create' ? part.createDraft : wrote === 'update' ? part.updateDraft : null
      const kept = { part: partKey, object, id, foundBy, state, wrote, problem }
      const trace = wrote === 'create' ? traces.get(partKey) : undefined
      const rest = draft && trace ? beyond(draft, trace, mapping) : null
      return rest === null ? { ...kept, draft } : { ...kept, beyondTrace: rest }
    }),
  }
}

/** What a draft has that the trace does not tell; null where the trace tells of what the draft does not have. */
function beyond(
  draft: Record<string, unknown>,
  trace: PartTrace,
  mapping: TracedMapping,
): Record<string, unknown> | null {
  const rules = rulesOf(trace.part, mapping)
  if (rules === undefined) return null
  const told = writtenValues(rules, trace.rules)
  const rest: Record<string, unknown> = {}
  for (const target of Object.keys(told)) if (!Object.hasOwn(draft, target)) return null
  for (const target of Object.keys(draft)) if (told[target] !== draft[target]) rest[target] = draft[target]
  return rest
}

/** The kept detail as the API gives it, with the rules it was made with (`traceKey`). */
export function detailInWords(kept: Kept, mapping: TracedMapping): Record<string, unknown> {
  const traces = new Map(kept.traces.map((trace) => [trace.part, trace]))
  return {
    traces: kept.traces.map((trace) => traceInWords(trace, mapping)),
    parts: kept.parts.map(({ beyondTrace, ...part }) => {
      if (beyondTrace === undefined) return part
      const trace = traces.get(part.part)
      const rules = rulesOf(part.part, mapping)
      return { ...part, draft: { ...(trace && rules && writtenValues(rules, trace.rules)), ...beyondTrace } }
    }),
  }
}

/** The way of a part's rules, in words. */
export function traceInWords(trace: PartTrace, mapping: TracedMapping): { part: string; rules: RuleTrace[] } {
  const rules = rulesOf(trace.part, mapping)
  return { part: trace.part, rules: rules === undefined ? [] : unpackTrace(rules, trace.rules) }
}
