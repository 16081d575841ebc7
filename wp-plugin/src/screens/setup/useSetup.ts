import { useBridge } from '../bridge.tsx'
import { type Loaded, useLoaded } from '../loaded.ts'
import type { SetupFacts } from './steps.ts'

/** Reads what the set-up goes by. @param key asks anew when it changes */
export function useSetup(key = ''): Loaded<SetupFacts> {
  const { api } = useBridge()
  return useLoaded(`setup ${key}`, async () => {
    const [{ connectors, pairs }, connections, flows, runs] = await Promise.all([
      api.connectors.list(),
      api.connections.list(),
      api.flows.list(),
      api.runs.list({ query: { limit: 100 } }),
    ])
    return { connectors, pairs, connections: connections.items, flows: flows.items, runs: runs.items }
  })
}
