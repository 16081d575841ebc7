import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { rateLimitBody } from '../../simulators/hubspot/index.ts'
import { until } from '../processes.ts'
import { openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { watch, type Watch } from './b-scene.ts'

let scene: Scene
let flow: FlowView
let seen: Watch

beforeAll(async () => {
  scene = await openScene()
  flow = await orderFlow(scene)
  seen = watch(scene, flow)
})
afterEach(() => scene.world.crm.rules.clear())
afterAll(() => scene.close())

const OBJECTS = '^/crm/objects/'
const limited = (
  body: object,
  headers: () => Record<string, string> = () => ({}),
  path = OBJECTS,
): (() => number) =>
  seen.fail({ path, times: 1, action: { kind: 'status', status: 429, body, headers: headers() } })

/** Calls that came later than a while after the refusal, which those under way have, and before the pause was over. */
function callsInThePause(pauseMs: number): string[] {
  const refused =
    seen
      .calls()
      .filter((call) => call.status === 429)
      .at(-1)?.at ?? Number.NaN
  return seen
    .calls()
    .filter((call) => call.at > refused + 2_500 && call.at < refused + pauseMs - 200)
    .map((call) => `${call.url} after ${call.at - refused} ms`)
}

async function waitsOutThePause(pauseMs: number, hits: () => number, name: string): Promise<void> {
  const ids = seen.several(10, name)
  await until('the refusal', async () => hits() === 1)
  ids.push(...seen.several(5, `${name}.more`))
  await seen.allSynced(ids)
  expect(callsInThePause(pauseMs)).toEqual([])
  expect(hits()).toBe(1)
  expect(await seen.failures()).toEqual([])
  expect(seen.wrong()).toEqual([])
}

describe('B1 a 429 that says how long to wait', () => {
  it('B1 in seconds: the whole connection is silent so long, and no order fails', async () => {
    const hits = limited({ message: 'slow down' }, () => ({ 'retry-after': '7' }))
    await waitsOutThePause(7_000, hits, 'seconds')
  })

  it('B1 as an HTTP date: the same', async () => {
    // Dates have whole seconds: the pause is between 7 and 8 of them, counted from here.
    const date = new Date(Date.now() + 8_000).toUTCString()
    const hits = limited({ message: 'slow down' }, () => ({ 'retry-after': date }))
    const ids = seen.several(10, 'date')
    await until('the refusal', async () => hits() === 1)
    const began = seen.calls().filter((call) => call.status === 429).at(-1)?.at ?? 0 // prettier-ignore
    await seen.allSynced(ids)
    expect(callsInThePause(Date.parse(date) - began)).toEqual([])
    expect(await seen.failures()).toEqual([])
    expect(seen.wrong()).toEqual([])
  })
})

describe('B2 a 429 that says only which limit it is', () => {
  it('B2 of ten seconds: the whole window is waited for', async () => {
    await waitsOutThePause(10_000, limited(rateLimitBody('TEN_SECONDLY_ROLLING')), 'rolling')
  })

  it('B2 of searches: asked again after a second', async () => {
    const hits = seen.fail({
      path: '/search$',
      times: 2,
      action: { kind: 'status', status: 429, body: rateLimitBody('SECONDLY') },
    })
    const ids = seen.several(2, 'search', (i) => ({ company: `Searched ${i}`, email: `a@searched${i}.example.com` })) // prettier-ignore
    await seen.allSynced(ids)
    expect(hits()).toBe(2)
    const searches = seen.calls().filter((call) => call.url.endsWith('/search'))
    const [first, , last] = searches.filter((_, i) => i >= searches.findIndex((call) => call.status === 429))
    expect((last?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(1_900)
    expect(await seen.failures()).toEqual([])
  })

  it('B2 of the day: the connection is held, says so, and is not asked meanwhile', async () => {
    seen.fail({
      path: '^/crm/',
      action: { kind: 'status', status: 429, body: rateLimitBody('DAILY'), headers: { 'retry-after': '15' } },
    })
    const before = seen.calls().length
    const ids = seen.several(20, 'daily')
    const held = await until('the hold', async () => {
      const now = await seen.overview()
      return now?.health === 'warning' && now
    })
    expect(held.text).toMatch(/silence until/)
    const until_ = Date.parse(held.budget.blockedUntil ?? '')
    expect(until_).toBeGreaterThan(Date.now() + 3_000)
    // The rule goes before the hold does: whatever asked meanwhile has met it.
    await until('the end of most of the hold', async () => until_ - Date.now() < 1_500)
    expect(seen.calls().length - before).toBeLessThanOrEqual(8)
    scene.world.crm.rules.clear()
    await seen.allSynced(ids)
    expect(await seen.failures()).toEqual([])
    expect(seen.wrong()).toEqual([])
  })

  // The last one: nothing goes on before midnight.
  it('B2 of the day without a time: held until midnight where the account is', async () => {
    seen.fail({ path: '^/crm/', action: { kind: 'status', status: 429, body: rateLimitBody('DAILY') } })
    const [id] = seen.several(1, 'midnight')
    const held = await until('the hold', async () => {
      const now = await seen.overview()
      return now?.budget.blockedUntil !== null && Date.parse(now?.budget.blockedUntil ?? '') > Date.now() + 60_000 && now // prettier-ignore
    })
    const details = (await (
      await fetch(`${scene.world.crm.url}/account-info/2026-09/details`, {
        headers: { authorization: `Bearer pat-eu1-simulator` },
      })
    ).json()) as { timeZone: string }
    const there = new Intl.DateTimeFormat('en-GB', { timeZone: details.timeZone, hour: '2-digit', minute: '2-digit', hour12: false }) // prettier-ignore
    // A share of the wait comes on top, so that not everybody calls in the same second.
    expect(there.format(new Date(held.budget.blockedUntil ?? ''))).toMatch(/^(00|24):0/)
    expect(flow.document(id as number)).toBeUndefined()
    expect(await seen.failures()).toEqual([])
  })
})
