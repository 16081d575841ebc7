import { afterEach, describe, expect, it } from 'vitest'
import { manualClock, type SimClock } from '../clock.ts'
import { rateLimitBody, startHubSpot, type HubSpotOptions, type HubSpotSimulator } from './index.ts'
import { O, send } from './test-client.ts'

let sim: HubSpotSimulator
let clock: SimClock
afterEach(() => sim.close())
const start = async (limits: HubSpotOptions['limits']) => {
  clock = manualClock(Date.parse('2026-11-21T20:00:00Z'))
  const tokens = [
    { token: 'static', kind: 'static' as const },
    { token: 'oauth', kind: 'oauth' as const },
  ]
  sim = await startHubSpot({ clock, tokens, ...(limits === undefined ? {} : { limits }) })
}
const read = (token = 'static') => send(sim, 'GET', O('orders'), undefined, token)
const search = () => send(sim, 'POST', `${O('orders')}/search`, {}, 'static')
const times = async (count: number, call: () => ReturnType<typeof read>) => {
  const statuses: number[] = []
  for (let index = 0; index < count; index += 1) statuses.push((await call()).status)
  return statuses
}

describe('limits', () => {
  it('allow 110 calls in 10 s to an OAuth app and 190 to a static token', async () => {
    await start(undefined)
    const oauth = await times(111, () => read('oauth'))
    expect([oauth.lastIndexOf(200), oauth[110]]).toEqual([109, 429])
    const fixed = await times(191, () => read())
    expect([fixed.lastIndexOf(200), fixed[190]]).toEqual([189, 429])
  })
  it('slide, and tell what is left', async () => {
    await start({ burst: 2 })
    const first = await read()
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'x-hubspot-ratelimit-max': '2',
      'x-hubspot-ratelimit-remaining': '1',
      'x-hubspot-ratelimit-interval-milliseconds': '10000',
      'x-hubspot-ratelimit-daily': '625000',
    })
    expect((await read('oauth')).headers.get('x-hubspot-ratelimit-daily')).toBeNull()
    clock.advance(6_000)
    await read()
    const refused = await read()
    expect(refused.status).toBe(429)
    expect(refused.body).toMatchObject({
      status: 'error',
      errorType: 'RATE_LIMIT',
      policyName: 'TEN_SECONDLY_ROLLING',
      message: 'You have reached your ten_secondly_rolling limit.',
    })
    clock.advance(4_000)
    expect([(await read()).status, (await read()).status]).toEqual([200, 429])
  })
  it('allow five searches a second, outside the burst and without headers', async () => {
    await start({ burst: 1 })
    expect(await times(6, search)).toEqual([200, 200, 200, 200, 200, 429])
    const refused = await search()
    expect(refused.body.policyName).toBe('SECONDLY')
    expect([...refused.headers.keys()].filter((name) => name.includes('ratelimit'))).toEqual([])
    expect((await read()).status).toBe(200)
    clock.advance(1_000)
    expect((await search()).status).toBe(200)
  })
  it('end the day', async () => {
    await start({ daily: 1 })
    expect(await times(2, () => read())).toEqual([200, 429])
    expect((await read()).body.policyName).toBe('DAILY')
    clock.advance(86_400_000)
    expect((await read()).status).toBe(200)
  })
  it('can be switched off', async () => {
    await start(null)
    expect(new Set(await times(200, () => read('oauth')))).toEqual(new Set([200]))
  })
})

describe('injected failures', () => {
  it.each([
    [423, undefined],
    [477, { 'retry-after': '3' }],
    [502, undefined],
  ])('answer %i', async (status, headers) => {
    await start(null)
    sim.rules.add({
      name: 'x',
      times: 1,
      action: { kind: 'status', status, ...(headers ? { headers } : {}) },
    })
    const failed = await read()
    expect([failed.status, failed.headers.get('retry-after')]).toEqual([
      status,
      headers?.['retry-after'] ?? null,
    ])
    expect((await read()).status).toBe(200)
  })
  it('can answer 504 after the work is done, and 429 with a real body', async () => {
    await start(null)
    sim.rules.add({
      name: 'late',
      method: 'POST',
      times: 1,
      action: { kind: 'apply_then_status', status: 504 },
    })
    const made = await send(sim, 'POST', O('orders'), { properties: { hs_order_name: '#1' } }, 'static')
    expect([made.status, sim.all('orders').length]).toEqual([504, 1])
    sim.rules.add({
      name: 'daily',
      times: 1,
      action: { kind: 'status', status: 429, body: rateLimitBody('DAILY') },
    })
    expect((await read()).body.policyName).toBe('DAILY')
  })
})
