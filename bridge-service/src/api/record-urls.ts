import type { Service } from '../service-types.ts'
import { listConnections } from '../store/connections.ts'
import { listFlows } from '../store/flows.ts'
import type { LinkRow } from '../store/schema.ts'
import { contextOf } from './flow-ends.ts'

/** Finds the page of a link's document in its target: one look at the workspace's flows for a whole list of links. */
export async function targetUrls(
  service: Service,
  workspaceId: string,
): Promise<(link: LinkRow) => string | null> {
  const flows = new Map((await listFlows(service.store.db, workspaceId)).map((flow) => [flow.id, flow]))
  const rows = new Map((await listConnections(service.store.db, workspaceId)).map((row) => [row.id, row]))
  return (link) => {
    const flow = flows.get(link.flow_id)
    const row = flow && rows.get(flow.target_connection_id)
    const connector = row && service.connectors[row.connector]
    const document = connector?.documents[flow?.document ?? '']
    if (!row || !connector || !document || link.target_id === null) return null
    try {
      return webAddress(document.url(link.target_id, contextOf(row, connector, service)))
    } catch {
      // A link for people is no reason for a list to fail.
      return null
    }
  }
}

/** Only http and https: other schemes in a link would run in the reader's page. */
const webAddress = (url: string | null): string | null =>
  url !== null && /^https?:\/\//i.test(url) ? url : null
