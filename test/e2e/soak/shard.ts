import { brokenPromises } from '../promises.ts'
import { chanceOf, type Chance } from './chance.ts'
import { disturbSource, disturbTarget } from './faults.ts'
import { createPost, type Post } from './post.ts'
import { createShopPeople, SHOP_EVENTS, type ShopEventName } from './shop-events.ts'
import { createWorkers, type Workers } from './workers.ts'
import { openVirtualWorld, type VirtualWorld } from './world.ts'

/** What happens besides to the post, to the systems, and what the service does by its clockwork, by how often. */
const OTHER_EVENTS = {
  repeat: 5,
  lose: 3,
  hold: 3,
  release: 3,
  targetFails: 8,
  sourceFails: 3,
  searchLags: 1,
  sweep: 1,
  backfill: 0.1,
  reconcile: 0.1,
} as const
type OtherEventName = keyof typeof OTHER_EVENTS

/** How seldom the service gets to work: once in so many events. */
const EVENTS_PER_ROUND = 20

export interface ShardOptions {
  seed: number
  events: number
  /** False: a portal without unique properties, which takes a second create. */
  uniqueKeys: boolean
  /** False: the service notes nothing before a create goes out. To see that this is noticed. */
  intents?: boolean
}

export interface ShardResult {
  /** Broken promises, as sentences. */
  wrong: string[]
  counts: Record<string, number>
  orders: number
  /** Virtual time that passed, in seconds. */
  seconds: number
  faults: number
}

/**
 * Lets `events` random things happen to a shop, its post and both systems while the service works, then lets everything
 * heal and come to an end, and compares. The same seed gives the same events; how calls of batches that run side by side
 * fall between each other may differ.
 */
export async function runShard(options: ShardOptions): Promise<ShardResult> {
  const world = await openVirtualWorld(options)
  try {
    return await happen(world, options)
  } finally {
    await world.close()
  }
}

async function happen(world: VirtualWorld, { seed, events }: ShardOptions): Promise<ShardResult> {
  const chance = chanceOf(seed)
  const started = world.time.now()
  const post = createPost(world.shop, world.service.receive, chance)
  const people = createShopPeople(world.shop, chance, post.untold)
  const workers = createWorkers(world)
  const counts: Record<string, number> = {}
  let faults = 0
  const others: Record<OtherEventName, () => Promise<void> | void> = {
    repeat: () => post.repeat(chance.whole(1, 5)),
    lose: () => post.lose(chance.whole(1, 3)),
    hold: post.hold,
    release: post.release,
    targetFails: () => disturbTarget(world.crm, chance, `target${(faults += 1)}`),
    sourceFails: () => disturbSource(world.shop, chance, `source${(faults += 1)}`),
    searchLags: () => world.crm.searchLag(chance.pick([0, 500, 1_500, 4_500])),
    sweep: workers.sweep,
    backfill: () => start(world, 'backfill'),
    reconcile: () => start(world, 'reconcile'),
  }
  const weights = { ...SHOP_EVENTS, ...OTHER_EVENTS }
  for (let done = 0; done < events;) {
    const name = chance.weighted<ShopEventName | OtherEventName>(weights)
    if (name in SHOP_EVENTS) {
      if (!people.act(name as ShopEventName)) continue
    } else await others[name as OtherEventName]()
    counts[name] = (counts[name] ?? 0) + 1
    done += 1
    if (chance.share() < 1 / EVENTS_PER_ROUND) await round(world, post, workers, chance)
  }
  await heal(world, post, workers)
  return {
    wrong: await compare(world, post),
    counts,
    orders: people.orders(),
    seconds: Math.round((world.time.now() - started) / 1_000),
    faults,
  }
}

const start = async (world: VirtualWorld, kind: 'backfill' | 'reconcile'): Promise<void> => {
  // Refused while one is open.
  await world.api.runs
    .start({
      params: { flowId: world.flowId },
      body: { kind, ...(kind === 'backfill' ? { from: '2000-01-01T00:00:00Z' } : {}) },
    }) // prettier-ignore
    .catch(() => undefined)
}

/** The service works for a while: post, one to three batches side by side, and sometimes a page reader beside them. */
async function round(world: VirtualWorld, post: Post, workers: Workers, chance: Chance): Promise<void> {
  const letters = chance.share() < 0.9
  const beside = letters && chance.share() < 0.3 ? post.deliver() : undefined
  if (letters && !beside) await post.deliver()
  const most = chance.pick([5, 40, 200])
  await Promise.all([
    beside,
    workers.work('record', most, chance.whole(1, 3)),
    chance.share() < 0.5 ? workers.work('chunk', 2, 1) : undefined,
  ])
  await world.time.pass(chance.whole(0, 15_000))
}

/** Faults end, letters come, the clockwork rings as it does each day, and everything that waits is worked off. */
export async function heal(world: VirtualWorld, post: Post, workers: Workers): Promise<void> {
  world.crm.rules.clear()
  world.shop.rules.clear()
  post.release()
  while (post.pending() > 0) await post.deliver()
  await workers.drain()
  await world.time.pass(11 * 60_000)
  await workers.sweep()
  await workers.drain()
}

/** Ids of the flow's records in a state, with what the service says of each. */
async function listed(world: VirtualWorld, state: 'failed' | 'pending'): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (let cursor: string | undefined; ;) {
    const page = await world.api.records.list({
      query: { flowId: world.flowId, state, limit: 200, ...(cursor ? { cursor } : {}) },
    })
    for (const one of page.items) found.set(one.externalId, one.error?.message ?? one.reason ?? '')
    if (!page.next) return found
    cursor = page.next
  }
}

export async function compare(world: VirtualWorld, post: Post): Promise<string[]> {
  const failed = await listed(world, 'failed')
  const pending = [...(await listed(world, 'pending')).keys()]
  return brokenPromises({
    crm: world.crm,
    shops: [{ shop: world.shop, failed, pending, untold: post.untold }],
    lines: world.lines,
    secret: ['@example.com', 'Jansen', ...world.shop.keys.map(({ secret }) => secret)],
  })
}
