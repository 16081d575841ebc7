import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { createApp } from '../../../bridge-service/src/app.ts'
import { readConfig } from '../../../bridge-service/src/config.ts'
import { firstAccess } from '../../../bridge-service/src/first-access.ts'
import { listen } from '../../../bridge-service/src/listen.ts'
import { createService } from '../../../bridge-service/src/service.ts'
import { startHubSpot } from '../../simulators/hubspot/index.ts'
import { startWooCommerce } from '../../simulators/woocommerce/index.ts'
import { freePort } from '../free-port.ts'
import { clientOf } from '../service.ts'
import { connectBoth, goLive } from '../shop-to-crm.ts'
import { callsUnderWay } from './calls-under-way.ts'
import { virtualBudget, virtualTime } from './virtual-time.ts'

/** Without unique properties a second create is taken: then intents alone keep orders from being made twice. */
const NOT_UNIQUE = { orders: false, line_items: false, companies: false, products: false, contacts: false }

/** A shop, a HubSpot and a service between them in this process, all on one virtual clock; nothing works by itself. */
export async function openVirtualWorld(options: { seed: number; uniqueKeys: boolean; intents?: boolean }) {
  const calls = callsUnderWay()
  const time = virtualTime(Date.now(), calls.count)
  const shop = await startWooCommerce({ seed: options.seed, clock: time, record: false, allowTargets: ['*'] })
  const crm = await startHubSpot({
    clock: time,
    record: false,
    searchLagMs: 1_500,
    limits: { burst: 1_000_000, windowMs: 10_000, searchPerSecond: 1_000_000, daily: 100_000_000 },
    ...(options.uniqueKeys ? {} : { allowUniqueProperties: NOT_UNIQUE }),
  })
  calls.to(crm.url)
  const dir = await mkdtemp(join(tmpdir(), 'crosswalk-soak-'))
  const port = await freePort()
  const hosts = [shop.url, crm.url].map((url) => new URL(url).host)
  const config = readConfig({
    NODE_ENV: 'test',
    DATA_DIR: join(dir, 'data'),
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    ALLOW_HOSTS: [...hosts, `127.0.0.1:${port}`].join(','),
    WORK: 'false',
    ...(options.intents === false ? { CROSSWALK_WITHOUT: 'intents' } : {}),
  })
  const lines: string[] = []
  const log = pino({ level: 'info', base: null }, { write: (line: string) => void lines.push(line) })
  const service = await createService(config, { log, clock: time, budget: virtualBudget(time) })
  await time.rule(service.store)
  const server = await listen(createApp(service), config)
  const { key } = await firstAccess(service)
  const api = clientOf(`http://127.0.0.1:${port}`, key)
  const world = { shop, crm, hosts, close: async () => undefined }
  const flowId = await goLive(api, await connectBoth(api, world))
  return {
    time,
    shop,
    crm,
    service,
    api,
    flowId,
    /** What the service has logged. */
    lines,
    close: async () => {
      await server.close()
      await service.stop()
      await Promise.all([shop.close(), crm.close()])
      await rm(dir, { recursive: true, force: true })
      calls.stop()
    },
  }
}
export type VirtualWorld = Awaited<ReturnType<typeof openVirtualWorld>>
