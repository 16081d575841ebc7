import { createHash } from 'node:crypto'
import { ConnectorError } from '@crosswalk/connectors/sdk'
import { causeOf, causeRef, groupText, type CauseRef, type StoredFailure } from '@crosswalk/shared/causes'
import type { FlowRuntime } from '../runtime/flow-runtime.ts'

/**
 * What of a failure only the place knows where it happened. Goes into the failure's cause and nowhere else, so it names no
 * person: `value` is given only where a rule reads nothing of a customer.
 */
export type Said = Pick<
  StoredFailure,
  'named' | 'words' | 'label' | 'use' | 'table' | 'value' | 'tableGone' | 'empty' | 'other'
>

/** Longest value that is kept, and by which failures are grouped. */
const MOST_CHARS = 120

/** What a system's refusal tells of its cause. */
export const saidBy = ({
  named,
  words,
}: {
  named?: CauseRef | undefined
  words?: string | undefined
}): { said?: Said } => {
  if (named === undefined && words === undefined) return {}
  return { said: { ...(named ? { named } : {}), ...(words === undefined ? {} : { words }) } }
}

/** Why a write must wait: what the system says, or that it does not answer. */
export function waitsFor(error: unknown): CauseRef {
  if (!(error instanceof ConnectorError)) return causeRef('system_silent')
  if (error.named !== undefined) return error.named
  if (error.kind === 'unauthorized') return causeRef('sign_in_refused')
  return causeRef(error.kind === 'rate_limited' ? 'slow_down' : 'system_silent')
}

/** Names for people of the target's fields, by object. */
const labels = new WeakMap<FlowRuntime, Map<string, ReadonlyMap<string, string>>>()

function labelOf(flow: FlowRuntime, part: string | undefined, field: string | undefined): string | undefined {
  const object = flow.document.steps.find((step) => step.role === part)?.object
  if (field === undefined || object === undefined) return undefined
  const known = labels.get(flow) ?? new Map<string, ReadonlyMap<string, string>>()
  labels.set(flow, known)
  const { connector, context } = flow.target.connection
  const fields =
    known.get(object) ??
    new Map(connector.objects[object]?.fields(context()).map(({ name, label }) => [name, label]) ?? [])
  known.set(object, fields)
  return fields.get(field)
}

/** A failure as the pipeline knows it. */
export interface ToldFailure {
  step: string
  kind: string
  part?: string
  target?: string
  fields?: readonly string[]
  said?: Said
}

/** The cause of a record's failure, in words of the catalogue of causes. */
export function failureCause(failure: ToldFailure, flow: FlowRuntime): CauseRef {
  const { step, kind, part, target, fields, said } = failure
  const named = said?.named?.params['field']
  const field = target ?? fields?.[0] ?? (typeof named === 'string' ? named : undefined)
  return short(
    causeOf({
      code: kind,
      step,
      part,
      field,
      label: labelOf(flow, part, field),
      entity: flow.entity,
      ...systemsOf(flow),
      ...said,
    }),
  )
}

/** What a record waits for, told of the system that is waited for. */
export const waitingCause = (waits: CauseRef, flow: FlowRuntime): CauseRef =>
  short(causeRef(waits.key, { ...systemsOf(flow), ...waits.params }))

const systemsOf = (flow: FlowRuntime): { system: string; source: string } => ({
  system: flow.target.connection.connector.label,
  source: flow.source.connection.connector.label,
})

const short = ({ key, params }: CauseRef): CauseRef => ({
  key,
  params: Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'string' && name !== 'words' && value.length > MOST_CHARS
        ? `${value.slice(0, MOST_CHARS - 1)}…`
        : value,
    ]),
  ),
})

/** Names a group: those failures that one act repairs together. */
export const groupIdOf = (cause: CauseRef): string =>
  createHash('sha256').update(groupText(cause)).digest('hex').slice(0, 20)
