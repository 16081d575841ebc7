import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConnectorError } from '@crosswalk/connectors/sdk'
import { sampleLine } from '@crosswalk/shared/flows/sample-order'
import { AccountTrouble } from './batch.ts'
import { brokenMapping } from './sync-records.ts'
import { lostAnswer, memoryFlow, shopOrder } from './testing.ts'
import { configure, crm, orders, place, results, stored, sync, useWorld } from './testing-world.ts'

useWorld({ afterAll, beforeAll, beforeEach })

const writes = (): number => crm.calls.filter((call) => call.op !== 'find').length

describe('a record', () => {
  it('becomes a whole document: contact, products, document and lines, each once', async () => {
    place(shopOrder('1'))
    expect(await results('1')).toEqual(['created'])
    expect(crm.all('people')).toHaveLength(1)
    expect(crm.all('goods').map((good) => good.fields['name'])).toEqual(['Tea', 'Cup'])
    const [deal] = crm.all('deals')
    expect(deal?.fields).toMatchObject({ title: '1', stage: 'open', key: 'shop:1' })
    expect([...(deal?.links ?? [])]).toEqual([`people:${crm.all('people')[0]?.id}`])
    expect(crm.all('rows')).toHaveLength(2)
    expect(await stored('1')).toMatchObject({
      state: 'linked',
      complete: true,
      pending: {},
      target_id: deal?.id,
    })
  })

  it('that did not change costs no call', async () => {
    place(shopOrder('1'))
    await sync('1')
    crm.calls.length = 0
    expect(await results('1')).toEqual(['unchanged'])
    expect(crm.calls).toEqual([])
  })

  it('that changed is updated where it changed', async () => {
    place(shopOrder('1'))
    await sync('1')
    crm.calls.length = 0
    place(shopOrder('1', { status: { canonical: 'completed', source: 'completed', name: 'Completed' } }))
    expect(await results('1')).toEqual(['updated'])
    expect(crm.calls.map((call) => `${call.op} ${call.object}`)).toEqual(['update deals'])
    expect(crm.all('deals')[0]?.fields['stage']).toBe('won')
  })

  it('whose source moved but whose mapped fields did not writes nothing', async () => {
    place(shopOrder('1'))
    await sync('1')
    crm.calls.length = 0
    place(shopOrder('1', { modifiedAt: '2026-06-01T00:00:00Z' }))
    expect(await results('1')).toEqual(['unchanged'])
    expect(crm.calls).toEqual([])
  })

  it('that lost a line loses it in the target, and a new line comes', async () => {
    place(shopOrder('1'))
    await sync('1')
    place(shopOrder('1', { lines: [sampleLine({ id: '2', sku: 'CUP', name: 'Cup' }), sampleLine({ id: '3', sku: 'POT', name: 'Pot' })] })) // prettier-ignore
    expect(await results('1')).toEqual(['updated'])
    expect(crm.all('rows').map((row) => row.fields['name']).sort()).toEqual(['Cup', 'Pot']) // prettier-ignore
    expect(Object.keys((await stored('1'))?.parts ?? {}).sort()).toEqual([
      'document',
      'line:product:2',
      'line:product:3',
    ])
  })

  it('outside the status filter is left out with the rule, and cancelled after it was sent it is still told', async () => {
    configure({ statuses: ['processing'], stages: { processing: 'open', cancelled: 'lost' } })
    place(
      shopOrder('1', { status: { canonical: 'pending', source: 'pending', name: 'Pending' } }),
      shopOrder('2'),
    )
    const { works } = await sync('1', '2')
    expect(works[0]?.outcome).toMatchObject({
      result: 'skipped',
      reason: expect.stringContaining('pending') as string,
    })
    expect(works[1]?.outcome?.result).toBe('created')
    place(shopOrder('2', { status: { canonical: 'cancelled', source: 'cancelled', name: 'Cancelled' } }))
    expect(await results('2')).toEqual(['updated'])
    expect(crm.all('deals')[0]?.fields['stage']).toBe('lost')
  })

  it('gone at the source is marked, not deleted, and comes back whole', async () => {
    place(shopOrder('1'))
    await sync('1')
    orders.delete('1')
    expect(await results('1')).toEqual(['deleted'])
    expect(crm.all('deals')[0]?.fields['stage']).toBe('deleted')
    expect(await results('1')).toEqual(['unchanged'])
    place(shopOrder('1'))
    expect(await results('1')).toEqual(['updated'])
    expect(crm.all('deals')[0]?.fields['stage']).toBe('open')
  })

  it('gone at the source and never sent is nothing', async () => {
    expect(await results('404')).toEqual(['skipped'])
    expect(crm.calls).toEqual([])
  })

  it('that an existing-orders rule keeps as it was is not updated', async () => {
    configure({ existing: 'skip' })
    place(shopOrder('1'))
    await sync('1')
    place(shopOrder('1', { status: { canonical: 'completed', source: 'completed', name: 'Completed' } }))
    expect(await results('1')).toEqual(['skipped'])
    expect(crm.all('deals')[0]?.fields['stage']).toBe('open')
  })
})

describe('an order that ends', () => {
  const cancelled = { status: { canonical: 'cancelled', source: 'cancelled', name: 'Cancelled' } } as const
  const completed = { status: { canonical: 'completed', source: 'completed', name: 'Completed' } } as const
  const stages = { processing: 'open', completed: 'won', cancelled: 'lost' }

  it('by being cancelled is taken out where the flow says so, and comes back with its status', async () => {
    configure({ cancelled: 'archive', stages })
    place(shopOrder('1'))
    await sync('1')
    place(shopOrder('1', cancelled))
    expect(await results('1')).toEqual(['deleted'])
    expect(crm.all('deals')).toEqual([])
    expect((await stored('1'))?.reason).toBe('cancelled at the source')
    expect(await results('1')).toEqual(['unchanged'])
    place(shopOrder('1'))
    await sync('1')
    expect(crm.all('deals').map((deal) => deal.fields['stage'])).toEqual(['open'])
  })

  it('by being cancelled is left alone where the flow says so, and never sent when it was not', async () => {
    configure({ cancelled: 'nothing', stages })
    place(shopOrder('1'))
    await sync('1')
    place(shopOrder('1', cancelled))
    expect(await results('1')).toEqual(['skipped'])
    expect(crm.all('deals').map((deal) => deal.fields['stage'])).toEqual(['open'])
    configure({ cancelled: 'archive', stages })
    place(shopOrder('2', cancelled))
    expect(await results('2')).toEqual(['skipped'])
    expect((await stored('2'))?.reason).toBe('It was cancelled before it was sent.')
  })

  it('in a closed stage is told once more and then left alone, where the flow says so', async () => {
    configure({ existing: 'update_until_closed', stages })
    place(shopOrder('1'))
    await sync('1')
    place(shopOrder('1', completed))
    expect(await results('1')).toEqual(['updated'])
    place(shopOrder('1', { ...completed, number: '1-changed' }))
    expect(await results('1')).toEqual(['skipped'])
    place(shopOrder('1', { number: '1-changed-again' }))
    expect(await results('1')).toEqual(['skipped'])
    expect(crm.all('deals')[0]?.fields).toMatchObject({ stage: 'won', title: '1' })
  })
})

describe('mapping', () => {
  it('that fails, fails its record visibly with rule and value, and the rest goes on', async () => {
    place(
      shopOrder('1', { status: { canonical: 'other', source: 'packed', name: 'Packed' } }),
      shopOrder('2'),
    )
    const { works } = await sync('1', '2')
    expect(works[1]?.outcome?.result).toBe('created')
    expect(works[0]?.outcome).toMatchObject({
      result: 'failed',
      failure: {
        step: 'map',
        target: 'stage',
        rule: 2,
        message: expect.stringContaining('packed') as string,
      },
    })
    expect(await stored('1')).toMatchObject({
      state: 'failed',
      last_error: { code: 'mapping', target: 'stage' },
    })
    expect(crm.all('deals')).toHaveLength(1)
  })
})

describe('shared parts', () => {
  it('of several orders are made once: one customer, one company, one product', async () => {
    const customer = { ...shopOrder('1').customer, email: 'anna@example.com', company: 'Acme' }
    place(shopOrder('1', { customer }), shopOrder('2', { customer }), shopOrder('3', { customer }))
    expect(await results('1', '2', '3')).toEqual(['created', 'created', 'created'])
    expect(crm.all('people')).toHaveLength(1)
    expect(crm.all('firms')).toHaveLength(1)
    expect(crm.all('goods')).toHaveLength(2)
    expect(crm.calls.filter((call) => call.op === 'create' && call.object === 'rows')).toHaveLength(1)
  })

  it('made by two batches at once are one', async () => {
    const customer = { ...shopOrder('1').customer, email: 'anna@example.com', company: 'Acme' }
    place(shopOrder('1', { customer }), shopOrder('2', { customer }))
    const both = await Promise.all([results('1'), results('2')])
    expect(both.flat()).toEqual(['created', 'created'])
    expect(crm.all('people')).toHaveLength(1)
    expect(crm.all('firms')).toHaveLength(1)
    expect(crm.all('goods')).toHaveLength(2)
  })

  it('that were there before are found by key, kept, and associated', async () => {
    const id = crm.put('people', { email: 'buyer1@example.com', name: 'Known by sales' })
    const customer = { ...shopOrder('1').customer, email: 'buyer1@example.com', company: 'Acme' }
    place(shopOrder('1', { customer }))
    await sync('1')
    expect(crm.all('people')).toHaveLength(1)
    expect(crm.all('people')[0]?.fields['name']).toBe('Known by sales')
    expect([...(crm.all('people')[0]?.links ?? [])]).toEqual([`firms:${crm.all('firms')[0]?.id}`])
    expect([...(crm.all('deals')[0]?.links ?? [])]).toContain(`people:${id}`)
    crm.calls.length = 0
    place(shopOrder('2', { customer }))
    await sync('2')
    expect(crm.calls.filter((call) => call.op === 'associate')).toEqual([])
  })

  it('a kind of object the account does not permit is left out and said', async () => {
    crm.fail((op, object) => {
      if (object === 'firms' && op === 'create') {
        throw new ConnectorError({ kind: 'forbidden', publicMessage: 'Companies are not permitted.' })
      }
    })
    place(shopOrder('1', { customer: { ...shopOrder('1').customer, company: 'Acme' } }))
    const { works } = await sync('1')
    expect(works[0]?.outcome?.result).toBe('created')
    expect(works[0]?.warnings).toEqual(['Companies are not permitted.'])
    expect(crm.all('rows')).toHaveLength(2)
  })

  it('missing products fail the order where the flow says so, and nothing of it is written', async () => {
    configure({ missingProducts: 'fail' })
    place(shopOrder('1'))
    expect(await results('1')).toEqual(['failed'])
    expect(crm.all('deals')).toEqual([])
    expect((await stored('1'))?.last_error?.message).toContain('TEA')
  })

  it('missing products become free lines where the flow says so', async () => {
    configure({ missingProducts: 'free_line' })
    place(shopOrder('1'))
    expect(await results('1')).toEqual(['created'])
    expect(crm.all('goods')).toEqual([])
    expect(crm.all('rows')).toHaveLength(2)
  })
})

describe('a refused call', () => {
  it('is halved until the bad record stands alone: 99 go through', async () => {
    const ids = Array.from({ length: 100 }, (_, i) => String(i + 1))
    place(...ids.map((id) => shopOrder(id)))
    crm.fail((op, object, inputs) => {
      if (op === 'create' && object === 'deals' && inputs.some((input) => input.key === 'shop:42')) {
        throw new ConnectorError({ kind: 'invalid', status: 400, publicMessage: 'the total is too large' })
      }
    })
    const { works } = await sync(...ids)
    expect(works.filter((work) => work.outcome?.result === 'created')).toHaveLength(99)
    expect(works[41]?.outcome).toMatchObject({
      result: 'failed',
      failure: { message: 'the total is too large' },
    })
    expect(crm.all('rows')).toHaveLength(198)
  })

  it('of one record in the answer fails that record alone', async () => {
    place(shopOrder('1', { native: { bad: true } }), shopOrder('2'))
    expect(await results('1', '2')).toEqual(['failed', 'created'])
    expect(crm.all('rows')).toHaveLength(2)
  })

  it('because the mapping no longer fits is told apart', async () => {
    place(shopOrder('1'))
    crm.fail((op, object) => {
      if (object !== 'deals' || op !== 'create') return
      throw new ConnectorError({
        kind: 'invalid',
        publicMessage: 'There is no property "stage".',
        breaksMapping: true,
      })
    })
    const { works } = await sync('1')
    expect(brokenMapping(works, { flow: memoryFlow(orders, crm, {}) })).toMatchObject({
      message: 'There is no property "stage".',
      cause: { key: 'unknown_answer', params: { system: 'Crm' } },
    })
  })
})

describe('a lost answer', () => {
  it('of a create is looked up by key, continued and not doubled', async () => {
    place(shopOrder('1'))
    crm.fail((op, object) => (op === 'create' && object === 'deals' ? () => { throw lostAnswer() } : undefined)) // prettier-ignore
    expect(await results('1')).toEqual(['waiting'])
    expect(crm.all('deals')).toHaveLength(1)
    expect(await stored('1')).toMatchObject({ state: 'pending', complete: false })
    expect(Object.keys((await stored('1'))?.pending ?? {})).toEqual(['document'])
    crm.heal()
    expect(await results('1')).toEqual(['updated'])
    expect(crm.all('deals')).toHaveLength(1)
    expect(crm.all('rows')).toHaveLength(2)
    expect(await stored('1')).toMatchObject({ state: 'linked', complete: true, pending: {} })
  })

  it('of a shared create is not doubled either', async () => {
    place(shopOrder('1'))
    crm.fail((op, object) => (op === 'create' && object === 'people' ? () => { throw lostAnswer() } : undefined)) // prettier-ignore
    expect(await results('1')).toEqual(['waiting'])
    crm.heal()
    expect(await results('1')).toEqual(['created'])
    expect(crm.all('people')).toHaveLength(1)
    expect(crm.all('deals')).toHaveLength(1)
  })

  it('of the lines leaves a document that is finished later', async () => {
    place(shopOrder('1'))
    crm.fail((op, object) => (op === 'create' && object === 'rows' ? () => { throw lostAnswer() } : undefined)) // prettier-ignore
    expect(await results('1')).toEqual(['waiting'])
    crm.heal()
    expect(await results('1')).toEqual(['updated'])
    expect(crm.all('rows')).toHaveLength(2)
  })
})

describe('what people did in the target', () => {
  it('a document deleted by hand is made again, lines as well', async () => {
    place(shopOrder('1'))
    await sync('1')
    crm.remove('deals', crm.all('deals')[0]?.id ?? '')
    place(shopOrder('1', { status: { canonical: 'completed', source: 'completed', name: 'Completed' } }))
    expect(await results('1')).toEqual(['created'])
    expect(crm.all('deals')).toHaveLength(1)
    expect(await stored('1')).toMatchObject({ state: 'linked', target_id: crm.all('deals')[0]?.id })
  })

  it('a document that is there without our link is adopted, not doubled', async () => {
    const id = crm.put('deals', { key: 'shop:1', title: 'old' })
    place(shopOrder('1'))
    expect(await results('1')).toEqual(['updated'])
    expect(crm.all('deals')).toHaveLength(1)
    expect(await stored('1')).toMatchObject({ target_id: id, complete: true })
    expect(crm.all('deals')[0]?.fields['title']).toBe('1')
  })
})

describe('trouble of the account', () => {
  it('while writing keeps what was written and lets the rest wait', async () => {
    place(shopOrder('1'))
    crm.fail((op, object) => {
      if (op === 'create' && object === 'rows') {
        throw new ConnectorError({ kind: 'unauthorized', status: 401, publicMessage: 'the key was refused' })
      }
    })
    const { works, trouble } = await sync('1')
    expect(trouble).toBeInstanceOf(AccountTrouble)
    expect(works[0]?.outcome?.result).toBe('waiting')
    expect((await stored('1'))?.parts['document']?.id).toBe(crm.all('deals')[0]?.id)
    crm.heal()
    crm.calls.length = 0
    expect(await results('1')).toEqual(['updated'])
    expect(writes()).toBe(1)
    expect(crm.all('rows')).toHaveLength(2)
  })
})
