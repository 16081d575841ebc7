import { ConnectorError, type Conversation } from '@crosswalk/connectors/sdk'
import type { Service } from '../service-types.ts'
import type { ConnectionRow } from '../store/schema.ts'

/** How long a page may wait for what only the account can tell. */
const ASK_MS = 20_000

/**
 * Asks an account something that a page shows but can do without: an answer, or a plain sentence on why there is none.
 */
export async function askAccount<T>(
  service: Pick<Service, 'connections' | 'log'>,
  row: ConnectionRow,
  conversation: Conversation<T> | undefined,
): Promise<{ value: T | undefined; warning: string | null }> {
  if (conversation === undefined) return { value: undefined, warning: null }
  if (row.state === 'disconnected') return { value: undefined, warning: `“${row.name}” is disconnected.` }
  try {
    const { http } = service.connections.fromRow(row)
    return { value: await http.drive(conversation, { signal: AbortSignal.timeout(ASK_MS) }), warning: null }
  } catch (error) {
    const why =
      error instanceof ConnectorError ? error.publicMessage : `“${row.name}” did not answer in time.`
    service.log.warn(
      { connection: row.id, kind: (error as { kind?: string }).kind },
      'an account could not be asked',
    )
    return { value: undefined, warning: why }
  }
}
