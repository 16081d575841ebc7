import { once } from 'node:events'
import { startScript } from '../../../test/e2e/processes.ts'
import { DEFAULT_TOKEN } from '../../../test/simulators/hubspot/index.ts'
import type { FloorRun } from '../floor.ts'
import { startMeter } from '../process-figures.ts'
import type { Simulators } from '../world.ts'

/** The property that holds the floor script's keys. */
export const FLOOR_KEY = 'floor_key'

interface StartOptions {
  callsPer10Seconds?: number
  hookSecret?: string
}

/** Starts the floor script between two simulators. */
export async function startFloor(simulators: Simulators, options: StartOptions = {}) {
  const [shop] = simulators.shops
  const [key] = shop?.keys ?? []
  const given = {
    shop: shop?.url,
    key: key?.key,
    secret: key?.secret,
    crm: simulators.crms[0],
    token: DEFAULT_TOKEN,
    callsPer10Seconds: options.callsPer10Seconds ?? 0,
    pages: 4,
    hookSecret: options.hookSecret ?? null,
  }
  const started = await startScript(
    'scripts/bench/floor.ts',
    [JSON.stringify(given)],
    {},
    (line) => (line.startsWith('{"ready"') ? (JSON.parse(line) as { ready: string | true }) : undefined),
    { readsInput: true },
  )
  const pids = { own: [started.pid], shop: simulators.shopPid, target: simulators.crmPid, postgres: false }
  return {
    hookUrl: String(started.ready.ready),
    meter: () => startMeter(pids),
    end: () => started.end('SIGKILL'),
    /** Reads the whole shop and writes what is new. */
    run: async (): Promise<FloorRun> => {
      const before = started.lines.length
      started.child.stdin?.write('go\n')
      while (started.lines.length === before) {
        await Promise.race([once(started.child.stdout as never, 'data'), started.exited])
        await new Promise((done) => setImmediate(done))
        if (started.child.exitCode !== null) throw new Error(`the floor script ended:\n${started.lines.join('\n')}`) // prettier-ignore
      }
      return JSON.parse(started.lines.at(-1) as string) as FloorRun
    },
  }
}
