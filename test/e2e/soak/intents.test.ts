import { describe, expect, it } from 'vitest'
import { chanceOf } from './chance.ts'
import { createPost } from './post.ts'
import { compare, heal } from './shard.ts'
import { createShopPeople } from './shop-events.ts'
import { createWorkers } from './workers.ts'
import { openVirtualWorld } from './world.ts'

const ORDERS = 20
/** How late HubSpot's search is, and how soon the service comes back: before the search can know. */
const LAG_MS = 4_500
const BACK_AFTER_MS = 2_500

/** Orders whose creates were carried out and never answered, in a portal that takes a second create. @returns what is wrong */
async function loseAnswers(intents: boolean): Promise<string[]> {
  const world = await openVirtualWorld({ seed: 11, uniqueKeys: false, intents })
  try {
    const chance = chanceOf(11)
    const post = createPost(world.shop, world.service.receive, chance)
    const people = createShopPeople(world.shop, chance, post.untold)
    const workers = createWorkers(world)
    world.crm.searchLag(LAG_MS)
    for (const object of ['companies', 'orders', 'line_items']) {
      world.crm.rules.add({ name: object, path: `/${object}/batch/create`, times: 1, action: { kind: 'apply_then_cut' } }) // prettier-ignore
      for (let i = 0; i < ORDERS; i += 1) people.act('create')
      await post.deliver()
      await workers.work('record', 400, 1)
      await world.time.pass(BACK_AFTER_MS)
      await workers.work('record', 400, 1)
      expect(world.crm.rules.hits(object), object).toBe(1)
    }
    await heal(world, post, workers)
    return await compare(world, post)
  } finally {
    await world.close()
  }
}

/**
 * There only the note that a create went out keeps things from being made twice: a service without it must be found out,
 * or the check is worth nothing.
 */
describe('in a portal that takes a second create, answers that were lost', { retry: 0 }, () => {
  it('double things where the service notes nothing beforehand, and the check finds them', async () => {
    const wrong = await loseAnswers(false)
    expect(wrong.filter((text) => /^P2: order \d+ is there 2 times/.test(text))).not.toEqual([])
    expect(wrong.filter((text) => /^P2: 2 line_items/.test(text))).not.toEqual([])
  }, 300_000)

  it('double nothing where it does', async () => {
    expect(await loseAnswers(true)).toEqual([])
  }, 300_000)
})
