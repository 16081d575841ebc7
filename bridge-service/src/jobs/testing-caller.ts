import { openStore } from '../store/database.ts'
import { silentLog } from '../store/testing.ts'
import { createBudget, type Lane } from './budget.ts'

/**
 * Program of the budget test: calls as fast as the budget lets it and prints the time of each call.
 * Arguments: JSON with databaseUrl, schema, connectionId, calls, seconds, lane, forMs.
 */
const options = JSON.parse(process.argv[2] as string) as {
  databaseUrl: string
  schema: string
  connectionId: string
  calls: number
  seconds: number
  lane: Lane
  forMs: number
}
const store = await openStore({ databaseUrl: options.databaseUrl, schema: options.schema, log: silentLog })
const budget = createBudget(store.db)
budget.setWindows(options.connectionId, [{ calls: options.calls, seconds: options.seconds }])
const until = AbortSignal.timeout(options.forMs)
const times: number[] = []
const caller = async (): Promise<void> => {
  try {
    for (;;) {
      await budget.acquire(options.connectionId, options.lane, until)
      times.push(Date.now())
    }
  } catch (error) {
    if (!until.aborted) throw error
  }
}
await Promise.all(Array.from({ length: 8 }, caller))
process.stdout.write(JSON.stringify(times))
await store.close()
