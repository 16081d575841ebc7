import type { RuleTrace } from '@crosswalk/shared/mapping'
import type { contract, OutputOf } from '@crosswalk/shared/contract'

export type RecordData = OutputOf<typeof contract.records.get>

/** One part of what was sent: a deal, a line, a contact. */
export interface SentPart {
  /** Role and natural key: `line:product:17`. */
  part: string
  object?: string
  id: string | null
  foundBy: string | null
  state: string
  wrote: string | null
  problem: { message: string } | null
  draft?: Readonly<Record<string, unknown>> | null
}

export interface PartTrace {
  part: string
  rules: readonly RuleTrace[]
}

/** What is kept of the last attempt; null once it was erased. The contract leaves its inside open. */
export function detailOf({
  detail,
}: RecordData): { parts: readonly SentPart[]; traces: readonly PartTrace[] } | null {
  if (detail === null) return null
  const { parts = [], traces = [] } = detail as { parts?: SentPart[]; traces?: PartTrace[] }
  return { parts, traces }
}
