import type { EditableField } from '@crosswalk/shared/contract'
import type { Field, RuleTrace, Scalar } from '@crosswalk/shared/mapping'
import { Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { getAttempt, listAttempts } from '../store/attempts.ts'
import type { FailureRow } from '../store/failure-schema.ts'
import type { FlowRow } from '../store/schema.ts'
import type { EditedValue } from '../store/record-edits.ts'
import { partFields } from './catalogue.ts'
import { endsOf } from './flow-ends.ts'
import { detailOf } from './records.ts'

interface Tried {
  traces: readonly { part: string; rules: readonly RuleTrace[] }[]
  parts: readonly { part: string; draft?: Readonly<Record<string, unknown>> | null; problem: { fields?: readonly string[]; target?: string } | null }[] // prettier-ignore
}

const roleOf = (part: string): string => part.split(':', 1)[0] ?? ''
const isScalar = (value: unknown): value is Scalar => value === null || ['string', 'number', 'boolean'].includes(typeof value) // prettier-ignore
/** A field that can be written, or one the catalogue does not know: the rules write it all the same. */
const plainField = (name: string): Field => ({
  name, label: name, type: 'text', group: '', help: '', required: false, readOnly: false, unique: false, maxLength: null,
  options: [], example: '',
}) // prettier-ignore

/** The target's fields by the role of a part. */
async function catalogueOf(service: Service, flow: FlowRow) {
  const parts = partFields(await endsOf(flow, service))
  return new Map(parts.map(({ role, label, targetFields }) => [role as string, { label, fields: new Map(targetFields.map((field) => [field.name, field])) }])) // prettier-ignore
}

/**
 * What of a record can be corrected: the fields its rules wrote or failed at in the last try, and those that were refused,
 * these first. Where nothing of that try is kept, the field that its cause names.
 */
export async function editableFields(
  service: Service,
  flow: FlowRow,
  externalId: string,
  failure: Pick<FailureRow, 'params' | 'cause'> | undefined,
): Promise<EditableField[]> {
  const catalogue = await catalogueOf(service, flow)
  const tried = await lastTried(service, flow, externalId)
  const found = new Map<string, EditableField>()
  const add = (part: string, name: string, value: unknown, failed: boolean): void => {
    const known = catalogue.get(roleOf(part))
    const field = known?.fields.get(name) ?? plainField(name)
    if (known === undefined || field.readOnly) return
    const key = `${part}\n${name}`
    const before = found.get(key)
    found.set(key, {
      part,
      partLabel: known.label,
      field,
      value: before?.value ?? (isScalar(value) ? value : null),
      failed: failed || (before?.failed ?? false),
    })
  }
  for (const { part, draft, problem } of tried?.parts ?? []) {
    for (const [name, value] of Object.entries(draft ?? {})) if (!Array.isArray(value)) add(part, name, value, false) // prettier-ignore
    for (const name of problem?.fields ?? []) add(part, name, null, true)
    if (problem?.target !== undefined) add(part, problem.target, null, true)
  }
  for (const { part, rules } of tried?.traces ?? []) {
    for (const rule of rules) {
      if (rule.list) continue
      const value = rule.outcome === 'written' ? (rule.steps.at(-1)?.value ?? rule.input) : null
      add(part, rule.target, value, rule.outcome === 'failed')
    }
  }
  const { field, part } = failure?.params ?? {}
  if (typeof field === 'string') {
    const of = typeof part === 'string' ? part : 'document'
    const there = [...found.values()].find((one) => roleOf(one.part) === of && one.field.name === field)
    add(there?.part ?? of, field, null, true)
  }
  return [...found.values()].sort((a, b) => Number(b.failed) - Number(a.failed))
}

async function lastTried(service: Service, flow: FlowRow, externalId: string): Promise<Tried | null> {
  const { db } = service.store
  const of = { workspaceId: flow.workspace_id, flowId: flow.id, externalId }
  const [latest] = await listAttempts(db, { ...of, limit: 1 })
  const attempt = latest && (await getAttempt(db, flow.workspace_id, latest.id))
  return (attempt ? await detailOf(attempt, service) : null) as Tried | null
}

/** @throws Problem `bad_request` for values of fields that the target does not have or that cannot be written */
export async function checkEdits(
  service: Service,
  flow: FlowRow,
  values: readonly EditedValue[],
): Promise<void> {
  const catalogue = await catalogueOf(service, flow)
  const issues = values.flatMap(({ part, field }, i) => {
    const known = catalogue.get(roleOf(part))
    const at = known?.fields.get(field)
    const path = ['body', 'values', i]
    if (known === undefined) {
      const roles = [...catalogue.keys()].join(', ')
      return [{ path: [...path, 'part'], message: `This flow writes no “${roleOf(part)}”.`, expected: `one of: ${roles}` }] // prettier-ignore
    }
    if (at === undefined && known.fields.size > 0)
      return [{ path: [...path, 'field'], message: `${known.label} has no field “${field}”.`, expected: 'a field of the target' }] // prettier-ignore
    if (at?.readOnly)
      return [{ path: [...path, 'field'], message: `“${at.label}” can only be read in the target.`, expected: 'a field that can be written' }] // prettier-ignore
    return []
  })
  const twice = values.find(({ part, field }, i) => values.findIndex((one) => one.part === part && one.field === field) !== i) // prettier-ignore
  if (twice !== undefined)
    issues.push({ path: ['body', 'values'], message: `“${twice.field}” is given twice.`, expected: 'each field once' }) // prettier-ignore
  if (issues.length > 0) throw new Problem('bad_request', issues[0]?.message ?? '', { issues })
}
