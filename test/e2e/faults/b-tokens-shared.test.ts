import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeMissing, findNeed } from '../../../scripts/test-needs.mjs'
import { freePort } from '../free-port.ts'
import { openScene, orderFlow, type Scene } from '../scene.ts'
import { makeHome, startServiceProcess, type ServiceProcess } from '../service.ts'
import { connectShop } from '../shop-to-crm.ts'
import { appEnv, lastToken, signIn, tokenCalls, withApp } from './b-oauth.ts'
import { watch, type Watch } from './b-scene.ts'

const postgres = await findNeed('postgres')
if (!postgres.ok)
  console.warn(`${describeMissing('postgres', postgres.reason)} Two processes that renew one token are not tried.`) // prettier-ignore

describe.skipIf(!postgres.ok)('two processes with one sign-in whose refresh token rotates', () => {
  let scene: Scene
  let other: ServiceProcess
  let seen: Watch

  beforeAll(async () => {
    const port = await freePort()
    const env = { ...appEnv, MASTER_KEY: randomBytes(32).toString('hex') }
    const home = await makeHome({ databaseUrl: postgres.ok ? String(postgres.value) : '' })
    scene = await openScene({
      port,
      env,
      home,
      world: { crm: withApp(port) },
      connect: async (service, world) => ({
        shopId: await connectShop(service.api, world),
        crmId: await signIn(service, world.crm, port),
      }),
    })
    other = await startServiceProcess(home, { hosts: scene.world.hosts, env })
    seen = watch(scene, await orderFlow(scene))
  })
  afterAll(async () => {
    await other.end('SIGKILL')
    await scene.close()
  })

  const check = (service: ServiceProcess) =>
    service.api.connections.check({ params: { connectionId: scene.ends.crmId } })

  it('B13 refresh it once, however often it expires, and use what was stored last', async () => {
    const { crm } = scene.world
    crm.rules.add({ name: 'slow', path: '^/oauth/', action: { kind: 'delay', ms: 400 } })
    for (let round = 1; round <= 4; round += 1) {
      await seen.allSynced(seen.several(1, `before${round}.`))
      const from = crm.calls.length
      crm.expireToken(lastToken(crm))
      const ids = seen.several(20, `round${round}.`)
      // Both processes have the refused token in memory, and are asked for the account at the same time.
      const checked = await Promise.all([check(scene.service), check(other), check(scene.service)])
      expect(checked.map((one) => one.connection?.state)).toEqual(['active', 'active', 'active'])
      await seen.allSynced(ids)
      const refused = crm.calls.slice(from).filter((call) => call.status === 401)
      expect(refused.length, `round ${round}`).toBeGreaterThan(1)
      expect(tokenCalls(crm, from).map((call) => call.status), `round ${round}`).toEqual([200]) // prettier-ignore
    }
    expect(await seen.failures()).toEqual([])
    expect(seen.wrong()).toEqual([])
  })

  it('B13 have the last valid pair on disk: a new process goes on with it, and renews it', async () => {
    const { crm } = scene.world
    await other.end()
    await scene.service.end()
    const from = crm.calls.length
    crm.expireToken(lastToken(crm))
    await scene.start()
    await seen.allSynced(seen.several(3, 'restarted'))
    expect(tokenCalls(crm, from).map((call) => call.status)).toEqual([200])
    expect((await seen.connection()).state).toBe('active')
  })
})
