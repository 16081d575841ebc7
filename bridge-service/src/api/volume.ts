import type { contract, OutputOf } from '@crosswalk/shared/contract'
import { startInstant } from '@crosswalk/shared/flows'
import type { Entity } from '@crosswalk/shared/model'
import type { CountRequest, Source } from '@crosswalk/connectors/sdk'
import type { Service } from '../service-types.ts'
import type { ConnectionRow, FlowRow } from '../store/schema.ts'
import { askAccount } from './ask-source.ts'
import { contextOf, endsOf } from './flow-ends.ts'

type Volume = OutputOf<typeof contract.flows.volume>
type Asking = Pick<Service, 'connections' | 'connectors' | 'clock' | 'log' | 'store'>

/** A status is counted with a call of its own; with more of them nobody waits for the sum. */
const MOST_STATUSES = 12

const CANNOT = 'This system does not tell how many records it has.'

/** How many records of an entity an account has: one cheap call, for a system that counts itself. */
export async function volumeOf(
  service: Asking,
  row: ConnectionRow,
  want: { entity: Entity; from?: string | undefined },
): Promise<Volume> {
  const connector = service.connectors[row.connector]
  const source = connector?.sources[want.entity] as Source | undefined
  if (!connector || !source?.count) return { count: null, atMost: false, warning: CANNOT }
  return count(service, row, source, contextOf(row, connector, service), [null], want.from ?? null)
}

/** How many records a flow would carry, by its statuses. What other rules leave out is known only by reading. */
export async function flowVolume(
  service: Asking,
  flow: FlowRow,
  want: { from?: string | undefined },
): Promise<Volume> {
  const { source } = await endsOf(flow, service)
  if (!source.definition.count) return { count: null, atMost: false, warning: CANNOT }
  const statuses = flow.settings['statuses']
  const chosen = Array.isArray(statuses) ? statuses.map(String) : []
  const each = chosen.length > 0 && chosen.length <= MOST_STATUSES ? chosen : [null]
  const found = await count(service, source.row, source.definition, source.context, each, want.from ?? null)
  return { ...found, atMost: flow.settings['filter'] !== null || chosen.length > MOST_STATUSES }
}

async function count(
  service: Asking,
  row: ConnectionRow,
  source: Source,
  context: ReturnType<typeof contextOf>,
  statuses: readonly (string | null)[],
  from: string | null,
): Promise<Volume> {
  const createdFrom = from === null ? null : new Date(startInstant(from)).toISOString()
  let sum = 0
  for (const status of statuses) {
    const want: CountRequest = { createdFrom, createdTo: null, status }
    const { value, warning } = await askAccount(service, row, source.count?.(want, context))
    if (value === undefined || value === null)
      return { count: null, atMost: false, warning: warning ?? CANNOT }
    sum += value
  }
  return { count: sum, atMost: false, warning: null }
}
