import { afterAll, beforeAll, expect, it } from 'vitest'
import { createApp } from '../../../bridge-service/src/app.ts'
import { readConfig } from '../../../bridge-service/src/config.ts'
import { firstAccess } from '../../../bridge-service/src/first-access.ts'
import { listen } from '../../../bridge-service/src/listen.ts'
import { createService } from '../../../bridge-service/src/service.ts'
import { silentLog } from '../../../bridge-service/src/store/testing.ts'
import type { FailureRule } from '../../simulators/failure-rules.ts'
import { disagreements } from '../checker.ts'
import { freePort } from '../free-port.ts'
import { buyer } from '../scene.ts'
import { clientOf, makeHome, type Home } from '../service.ts'
import { connectBoth, goLive, startWorld, type World } from '../shop-to-crm.ts'
import { startFastTime, type FastTime } from './fast-time.ts'

const OUTAGE_MS = 10 * 60_000
const CATCH_UP_MS = 2 * 60_000
const EVERY_MS = 1_900
const PRODUCTS = 20

let time: FastTime
let world: World
let home: Home
let service: Awaited<ReturnType<typeof startInside>>
let flowId: string
let products: number[]

/** The service in this process, where time can be made to pass: all else is as in its own. */
async function startInside(env: Record<string, string>) {
  const config = readConfig(env)
  const inside = await createService(config, { log: silentLog })
  const server = await listen(createApp(inside), config)
  const { key } = await firstAccess(inside)
  await inside.start()
  return {
    api: clientOf(server.url, key),
    stop: async () => {
      await inside.drain()
      await server.close()
      await inside.stop()
    },
  }
}

beforeAll(async () => {
  time = startFastTime(2)
  // HubSpot's own limits: 190 calls in ten seconds, five searches a second, a search two seconds late.
  world = await startWorld({ crm: { limits: {}, searchLagMs: 2_000 } })
  products = Array.from({ length: PRODUCTS }, (_, i) =>
    Number(world.shop.addProduct({ name: `Thing ${i}`, sku: `THING-${i}`, regular_price: '12.50' })['id']),
  )
  home = await makeHome()
  const port = await freePort()
  service = await startInside({
    ...home.env,
    NODE_ENV: 'test',
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    ALLOW_HOSTS: [...world.hosts, `127.0.0.1:${port}`].join(','),
  })
  flowId = await goLive(service.api, await connectBoth(service.api, world))
}, 180_000)
afterAll(async () => {
  await service.stop()
  await world.close()
  await time.end()
  await home.remove()
}, 60_000)

let bought = 0
function buyOne(): void {
  bought += 1
  world.shop.placeOrder({
    status: 'processing',
    set_paid: true,
    billing: buyer(`outage${bought}@example.com`, bought % 3 === 0 ? { company: `Firm ${bought}` } : {}),
    line_items: [
      { product_id: products[bought % PRODUCTS], quantity: 2 },
      { product_id: products[(bought * 7) % PRODUCTS], quantity: 1 },
    ],
  })
}
const calls = () => world.crm.calls.filter((call) => call.url.startsWith('/crm/'))

it('an outage of ten minutes: few calls, all caught up within two minutes, no record given up', async () => {
  for (let i = 0; i < 5; i += 1) buyOne()
  // Comparing all is much work: only when there are as many.
  const wrong = () =>
    world.crm.all('orders').length < bought ? ['too few'] : disagreements(world.shop, world.crm)
  await time.until(
    'the first orders',
    () => world.shop.pendingDeliveries() === 0 && wrong().length === 0,
    60_000,
  )

  // Half of the time its gateway answers, half of the time connections break.
  const fail = (action: FailureRule['action']) => {
    world.crm.rules.clear()
    world.crm.rules.add({ name: 'down', path: '^/crm/', action })
  }
  fail({ kind: 'status', status: 503 })
  time.steps(500)
  const from = calls().length
  const told = world.shop.deliveries().length
  const end = Date.now() + OUTAGE_MS
  for (let i = 0; Date.now() < end; i += 1) {
    if (Date.now() > end - OUTAGE_MS / 2) fail({ kind: 'cut' })
    buyOne()
    await time.pass(EVERY_MS)
  }
  const during = calls().length - from
  expect(bought - world.crm.all('orders').length).toBeGreaterThan(300)
  // To see whether it is back: not by each order, and not each few seconds.
  expect(during).toBeGreaterThan(5)
  expect(during).toBeLessThanOrEqual(100)
  const refused = world.shop
    .deliveries()
    .slice(told)
    .filter((one) => one.status < 200 || one.status > 299)
  expect(refused).toEqual([])

  world.crm.rules.clear()
  time.steps(20)
  const back = calls().length
  // A long limit, so that a failure says how long it did take.
  const took = await time.until('all caught up', () => wrong().length === 0, 4 * CATCH_UP_MS)
  expect(took, 'ms of the clock to catch up').toBeLessThanOrEqual(CATCH_UP_MS)
  const after = calls().slice(back)
  expect(after.filter((call) => call.status === 429)).toEqual([])
  expect(after.length).toBeLessThan(400)
  const { items } = await service.api.failures.groups()
  expect(items).toEqual([])
  const { flows } = await service.api.overview.get({ query: {} })
  expect(flows.find((one) => one.id === flowId)?.records).toMatchObject({
    linked: bought,
    failed: 0,
    pending: 0,
  })
}, 600_000)
