import type { LookupPage } from '@crosswalk/shared/contract'
import { MappingDocument, type Field, type FieldRule } from '@crosswalk/shared/mapping'
import type { Service } from '../service-types.ts'
import { listFlows } from '../store/flows.ts'
import { getMapping } from '../store/mappings.ts'
import type { FlowRow } from '../store/schema.ts'
import { askAccount } from './ask-source.ts'
import { partFields } from './catalogue.ts'
import { endsOf, type FlowEnds } from './flow-ends.ts'

type Choices = LookupPage['values']

/** A rule that asks a lookup table, with the flow it is of. */
export interface Use {
  flow: FlowRow
  part: string
  rule: FieldRule
  table: string
}

/** Tables that a rule asks, in the order of its steps. */
const tablesOf = (rule: FieldRule): string[] =>
  rule.transforms.flatMap(({ use, with: given }) =>
    use === 'lookup.table' && typeof given['table'] === 'string' ? [given['table']] : [],
  )

/** Every rule of the workspace's flows, as they are now, that asks a lookup table. */
export async function lookupUses(service: Pick<Service, 'store'>, workspaceId: string): Promise<Use[]> {
  const { db } = service.store
  const uses: Use[] = []
  for (const flow of await listFlows(db, workspaceId)) {
    const row = await getMapping(db, flow.id, flow.mapping_version)
    const document = MappingDocument.safeParse(row?.document)
    for (const [part, { rules, lists }] of Object.entries(document.data?.parts ?? {})) {
      for (const rule of [...rules, ...lists.flatMap((list) => list.rules)]) {
        for (const table of tablesOf(rule)) uses.push({ flow, part, rule, table })
      }
    }
  }
  return uses
}

/**
 * What stands on both sides of a table, by the rules that ask it: values the source can come with, and what the target
 * takes. Where fields of several kinds are filled by it, an answer must be known to one of them.
 */
export async function sidesOf(
  service: Pick<Service, 'store' | 'connectors' | 'clock' | 'connections' | 'log'>,
  uses: readonly Use[],
): Promise<{ labels: Map<Use, string>; answers: Choices | null; values: Choices; warning: string | null }> {
  const labels = new Map<Use, string>()
  const answers = new Map<string, string>()
  const values = new Map<string, string>()
  let warning: string | null = null
  let isOpen = uses.length === 0
  const ends = new Map<string, FlowEnds | null>()
  for (const use of uses) {
    const { flow } = use
    if (!ends.has(flow.id)) ends.set(flow.id, await endsOf(flow, service).catch(() => null))
    const known = ends.get(flow.id) ?? null
    if (known === null) continue
    const part = partFields(known).find(({ role }) => role === use.part)
    const target = part?.targetFields.find(({ name }) => name === use.rule.target)
    labels.set(use, target?.label ?? use.rule.target)
    for (const { value, label } of target?.options ?? []) answers.set(value, label)
    // What later steps make of an answer is no answer of the table.
    const isLast = use.rule.transforms.at(-1)?.use === 'lookup.table'
    if (target === undefined || target.options.length === 0 || !isLast) isOpen = true
    const source = part?.sourceFields.find((field) => reads(use.rule, field))
    for (const { value, label } of source?.options ?? []) values.set(value, label)
    if (source?.name !== 'status.source') continue
    const { definition, row, context } = known.source
    const asked = await askAccount(service, row, definition.statuses?.(context))
    for (const { value, label } of asked.value ?? []) values.set(value, label)
    warning ??= asked.warning
  }
  const list = (of: ReadonlyMap<string, string>): Choices =>
    [...of].map(([value, label]) => ({ value, label }))
  return { labels, answers: isOpen ? null : list(answers), values: list(values), warning }
}

const reads = ({ value, transforms }: FieldRule, field: Field): boolean =>
  value.kind === 'field' &&
  transforms[0]?.use === 'lookup.table' &&
  value.path.join('.') === (field.path ?? [field.name]).join('.')
