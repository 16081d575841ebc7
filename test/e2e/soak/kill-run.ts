import { randomBytes } from 'node:crypto'
import { freePort } from '../free-port.ts'
import { until } from '../processes.ts'
import { brokenPromises, type ShopSide } from '../promises.ts'
import { makeHome, startServiceProcess, type ServiceProcess } from '../service.ts'
import { connectBoth, goLive, startWorld } from '../shop-to-crm.ts'
import { startWooCommerce, type WooCommerceSimulator } from '../../simulators/woocommerce/index.ts'
import { chanceOf } from './chance.ts'
import { drawKill, type KillMode } from './kill-modes.ts'
import { createTraffic } from './traffic.ts'

export interface KillRunOptions {
  seed: number
  kills: number
  /** PostgreSQL with two processes; without it the embedded store with one. */
  databaseUrl?: string
  /** False: a portal that takes a second create, where intents alone keep things from being made twice. Default true. */
  uniqueKeys?: boolean
  /** Only kills between the target's apply and our receipt. */
  onlyApplied?: boolean
  /** Makes no more kills after this time, in ms, once there was one between apply and receipt. */
  mostMs?: number
  say?: (line: string) => void
}

export interface KillRunResult {
  kills: number
  /** Those of them between the target's apply and our receipt. */
  betweenApplyAndReceipt: number
  orders: number
  changes: number
  calls: number
  seconds: number
  /** Broken promises once everything had come to rest, as sentences. */
  wrong: string[]
}

const EMBEDDED_PLACES = 1
const SERVER_PLACES = 2
/** A mode that does not come about in this time gives way to a kill right now. */
const PATIENCE_MS = 15_000
/**
 * After the last kill everything must come to rest: it is over when no call was made for this time. A job that was broken
 * off more often than it has tries is given up, and its record gets a new one when the bell of those behind rings, every
 * five minutes.
 */
const STILL_MS = 390_000
/** What still goes on after this time goes in circles. */
const REST_MS = 1_800_000
/** Orders a backfill finds that the shop never told of. */
const SILENT_ORDERS = 120
const APPLIED = 'applied'

/**
 * Webhooks and a backfill go on all the time while processes are ended by `kill -9` and started again. Afterwards the
 * promises are checked. Two shops sell at the same order numbers to one portal, so that nothing may cross over.
 */
export async function runKills(options: KillRunOptions): Promise<KillRunResult> {
  const { seed, kills, databaseUrl, mostMs = 3_600_000, say = () => undefined } = options
  const chance = chanceOf(seed)
  const notUnique = { orders: false, line_items: false, companies: false, products: false }
  const world = await startWorld({
    shop: { record: false },
    crm: { record: false, ...(options.uniqueKeys === false ? { allowUniqueProperties: notUnique } : {}) },
  })
  const second = await startWooCommerce({ autoDeliver: 50, allowTargets: ['*'], record: false })
  const home = await makeHome(databaseUrl === undefined ? undefined : { databaseUrl })
  const port = await freePort()
  const hosts = [...world.hosts, new URL(second.url).host]
  const lines: string[] = []
  const shared = {
    MASTER_KEY: randomBytes(32).toString('hex'),
  }
  const places: ServiceProcess[] = []
  /** The first place has the address that webhooks go to. */
  const startAt = async (place: number, env: Record<string, string> = {}): Promise<void> => {
    places[place] = await startServiceProcess(home, { hosts, ...(place === 0 ? { port } : {}), env: { ...shared, ...env } }) // prettier-ignore
  }
  const at = (place: number): ServiceProcess => places[place] as ServiceProcess
  const placeCount = databaseUrl === undefined ? EMBEDDED_PLACES : SERVER_PLACES
  const started = Date.now()
  const traffic = createTraffic(world.shop, chance)
  const beside = createTraffic(second, chance)
  const done = { kills: 0, betweenApplyAndReceipt: 0 }

  try {
    for (let place = 0; place < placeCount; place += 1) await startAt(place)
    const ends = await connectBoth(at(0).api, world)
    const flowId = await goLive(at(0).api, ends)
    const secondFlow = await goLive(at(0).api, { ...ends, shopId: await connectShop(at(0), second) })
    world.crm.latencyMs = 40
    traffic.placeInSilence(SILENT_ORDERS)
    traffic.start(150)
    beside.start(1_500)

    // At least half of the kills come between the target's apply and our receipt.
    const draw = (): KillMode =>
      drawKill(chance, options.onlyApplied === true || 2 * done.betweenApplyAndReceipt < done.kills)
    let mode = draw()
    let victim = 0
    await end(victim)
    await startVictim()
    const enough = (): boolean => done.kills >= kills && 2 * done.betweenApplyAndReceipt >= done.kills
    const inTime = (): boolean => Date.now() - started < mostMs || done.betweenApplyAndReceipt === 0
    while (!enough() && inTime()) {
      await keepBackfillGoing(at(chance.whole(0, placeCount - 1)), flowId)
      const dead = await carryOut(mode)
      for (const place of dead) lines.push(...at(place).lines)
      mode = draw()
      victim = dead[0] as number
      for (const place of dead.slice(1)) await startAt(place)
      await startVictim()
    }
    traffic.stop()
    beside.stop()
    for (let place = 0; place < placeCount; place += 1) {
      await end(place)
      await startAt(place)
    }
    world.crm.rules.clear()
    const wrong = await rest(flowId, secondFlow)
    return {
      ...done,
      orders: traffic.orders() + beside.orders(),
      changes: traffic.changes() + beside.changes(),
      calls: callsOf(),
      seconds: Math.round((Date.now() - started) / 1_000),
      wrong,
    }

    /** Work waits for it: it may come to the point of its end before it could say that it is up, which is a kill too. */
    async function startVictim(): Promise<void> {
      for (;;) {
        try {
          return await startAt(victim, pointOf(mode))
        } catch (error) {
          if (mode.kind !== 'point' || !String(error).includes('ended with null')) throw error
          if (mode.betweenApplyAndReceipt) done.betweenApplyAndReceipt += 1
          done.kills += 1
          say(`kill ${done.kills}: ${describe(mode)}, as it started`)
          mode = draw()
        }
      }
    }

    async function end(place: number): Promise<void> {
      await at(place).end('SIGKILL')
      lines.push(...at(place).lines)
    }

    /** Ends one process or more the way the mode says. @returns the places that have to be started again */
    async function carryOut(how: KillMode): Promise<number[]> {
      const patience = Date.now() + PATIENCE_MS
      let hit = false
      if (how.kind === 'point') {
        hit = await within(at(victim).exited, PATIENCE_MS)
        if (hit && how.betweenApplyAndReceipt) done.betweenApplyAndReceipt += 1
      } else if (how.kind === 'applied') {
        world.crm.rules.add({ name: APPLIED, path: how.path, times: 1, action: { kind: 'apply_then_status', status: 504, afterMs: 5_000 } }) // prettier-ignore
        while (!hit && Date.now() < patience) {
          await pauseFor(5)
          hit = world.crm.rules.hits(APPLIED) > 0
        }
        // Whose call it is cannot be seen from outside: all processes end, as when the power fails.
        if (hit) done.betweenApplyAndReceipt += 1
      } else await pauseFor(how.afterMs)
      const all = how.kind === 'applied' && hit
      const dead = all
        ? Array.from({ length: placeCount }, (_, i) => i)
        : [how.kind === 'point' ? victim : chance.whole(0, placeCount - 1)]
      await Promise.all(dead.map((place) => at(place).end('SIGKILL')))
      world.crm.rules.remove(APPLIED)
      done.kills += 1
      say(`kill ${done.kills}: ${describe(how)}${hit || how.kind === 'moment' ? '' : ' (not reached)'}`)
      return dead
    }

    async function keepBackfillGoing(service: ServiceProcess, flow: string): Promise<void> {
      // It may have come to the point of its end already; the next round asks another process.
      const answer = await service.api.runs.list({ query: { flowId: flow, limit: 5 } }).catch(() => null)
      if (!answer || answer.items.some((run) => ['queued', 'running'].includes(run.state))) return
      if (done.kills > 0) traffic.placeInSilence(SILENT_ORDERS)
      await service.api.runs
        .start({ params: { flowId: flow }, body: { kind: 'backfill', from: '2000-01-01T00:00:00Z' } })
        .catch(() => undefined)
    }

    /** Waits until both shops are level with the portal; what is still wrong after that time is the answer. */
    async function rest(...flows: string[]): Promise<string[]> {
      const service = at(0)
      await until('the deliveries', async () => world.shop.pendingDeliveries() + second.pendingDeliveries() === 0) // prettier-ignore
      for (const flow of flows) await service.api.runs.start({ params: { flowId: flow }, body: { kind: 'sweep' } }) // prettier-ignore
      const end = Date.now() + REST_MS
      let quiet = { calls: -1, since: Date.now() }
      for (;;) {
        const calls = callsOf()
        const wrong = await compare(service, flows)
        // At rest: all is well, or nothing has moved for a while and nothing will.
        if (wrong.length === 0 && quiet.calls === calls) return []
        if (calls !== quiet.calls) {
          if (wrong.length > 0) say(`${wrong.length} still to do`)
          quiet = { calls, since: Date.now() }
        }
        if (Date.now() > Math.min(end, quiet.since + STILL_MS)) return wrong
        await pauseFor(2_000)
      }
    }

    async function compare(service: ServiceProcess, flows: readonly string[]): Promise<string[]> {
      const sides: ShopSide[] = []
      for (const [i, shop] of [world.shop, second].entries()) {
        const failed = await listed(service, flows[i] as string, 'failed')
        const pending = await listed(service, flows[i] as string, 'pending')
        sides.push({ shop, failed, pending: [...pending.keys()] })
      }
      const made = callsOf()
      const logs = places.flatMap((place) => place.lines).concat(lines)
      return brokenPromises({
        crm: world.crm,
        shops: sides,
        lines: logs.filter((line) => line.startsWith('{')),
        secret: ['@example.com', 'Jansen', 'pat-eu1-', ...world.shop.keys.map(({ secret }) => secret)],
        calls: { made, most: 2_000 + 60 * (traffic.changes() + beside.changes()) + 100 * done.kills },
      })
    }

    function callsOf(): number {
      return [...world.crm.counts.values()].reduce((sum, count) => sum + count, 0)
    }
  } finally {
    traffic.stop()
    beside.stop()
    await Promise.all(places.map((place) => place.end('SIGKILL')))
    await Promise.all([world.close(), second.close()])
    await home.remove()
  }
}

const pointOf = (mode: KillMode): Record<string, string> =>
  mode.kind === 'point' ? { CROSSWALK_KILL_AT: mode.point } : {}

const describe = (mode: KillMode): string =>
  mode.kind === 'point' ? mode.point : mode.kind === 'applied' ? `applied, unanswered: ${mode.path}` : `after ${mode.afterMs} ms` // prettier-ignore

const pauseFor = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

/** True when the promise is kept within the time. */
const within = (promise: Promise<unknown>, ms: number): Promise<boolean> =>
  Promise.race([promise.then(() => true), pauseFor(ms).then(() => false)])

async function connectShop(service: ServiceProcess, shop: WooCommerceSimulator): Promise<string> {
  const [key] = shop.keys
  const { connection, findings } = await service.api.connections.create({
    body: {
      connector: 'woocommerce',
      settings: { shopUrl: shop.url },
      credentials: { consumerKey: key?.key, consumerSecret: key?.secret },
    },
  })
  if (!connection) throw new Error(`not connected: ${JSON.stringify(findings)}`)
  return connection.id
}

/** Ids of a flow's records in a state, with what the service says of each. */
async function listed(
  service: ServiceProcess,
  flowId: string,
  state: 'failed' | 'pending',
): Promise<Map<string, string>> {
  const { items } = await service.api.records.list({ query: { flowId, state, limit: 200 } })
  return new Map(items.map((one) => [one.externalId, one.error?.message ?? one.reason ?? '']))
}
