/**
 * HubSpot accounts for measurements, all in this process: no recording, and limits so wide that only their headers tell
 * of them, unless `{"limits":…}` says otherwise. `{"count":8}` opens several. Prints `{"urls":[…]}`.
 */
import { startHubSpot } from '../../../test/simulators/hubspot/index.ts'
import type { LimitOptions } from '../../../test/simulators/hubspot/limits.ts'

const { count = 1, limits } = JSON.parse(process.argv[2] ?? '{}') as { count?: number; limits?: LimitOptions }
const wide = { burst: 1_000_000, windowMs: 10_000, searchPerSecond: 1_000_000, daily: 1_000_000_000 }
const accounts = await Promise.all(
  Array.from({ length: count }, (_, n) =>
    startHubSpot({ record: false, portalId: 42 + n, limits: { ...wide, ...limits } }),
  ),
)
process.stdout.write(`${JSON.stringify({ urls: accounts.map((account) => account.url) })}\n`)
