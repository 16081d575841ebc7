/** Gets a new access token once for all calls that were refused with the same one. */
export interface Refresher<C> {
  /** False where the connection has nothing to refresh. */
  able: boolean
  /** Grows with each finished refresh; a try notes it before it reads the credentials. */
  generation: () => number
  /** Refreshes, waits for a refresh under way, or does nothing where one has finished since `seen`. */
  refresh: (seen: number, refused: C) => Promise<void>
}

export function createRefresher<C>(hook: ((refused: C) => Promise<void>) | undefined): Refresher<C> {
  let generation = 0
  let running: Promise<void> | undefined
  return {
    able: hook !== undefined,
    generation: () => generation,
    refresh: async (seen, refused) => {
      if (hook === undefined || seen < generation) return
      running ??= hook(refused)
        .then(() => void (generation += 1))
        .finally(() => (running = undefined))
      await running
    },
  }
}
