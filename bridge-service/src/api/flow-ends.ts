import type { Entity } from '@crosswalk/shared/model'
import type { Connector, Context, Source, TargetDocument } from '@crosswalk/connectors/sdk'
import { Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { loadConnections } from '../store/connections.ts'
import type { ConnectionRow, FlowRow } from '../store/schema.ts'

/** Both ends of a flow with what their connectors offer for it. */
export interface FlowEnds {
  source: { row: ConnectionRow; connector: Connector; definition: Source; context: Context }
  target: { row: ConnectionRow; connector: Connector; document: TargetDocument; context: Context }
}

/** What a connector's pure functions get to know of a saved connection. @throws where its settings no longer parse */
export const contextOf = (
  row: ConnectionRow,
  connector: Connector,
  service: Pick<Service, 'clock'>,
): Context => ({
  settings: connector.settings.parse(row.settings) as unknown,
  facts: row.facts,
  origin: row.origin,
  now: new Date(service.clock.now()),
})

/** The ends for an entity and a document. @throws Problem `not_applicable` where the two cannot do it */
export function endsFor(
  source: ConnectionRow,
  target: ConnectionRow,
  want: { entity: string; document: string },
  service: Pick<Service, 'connectors' | 'clock'>,
): FlowEnds {
  const from = service.connectors[source.connector]
  const to = service.connectors[target.connector]
  if (!from || !to)
    throw new Problem('not_applicable', 'One of the two systems is not part of this bridge any more.')
  const definition = from.sources[want.entity as Entity] as Source | undefined
  if (!definition) {
    const readable = Object.keys(from.sources).join(', ') || 'nothing'
    throw unfit('entity', `${from.label} cannot be read for ${want.entity}.`, `one of: ${readable}`)
  }
  const document = Object.hasOwn(to.documents, want.document) ? to.documents[want.document] : undefined
  if (document?.entity !== want.entity) {
    const fitting = Object.entries(to.documents).flatMap(([id, entry]) =>
      entry.entity === want.entity ? [id] : [],
    )
    throw unfit(
      'document',
      `${to.label} cannot take ${want.entity} as “${want.document}”.`,
      `one of: ${fitting.join(', ') || 'nothing'}`,
    )
  }
  return {
    source: { row: source, connector: from, definition, context: contextOf(source, from, service) },
    target: {
      row: target,
      connector: to,
      document: document as TargetDocument,
      context: contextOf(target, to, service),
    },
  }
}

const unfit = (field: string, message: string, expected: string): Problem =>
  new Problem('not_applicable', message, { issues: [{ path: ['body', field], message, expected }] })

/** The ends of a saved flow. @throws Problem */
export async function endsOf(
  flow: FlowRow,
  service: Pick<Service, 'connectors' | 'clock' | 'store'>,
): Promise<FlowEnds> {
  const rows = await loadConnections(service.store.db, [flow.source_connection_id, flow.target_connection_id])
  const source = rows.get(flow.source_connection_id)
  const target = rows.get(flow.target_connection_id)
  if (!source || !target) throw new Problem('not_applicable', 'One of the connections of this flow is gone.')
  return endsFor(source, target, { entity: flow.entity, document: flow.document ?? '' }, service)
}
