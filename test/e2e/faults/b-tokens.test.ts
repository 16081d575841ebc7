import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_TOKEN } from '../../simulators/hubspot/index.ts'
import { freePort } from '../free-port.ts'
import { until } from '../processes.ts'
import { openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { connectShop } from '../shop-to-crm.ts'
import { appEnv, lastToken, signIn, tokenCalls, withApp } from './b-oauth.ts'
import { watch, type Watch } from './b-scene.ts'

const SECOND_TOKEN = 'pat-eu1-second'

describe('with a key', () => {
  let scene: Scene
  let seen: Watch

  beforeAll(async () => {
    const tokens = [DEFAULT_TOKEN, SECOND_TOKEN].map((token) => ({ token, kind: 'static' as const }))
    scene = await openScene({ world: { crm: { tokens } } })
    seen = watch(scene, await orderFlow(scene))
  })
  afterAll(() => scene.close())

  it('B12 revoked: the connection stops, once; with a new one the waiting orders go through at once', async () => {
    scene.world.crm.revoke(DEFAULT_TOKEN)
    const before = seen.calls().length
    const ids = seen.several(12, 'revoked')
    const stopped = await until('the state', async () => {
      const now = await seen.connection()
      return now.state === 'unauthorized' && now
    })
    expect(stopped.stateReason).toMatch(/does not accept the key/)
    const more = seen.several(8, 'later')
    await seen.told()
    expect(seen.calls().length - before).toBeLessThan(10)
    expect(scene.service.lines.filter((line) => line.includes('refused our credentials'))).toHaveLength(1)
    expect(await seen.failures()).toEqual([])
    expect(await seen.overview()).toMatchObject({ health: 'bad' })
    const again = await scene.service.api.connections.reconnect({
      params: { connectionId: scene.ends.crmId },
      body: { credentials: { token: SECOND_TOKEN } },
    })
    expect(again.connection?.state).toBe('active')
    await seen.allSynced([...ids, ...more])
    expect(seen.wrong()).toEqual([])
  })
})

describe('with a sign-in', () => {
  let scene: Scene
  let flow: FlowView
  let seen: Watch
  let port: number

  beforeAll(async () => {
    port = await freePort()
    scene = await openScene({
      port,
      env: appEnv,
      world: { crm: withApp(port) },
      connect: async (service, world) => ({
        shopId: await connectShop(service.api, world),
        crmId: await signIn(service, world.crm, port),
      }),
    })
    flow = await orderFlow(scene)
    seen = watch(scene, flow)
  })
  afterEach(() => scene.world.crm.rules.clear())
  afterAll(() => scene.close())

  it('B11 expired in the middle of a batch: one refresh for all workers, the call is made once more', async () => {
    const { crm } = scene.world
    seen.fail({ path: '/contacts/batch/create', times: 1, action: { kind: 'delay', ms: 700 } })
    seen.fail({ path: '^/oauth/', action: { kind: 'delay', ms: 500 } })
    const from = crm.calls.length
    const ids = seen.several(10, 'expired')
    await until('a batch under way', async () => crm.calls.slice(from).some((call) => call.url.includes('/contacts/batch/read'))) // prettier-ignore
    crm.expireToken(lastToken(crm))
    ids.push(...seen.several(12, 'meanwhile'))
    await seen.allSynced(ids)
    const refused = crm.calls.slice(from).filter((call) => call.status === 401)
    expect(refused.length).toBeGreaterThan(0)
    expect(tokenCalls(crm, from).map((call) => call.status)).toEqual([200])
    // What was refused came once more with the new token: never twice with an old one.
    const bodies = refused.map((call) => call.url + JSON.stringify(call.body))
    expect(new Set(bodies).size).toBe(bodies.length)
    expect(await seen.failures()).toEqual([])
    expect(seen.wrong()).toEqual([])
  })

  it('B11 expired again and again: each time one refresh, with the token that the last one gave', async () => {
    const { crm } = scene.world
    const from = crm.calls.length
    for (let round = 0; round < 3; round += 1) {
      crm.expireToken(lastToken(crm))
      await seen.allSynced(seen.several(2, `round${round}.`))
    }
    expect(tokenCalls(crm, from).map((call) => call.status)).toEqual([200, 200, 200])
  })

  it('B12 withdrawn (the app was uninstalled): reconnect is asked for, no storm, what waited goes through after it', async () => {
    const { crm } = scene.world
    const from = crm.calls.length
    await fetch(`${crm.url}/appinstalls/2026-09/external-install`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${lastToken(crm)}` },
    })
    const ids = seen.several(12, 'gone')
    const stopped = await until('the state', async () => {
      const now = await seen.connection()
      return now.state === 'unauthorized' && now
    })
    expect(stopped.stateReason).toMatch(/Connect it again/)
    ids.push(...seen.several(8, 'gone.later'))
    await seen.told()
    expect(tokenCalls(crm, from)).toHaveLength(1)
    expect(crm.calls.slice(from).filter((call) => call.status === 401).length).toBeLessThan(10)
    expect(await seen.failures()).toEqual([])
    expect(await seen.overview()).toMatchObject({ health: 'bad' })
    const alerts = scene.service.lines.filter((line) => line.includes('permission withdrawn'))
    expect(alerts).toHaveLength(1)
    expect(await signIn(scene.service, crm, port, scene.ends.crmId)).toBe(scene.ends.crmId)
    expect((await seen.connection()).state).toBe('active')
    await seen.allSynced(ids)
    expect(seen.wrong()).toEqual([])
  })
})
