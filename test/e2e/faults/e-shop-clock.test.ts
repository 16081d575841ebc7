import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { realClock } from '../../simulators/clock.ts'
import { startWooCommerce } from '../../simulators/woocommerce/index.ts'
import { disagreements } from '../checker.ts'
import { until } from '../processes.ts'
import { besideShop, buy, openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

describe('E2 a shop in New York whose clocks change', () => {
  let scene: Scene
  let flow: FlowView
  const clock = realClock()
  const midnight = (day: Date): number => Math.floor(day.getTime() / DAY) * DAY
  /** Midnight in UTC of the n-th Sunday of a month, in the latest year in which that day has passed. */
  function lastSunday(month: number, n: number, year = new Date().getUTCFullYear()): number {
    const first = new Date(Date.UTC(year, month, 1))
    const day = midnight(first) + (((7 - first.getUTCDay()) % 7) + 7 * (n - 1)) * DAY
    return day < Date.now() - 2 * DAY ? day : lastSunday(month, n, year - 1)
  }
  const [spring, autumn] = [lastSunday(2, 2), lastSunday(10, 1)]
  const at = (day: number, utc: string): string =>
    new Date(day + Date.parse(`1970-01-01T${utc}Z`)).toISOString()
  /** By what the shop's wall says, and when that was. */
  const moments = [
    { local: 'T23:59:00', day: spring, instant: at(spring + DAY, '03:59:00') },
    { local: 'T23:59:00', day: autumn, instant: at(autumn + DAY, '04:59:00') },
    // The hour that runs twice.
    { local: 'T01:30:00', day: autumn, instant: at(autumn, '05:30:00') },
    { local: 'T01:30:00', day: autumn, instant: at(autumn, '06:30:00') },
  ]
  beforeAll(async () => {
    scene = await openScene({ world: { shop: { clock, timezone: 'America/New_York' } } })
  })
  afterAll(() => scene.close())

  /** Somebody buys at each of the moments. @returns the orders' ids */
  const buyAtAll = (who: string): number[] =>
    moments.map(({ instant }, i) => {
      const away = Date.parse(instant) - clock.now()
      clock.advance(away)
      const id = buy(scene, `${who}${i}@example.com`)
      clock.advance(-away)
      return id
    })
  const seconds = (text: unknown): number => Math.round(Date.parse(String(text)) / 1_000)

  async function standRight(ids: readonly number[]): Promise<void> {
    for (const [i, { local, day, instant }] of moments.entries()) {
      const id = ids[i] as number
      await flow.synced(id)
      const told = scene.world.shop.orders().find((order) => order['id'] === id)
      expect(told?.['date_created']).toBe(`${new Date(day).toISOString().slice(0, 10)}${local}`)
      const { hs_external_created_date: made, crosswalk_paid_at: paid } = flow.document(id)?.properties ?? {}
      expect([seconds(made), seconds(paid)], instant).toEqual([seconds(instant), seconds(instant)])
    }
  }
  const ended = async (runId: string) =>
    until('the end of the run', async () => {
      const run = await scene.service.api.runs.get({ params: { runId } })
      return !['queued', 'running'].includes(run.state) && run
    })

  it('E2 has the right instants in HubSpot, by backfill and by webhook, and both sides agree day by day', async () => {
    const before = buyAtAll('before')
    flow = await orderFlow(scene)
    const params = { flowId: flow.id }
    const backfill = { kind: 'backfill' as const, from: at(Math.min(spring, autumn), '00:00:00') }
    await ended((await scene.service.api.runs.start({ params, body: backfill })).id)
    await standRight(before)
    await standRight(buyAtAll('live'))
    const { id } = await scene.service.api.runs.start({ params, body: { kind: 'reconcile', days: 400 } })
    expect(await ended(id)).toMatchObject({ state: 'succeeded', reason: 'Both sides agree.', done: 8 })
    const { items } = await scene.service.api.reconcile.days({ params, query: { days: 400 } })
    const days = moments.map(({ instant }) => instant.slice(0, 10))
    expect(items.map((item) => [item.day, item.source.count])).toEqual(
      [...new Set(days)].sort().reverse().map((day) => [day, 2 * days.filter((one) => one === day).length]), // prettier-ignore
    )
  })
})

/** Minutes that a shop's clock is ahead of ours. The last are more than sweeps overlap, and as much as calls may be off. */
const AHEAD = [5, -5, 14, -14]

describe('E3 shops whose clocks are ahead of ours or behind', () => {
  let shops: Scene[]
  beforeAll(async () => {
    const servers = await Promise.all(
      AHEAD.map((minutes) => {
        const clock = realClock()
        clock.advance(minutes * MINUTE)
        return startWooCommerce({ clock })
      }),
    )
    const scene = await openScene({ webhooks: false, hosts: servers.map(({ url }) => new URL(url).host) })
    shops = [scene]
    for (const server of servers) shops.push(await besideShop(scene, server))
  })
  afterAll(async () => {
    for (const shop of shops) await shop.close()
  })

  // Nothing is told: only a sweep finds what changes, and where it begins is by a clock.
  it.each(AHEAD.map((minutes, i) => ({ minutes, i })))(
    'E3 by $minutes minutes: nothing is lost of what is new, changed or trashed from one sweep to the next',
    async ({ i }) => {
      const scene = shops[i + 1] as Scene
      const { shop, crm } = scene.world
      const flow = await orderFlow(scene)
      const sweep = () =>
        scene.service.api.runs.start({ params: { flowId: flow.id }, body: { kind: 'sweep' } })
      const first = buy(scene, `first${i}@example.com`)
      for (let round = 1; round <= 3; round += 1) {
        const next = buy(scene, `buyer${i}.${round}@example.com`)
        shop.updateOrder(first, { customer_note: `Round ${round}` })
        await sweep()
        await flow.synced(next)
        await flow.synced(first, (order) => order.properties['crosswalk_customer_note'] === `Round ${round}`)
      }
      shop.trashOrder(first)
      await sweep()
      await flow.becomes(first, 'deleted')
      expect(disagreements(shop, crm, (order) => order['id'] !== first)).toEqual([])
    },
  )
})
