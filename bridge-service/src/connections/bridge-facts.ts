import type { Finding, Facts } from '@crosswalk/connectors/sdk'
import type { ConnectionRow, JsonObject } from '../store/schema.ts'

/** How a connection's changes come in. */
export interface Feed {
  mode: 'webhooks' | 'sweep'
  reason: string
  topics: string[]
  /** Since when webhooks cannot be made that should be there, ISO; absent where all is as it should be. */
  failingSince?: string
}

/** An account that calls itself by another address than when it was connected. */
export interface MovedFact {
  to: string
  /** ISO. */
  since: string
  /** Whether the account said so itself when it was asked, or only a message that came. */
  toldBy: 'account' | 'message'
  /** What a person said; null: nobody did yet. */
  answer: 'copy' | null
}

/** What the bridge itself keeps among a connection's facts, beside what the connector learned. */
export interface BridgeFacts {
  account: string
  findings: Finding[]
  checkedAt: string | null
  feed: Feed | null
  /** What the account's webhooks last said is wrong there, in words for the user; null when nothing is. */
  hookTrouble: string | null
  /** What the account calls itself, by which it is told from copies; null while that is not known. */
  identity: string | null
  /** The connection is paused until somebody says what that means; null where nothing is asked. */
  moved: MovedFact | null
  /** Addresses of copies whose messages are put aside. */
  copies: string[]
  /** What the connector names the account since it has moved; its links keep the name they were made under. */
  movedOrigin: string | null
}

/** A name that no connector uses: their own facts lie beside it. */
export const BRIDGE_FACTS = '@bridge'

const NOTHING: BridgeFacts = {
  account: '', findings: [], checkedAt: null, feed: null, hookTrouble: null, identity: null, moved: null, copies: [], movedOrigin: null,
} // prettier-ignore

export const bridgeFactsOf = (row: Pick<ConnectionRow, 'facts'>): BridgeFacts => ({
  ...NOTHING,
  ...(row.facts[BRIDGE_FACTS] as Partial<BridgeFacts> | undefined),
})

/** Facts of the connector with the bridge's own changed. */
export const withBridgeFacts = (
  facts: Facts,
  row: Pick<ConnectionRow, 'facts'> | null,
  change: Partial<BridgeFacts>,
): JsonObject => ({ ...facts, [BRIDGE_FACTS]: { ...(row ? bridgeFactsOf(row) : NOTHING), ...change } })
