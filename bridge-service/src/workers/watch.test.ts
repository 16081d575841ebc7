import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ConnectionRuntime } from '../runtime/connection-runtime.ts'
import type { PipelineDeps } from '../pipeline/context.ts'
import { pipelineDeps } from '../pipeline/testing.ts'
import { bridgeFactsOf } from '../connections/bridge-facts.ts'
import { listConnections } from '../store/connections.ts'
import type { Store } from '../store/database.ts'
import type { ConnectionRow } from '../store/schema.ts'
import { embeddedTestStore } from '../store/testing.ts'
import { createVault } from '../store/vault.ts'
import { startBells } from './bells.ts'
import { memoryEngine, placeFlows } from './testing.ts'
import { ringWatch, type WatchDeps } from './watch.ts'

const home = embeddedTestStore()
let store: Store
let leaving: AbortController
/** Shops that were asked and have not answered, with what makes them answer. */
let asked: Map<string, (revived: string[]) => void>
let answered: string[]
let most: number
/** Who is not asked at all, for something is wrong on our side. */
let broken: string
let errors: unknown[]
let sent: ReturnType<typeof memoryEngine>['sent']
let deps: PipelineDeps & WatchDeps

beforeAll(async () => {
  store = await home.open()
}, 60_000)
afterAll(async () => {
  await store.close()
  await home.remove()
})
beforeEach(() => {
  leaving = new AbortController()
  asked = new Map()
  answered = []
  errors = []
  most = 0
  broken = ''
  const memory = memoryEngine()
  sent = memory.sent
  const base = pipelineDeps(store)
  deps = {
    ...base,
    engine: memory.engine,
    vault: createVault(Buffer.alloc(32, 7)),
    publicUrl: 'https://bridge.example.com',
    allowHosts: [],
    leaving: leaving.signal,
    connections: { fromRow: shopOf },
    log: Object.assign(Object.create(base.log) as typeof base.log, {
      error: (entry: unknown) => void errors.push(entry),
    }),
  }
})

/** A shop that answers when the test says so, and breaks off when it is told to. */
function shopOf(row: ConnectionRow): ConnectionRuntime {
  if (row.id === broken) throw new Error('cannot be set up')
  const webhooks = {
    how: 'created',
    topics: { 'order.updated': { entity: 'order', change: 'upserted' } },
    reaches: () => true,
    subscribe: () => undefined,
  }
  const drive = (_: unknown, { signal }: { signal: AbortSignal }) =>
    new Promise((done, failed) => {
      signal.addEventListener('abort', () => failed(signal.reason as Error))
      asked.set(row.id, (revived) => {
        asked.delete(row.id)
        answered.push(row.id)
        done({ subscriptions: [{ id: '1', topic: 'order.updated', active: true }], revived })
      })
      most = Math.max(most, asked.size)
    })
  const connector = { label: 'Shop', webhooks }
  return { id: row.id, row, connector, http: { drive }, context: () => ({}) } as unknown as ConnectionRuntime
}

const never = async (): Promise<never> => {
  throw new Error('no test gets here')
}

/** Lets all but `dead` answer until so many have. */
async function answer(count: number, dead = ''): Promise<void> {
  while (answered.length < count) {
    for (const [id, done] of asked) if (id !== dead) done([])
    await setImmediate()
  }
}

describe('looking after the webhooks of all shops', () => {
  it('asks sixteen at a time', async () => {
    await placeFlows(store, 40)
    const round = ringWatch(deps, leaving.signal)
    await expect.poll(() => asked.size, { timeout: 20_000 }).toBe(16)
    await answer(40)
    await round
    expect(most).toBe(16)
    expect(new Set(answered).size).toBe(40)
    const feeds = (await listConnections(store.db, 'ws_1')).map((row) => bridgeFactsOf(row).feed?.mode)
    expect(feeds.filter((mode) => mode === 'webhooks')).toHaveLength(40)
  })

  it('lets none wait for one that does not answer', async () => {
    await placeFlows(store, 20)
    const round = ringWatch(deps, leaving.signal)
    await expect.poll(() => asked.size, { timeout: 20_000 }).toBe(16)
    await answer(19, 'shop_0')
    expect([...asked.keys()]).toEqual(['shop_0'])
    leaving.abort(new Error('this process is about to end'))
    await round
    expect(errors).toEqual([])
  })

  it('goes on past one that something is wrong with, and says so', async () => {
    broken = 'shop_1'
    await placeFlows(store, 3)
    const round = ringWatch(deps, leaving.signal)
    await answer(2)
    await round
    expect(answered.sort()).toEqual(['shop_0', 'shop_2'])
    expect(errors).toMatchObject([{ connection: 'shop_1', err: { message: 'cannot be set up' } }])
  })

  it('reads the gap of a shop whose webhooks were off', async () => {
    await placeFlows(store, 2)
    const round = ringWatch(deps, leaving.signal)
    await expect.poll(() => asked.size, { timeout: 20_000 }).toBe(2)
    asked.get('shop_1')?.(['order.updated'])
    asked.get('shop_0')?.([])
    await round
    expect(sent.map((job) => job.key)).toEqual(['sweep:flow_1'])
  })

  it('is not begun anew while another process is at it', async () => {
    await placeFlows(store, 1)
    const flows = { get: never, draft: never }
    const first = startBells({ ...deps, flows })
    await expect.poll(() => asked.size, { timeout: 20_000 }).toBe(1)
    // It has looked for what it missed when it has stopped.
    await startBells({ ...deps, flows, holder: 'another' }).stop()
    await answer(1)
    leaving.abort(new Error('this process is about to end'))
    await first.stop()
    expect(answered).toEqual(['shop_0'])
    expect(new Set(sent.map((job) => job.key))).toEqual(new Set(['sweep:flow_0']))
  })

  it('asks nobody any more when the process is about to end', async () => {
    await placeFlows(store, 20)
    const round = ringWatch(deps, leaving.signal)
    await expect.poll(() => asked.size, { timeout: 20_000 }).toBe(16)
    leaving.abort(new Error('this process is about to end'))
    await round
    expect(asked.size).toBe(16)
    expect(errors).toEqual([])
  })
})
