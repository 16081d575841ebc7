import type { ReactNode } from 'react'
import {
  contract,
  createClient,
  type CallerRole,
  type Client,
  type Run,
  type Transport,
} from '@crosswalk/shared/contract'
import { createContext, useContext } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'

export type Api = Client<typeof contract>

/** Follows a run as it goes; ends with the run, or when `signal` is aborted. Rejects where it cannot. */
export type WatchRun = (runId: string, take: (run: Run) => void, signal: AbortSignal) => Promise<void>

/** What every screen has at hand. */
export interface Bridge {
  api: Api
  role: CallerRole
  /** Null where this face has no stream: it asks again every two seconds. */
  watchRun: WatchRun | null
  /** Tells the navigation how many failures are open. */
  tellFailures: (count: number) => void
}

const BridgeContext = createContext<Bridge | null>(null)

export const BridgeProvider = ({ bridge, children }: { bridge: Bridge; children: ReactNode }) => (
  <BridgeContext.Provider value={bridge}>{children}</BridgeContext.Provider>
)

export function useBridge(): Bridge {
  const bridge = useContext(BridgeContext)
  if (!bridge) throw new Error('A screen was shown outside of its frame.')
  return bridge
}

/** The API over whatever way this face has to the bridge. */
export const createApi = (transport: Transport): Api => createClient(contract, transport)

/** True for who may change things. */
export const mayChange = (role: CallerRole): boolean => role !== 'viewer'

/** The bridge gave no answer at all. */
export class Unreachable extends Error {
  constructor(host: string) {
    super(
      sprintf(
        // translators: %s: address of the bridge
        __(
          'The bridge at %s does not answer. Your shop is not affected; new orders are fetched once it is back.',
          'crosswalk',
        ),
        host,
      ),
    )
    this.name = 'Unreachable'
  }
}
