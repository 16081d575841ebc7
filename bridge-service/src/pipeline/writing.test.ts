import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConnectorError, type Context } from '@crosswalk/connectors/sdk'
import { LeaseLost } from './batch.ts'
import { lostAnswer, memoryFlow, pipelineDeps, shopOrder, syncOnce } from './testing.ts'
import { crm, orders, place, results, store, useWorld } from './testing-world.ts'

useWorld({ afterAll, beforeAll, beforeEach })

const calls = (op: string, object: string): number =>
  crm.calls.filter((call) => call.op === op && call.object === object).length

describe('an answer nobody can read', () => {
  it('to a create is no refusal: nothing is sent again before it was looked for', async () => {
    place(shopOrder('1'), shopOrder('2'), shopOrder('3'), shopOrder('4'))
    crm.fail((op, object) =>
      op === 'create' && object === 'deals'
        ? () => {
            throw new ConnectorError({ kind: 'malformed', status: 200, publicMessage: 'It is no JSON.' })
          }
        : undefined,
    )
    expect(await results('1', '2', '3', '4')).toEqual(['waiting', 'waiting', 'waiting', 'waiting'])
    expect(calls('create', 'deals')).toBe(1)
    crm.heal()
    expect(await results('1', '2', '3', '4')).toEqual(['updated', 'updated', 'updated', 'updated'])
    expect(crm.all('deals')).toHaveLength(4)
    expect(calls('create', 'deals')).toBe(1)
  })
})

describe('a refusal of the whole kind of object', () => {
  it('is not asked for record by record', async () => {
    const ids = Array.from({ length: 20 }, (_, i) => String(i + 1))
    place(
      ...ids.map((id) => shopOrder(id, { customer: { ...shopOrder(id).customer, company: `Firm ${id}` } })),
    )
    crm.fail((op, object) => {
      if (op === 'create' && object === 'firms')
        throw new ConnectorError({ kind: 'forbidden', status: 403, publicMessage: 'No companies here.' })
    })
    expect(new Set(await results(...ids))).toEqual(new Set(['created']))
    expect(calls('create', 'firms')).toBe(1)
  })
})

describe('a call that waited for its turn', () => {
  it.each(['deals', 'people'])('does not write %s that another worker has taken over', async (object) => {
    if (object === 'people') crm.put('people', { email: 'buyer1@example.com' })
    place(shopOrder('1', { customer: { ...shopOrder('1').customer, company: 'Acme' } }))
    const flow = memoryFlow(orders, crm)
    const deps = pipelineDeps(store)
    let late = 0
    const clock = { now: () => Date.now() + late }
    const http = flow.target.connection.http
    const wanted = object === 'deals' ? 'create' : 'associate'
    const { send } = http
    http.send = async (call, options) => {
      const { op, object: called } = call.body as { op: string; object: string }
      if (op === wanted && called === object) {
        late = 10 * 60_000
        await sql`update record set lease_token = lease_token + 1`.execute(store.db)
      }
      return send(call, options)
    }
    await expect(syncOnce(['1'], flow, { ...deps, clock })).rejects.toBeInstanceOf(LeaseLost)
    expect(calls(wanted, object)).toBe(0)
  })
})

describe('a target whose search lags behind its writes', () => {
  /** A flow whose documents and products are held apart by nothing but our look. */
  function laggingFlow(lagMs: number) {
    const flow = memoryFlow(orders, crm)
    const { connector } = flow.target.connection
    const slow = (name: string) => {
      const object = connector.objects[name]
      if (!object) throw new Error(name)
      return { ...object, keyIs: () => ({ unique: false, ours: true }), byKey: (context: Context) => ({ ...object.byKey(context), lagMs }) } // prettier-ignore
    }
    const objects = { ...connector.objects, deals: slow('deals'), goods: slow('goods') }
    return Object.assign(flow, {
      target: { connection: { ...flow.target.connection, connector: { ...connector, objects } } },
    })
  }
  const loseAnswer = (object: string): void =>
    crm.fail((op, called) =>
      op === 'create' && called === object
        ? () => {
            throw lostAnswer()
          }
        : undefined,
    )

  it('is not asked before it can know: no second document', async () => {
    place(shopOrder('1'))
    const deps = pipelineDeps(store)
    loseAnswer('deals')
    await syncOnce(['1'], laggingFlow(10_000), deps)
    crm.heal()
    crm.hide('deals')
    const { works } = await syncOnce(['1'], laggingFlow(10_000), deps)
    expect(works[0]?.outcome).toMatchObject({ result: 'waiting' })
    expect((works[0]?.outcome as { retryInMs: number }).retryInMs).toBeGreaterThan(9_000)
    crm.show()
    const later = { ...deps, clock: { now: () => Date.now() + 11_000 } }
    expect((await syncOnce(['1'], laggingFlow(10_000), later)).works[0]?.outcome?.result).toBe('updated')
    expect(crm.all('deals')).toHaveLength(1)
  })

  it('is asked first for a product that another worker may just have made', async () => {
    place(shopOrder('1'))
    const flow = laggingFlow(0)
    const deps = pipelineDeps(store)
    // Between our look and our claim another worker's create is carried out and its answer lost.
    const http = flow.target.connection.http
    const { send } = http
    http.send = async (call, options) => {
      const { op, object } = call.body as { op: string; object: string }
      if (op === 'create' && object === 'people') {
        crm.put('goods', { key: 'TEA', name: 'Tea' })
        await sql`insert into dependency (target_connection_id, object, match_key, state, sent_at, updated_at)
          values ('conn_crm', 'goods', ${deps.vault.keyedHash('TEA')}, 'creating', now(), '-infinity')`.execute(
          store.db,
        )
      }
      return send(call, options)
    }
    expect((await syncOnce(['1'], flow, deps)).works[0]?.outcome?.result).toBe('waiting')
    http.send = send
    await syncOnce(['1'], flow, deps)
    expect(crm.all('goods').map((good) => good.fields['key']).sort()).toEqual(['CUP', 'TEA']) // prettier-ignore
  })

  describe('and that holds documents apart by nothing', () => {
    /** Two records of the shop with one key, as products with one SKU are. */
    const sharingKey = () => {
      const flow = laggingFlow(10_000)
      const steps = flow.document.steps.map((step) =>
        step.role === 'document' ? { ...step, key: () => 'shop:same' } : step,
      )
      return Object.assign(flow, { document: { ...flow.document, steps } })
    }
    const both = async (first: string, second: string) => {
      const deps = pipelineDeps(store)
      const done = await Promise.all([
        syncOnce([first], sharingKey(), { ...deps, holder: 'one' }),
        syncOnce([second], sharingKey(), { ...deps, holder: 'two' }),
      ])
      return done.map(({ works }) => works[0]?.outcome)
    }

    it('gets one from two batches at once; the other record says whose key it is', async () => {
      crm.loosen('deals')
      crm.hide('deals')
      place(shopOrder('1'), shopOrder('2'))
      const outcomes = await both('1', '2')
      expect(outcomes.map((one) => one?.result).sort()).toEqual(['created', 'failed'])
      const failed = outcomes.find((one) => one?.result === 'failed')
      expect(failed).toMatchObject({ failure: { kind: 'conflict', part: 'document' } })
      expect(JSON.stringify(failed)).toMatch(/belongs to record [12] already/)
      expect(crm.all('deals')).toHaveLength(1)
    })

    it('gets one from two flows, though the search does not know the first one’s yet', async () => {
      crm.loosen('deals')
      crm.hide('deals')
      place(shopOrder('1'))
      const deps = pipelineDeps(store)
      await syncOnce(['1'], laggingFlow(10_000), deps)
      const second = Object.assign(laggingFlow(10_000), { id: 'flow_2' })
      expect((await syncOnce(['1'], second, deps)).works[0]?.outcome?.result).toBe('updated')
      expect(crm.all('deals')).toHaveLength(1)
    })

    it('gets a new one when the first has another key by now, or is gone', async () => {
      crm.loosen('deals')
      crm.hide('deals')
      place(shopOrder('1'))
      const deps = pipelineDeps(store)
      const { works } = await syncOnce(['1'], laggingFlow(10_000), deps)
      const made = works[0]?.parts.find((part) => part.role === 'document')?.id ?? ''
      Object.assign(crm.objects.get('deals')?.get(made)?.fields ?? {}, { key: 'shop:other' })
      for (const [id, count] of [
        ['flow_2', 2],
        ['flow_3', 2],
      ] as const) {
        // prettier-ignore
        const flow = Object.assign(laggingFlow(10_000), { id })
        expect((await syncOnce(['1'], flow, deps)).works[0]?.outcome?.result).toBe('created')
        expect(crm.all('deals')).toHaveLength(count)
        crm.remove('deals', crm.all('deals')[1]?.id ?? '')
      }
    })
  })
})
