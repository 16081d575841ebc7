import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConnectorError } from '@crosswalk/connectors/sdk'
import { sampleLine } from '@crosswalk/shared/flows/sample-order'
import type { Order } from '@crosswalk/shared/model'
import { lostAnswer, memoryFlow, pipelineDeps, shopOrder, syncOnce } from './testing.ts'
import { configure, crm, orders, place, results, store, stored, sync, useWorld } from './testing-world.ts'

useWorld({ afterAll, beforeAll, beforeEach })

const status = (canonical: Order['status']['canonical'], source: string) => ({ canonical, source, name: source }) // prettier-ignore
const failing =
  (op: string, object: string, error: () => Error) =>
  (calledOp: string, calledObject: string): void => {
    if (op === calledOp && object === calledObject) throw error()
  }
const busy = () => new ConnectorError({ kind: 'unavailable', status: 503, publicMessage: 'It is busy.' })

describe('a removed line', () => {
  const oneLine = { lines: [sampleLine({ id: '2', sku: 'CUP', name: 'Cup' })] }

  it('that could not be taken away yet is taken away later', async () => {
    place(shopOrder('1'))
    await sync('1')
    place(shopOrder('1', oneLine))
    crm.fail(failing('archive', 'rows', busy))
    expect(await results('1')).toEqual(['waiting'])
    expect((await stored('1'))?.complete).toBe(false)
    crm.heal()
    expect(await results('1')).toEqual(['updated'])
    expect(crm.all('rows').map((row) => row.fields['name'])).toEqual(['Cup'])
    expect((await stored('1'))?.complete).toBe(true)
  })

  it('that the target does not let go is said', async () => {
    place(shopOrder('1'))
    await sync('1')
    place(shopOrder('1', oneLine))
    crm.fail(failing('archive', 'rows', () => new ConnectorError({ kind: 'invalid', status: 400, publicMessage: 'It is locked.' }))) // prettier-ignore
    expect(await results('1')).toEqual(['failed'])
    expect(await stored('1')).toMatchObject({ complete: false, last_error: { message: 'It is locked.' } })
  })

  it('stays due when the account fails before it is taken away', async () => {
    place(shopOrder('1'))
    await sync('1')
    place(shopOrder('1', oneLine))
    crm.fail(failing('archive', 'rows', () => new ConnectorError({ kind: 'unauthorized', status: 401, publicMessage: 'no' }))) // prettier-ignore
    expect(await results('1')).toEqual(['waiting'])
    crm.heal()
    expect(await results('1')).toEqual(['updated'])
    expect(crm.all('rows')).toHaveLength(1)
  })
})

describe('an association', () => {
  it('that the account refused before it was made is made later', async () => {
    const id = crm.put('people', { email: 'buyer1@example.com' })
    place(shopOrder('1', { customer: { ...shopOrder('1').customer, company: 'Acme' } }))
    crm.fail(failing('associate', 'people', () => new ConnectorError({ kind: 'unauthorized', status: 401, publicMessage: 'no' }))) // prettier-ignore
    expect(await results('1')).toEqual(['waiting'])
    crm.heal()
    await sync('1')
    expect([...(crm.objects.get('people')?.get(id)?.links ?? [])]).toHaveLength(1)
    expect(await stored('1')).toMatchObject({ state: 'linked', complete: true })
  })
})

describe('the customer of an order', () => {
  const buyer = (email: string, company = ''): Partial<Order> => ({
    customer: { ...shopOrder('1').customer, email, company },
  })
  const linked = (): string[] =>
    [...(crm.all('deals')[0]?.links ?? [])].map((name) => {
      const [object = '', id = ''] = name.split(':')
      const fields = crm.objects.get(object)?.get(id)?.fields
      return String(fields?.['email'] ?? fields?.['name'])
    })

  it('who was taken out of it leaves its document', async () => {
    place(shopOrder('1', buyer('a@example.com', 'Acme')))
    await sync('1')
    expect(linked().sort()).toEqual(['Acme', 'a@example.com'])
    place(shopOrder('1', buyer('a@example.com')))
    expect(await results('1')).toEqual(['updated'])
    expect(linked()).toEqual(['a@example.com'])
    place(shopOrder('1', { ...buyer('a@example.com'), number: 'again' }))
    await sync('1')
    expect(crm.calls.filter((call) => call.op === 'dissociate')).toHaveLength(1)
  })

  it('is the only one, also when the former could not be taken away at once', async () => {
    place(shopOrder('1', buyer('a@example.com')))
    await sync('1')
    place(shopOrder('1', buyer('b@example.com')))
    crm.fail(failing('dissociate', 'deals', busy))
    expect(await results('1')).toEqual(['waiting'])
    crm.heal()
    await sync('1')
    expect(linked()).toEqual(['b@example.com'])
  })

  it('is the only one, also when the answer of the create with the former was lost', async () => {
    place(shopOrder('1', buyer('a@example.com')))
    crm.fail((op, object) => (op === 'create' && object === 'deals' ? () => { throw lostAnswer() } : undefined)) // prettier-ignore
    await sync('1')
    crm.heal()
    place(shopOrder('1', buyer('b@example.com')))
    await sync('1')
    expect(linked()).toEqual(['b@example.com'])
    expect(await stored('1')).toMatchObject({ state: 'linked', complete: true, pending: {} })
  })

  it('is the only one, also when the order was in the trash meanwhile', async () => {
    place(shopOrder('1', buyer('a@example.com')))
    crm.fail((op, object) => (op === 'create' && object === 'deals' ? () => { throw lostAnswer() } : undefined)) // prettier-ignore
    await sync('1')
    crm.heal()
    place(shopOrder('1', { ...buyer('a@example.com'), status: status('deleted', 'trash') }))
    expect(await results('1')).toEqual(['deleted'])
    place(shopOrder('1', buyer('b@example.com')))
    await sync('1')
    expect(linked()).toEqual(['b@example.com'])
  })
})

describe('an order in the trash', () => {
  it('is told as deleted though its status has no stage', async () => {
    place(shopOrder('1'))
    await sync('1')
    place(shopOrder('1', { status: status('deleted', 'trash') }))
    expect(await results('1')).toEqual(['deleted'])
    expect(crm.all('deals')[0]?.fields['stage']).toBe('deleted')
  })
})

describe('an open intent', () => {
  const loseDeal = (): void =>
    crm.fail((op, object) => (op === 'create' && object === 'deals' ? () => { throw lostAnswer() } : undefined)) // prettier-ignore

  it('outlives a rule that leaves the order out: what was begun is finished', async () => {
    configure({ statuses: ['processing'], stages: { processing: 'open', cancelled: 'lost' } })
    place(shopOrder('1'))
    loseDeal()
    await sync('1')
    crm.heal()
    place(shopOrder('1', { status: status('cancelled', 'cancelled') }))
    expect(await results('1')).toEqual(['updated'])
    expect(crm.all('deals').map((deal) => deal.fields['stage'])).toEqual(['lost'])
    expect(crm.all('rows')).toHaveLength(2)
  })

  it('outlives a go that fails before the target was asked', async () => {
    place(shopOrder('1'))
    loseDeal()
    await sync('1')
    crm.fail(failing('find', 'deals', () => new ConnectorError({ kind: 'invalid', publicMessage: 'It cannot be searched.' }))) // prettier-ignore
    place(shopOrder('1', { status: status('other', 'packed') }))
    expect(await results('1')).toEqual(['failed'])
    expect(Object.keys((await stored('1'))?.pending ?? {})).toEqual(['document'])
  })

  describe('of a line that leaves the order before the next try', () => {
    const oneLine = { lines: [sampleLine({ id: '2', sku: 'CUP', name: 'Cup' })] }
    const afterAWhile = () =>
      syncOnce(['1'], memoryFlow(orders, crm), {
        ...pipelineDeps(store),
        clock: { now: () => Date.now() + 11_000 },
      })

    it('is followed when it was carried out: the line goes too', async () => {
      place(shopOrder('1'))
      crm.fail((op, object) => (op === 'create' && object === 'rows' ? () => { throw lostAnswer() } : undefined)) // prettier-ignore
      expect(await results('1')).toEqual(['waiting'])
      expect(crm.all('rows')).toHaveLength(2)
      crm.heal()
      place(shopOrder('1', oneLine))
      expect(await results('1')).toEqual(['updated'])
      expect(crm.all('rows').map((row) => row.fields['name'])).toEqual(['Cup'])
      expect(await stored('1')).toMatchObject({ state: 'linked', complete: true, pending: {} })
    })

    it('is closed when it was not, though not before it can be known', async () => {
      place(shopOrder('1'))
      crm.fail((op, object) => {
        if (op === 'create' && object === 'rows') throw lostAnswer()
      })
      await sync('1')
      crm.heal()
      place(shopOrder('1', oneLine))
      expect(await results('1')).toEqual(['waiting'])
      const late = crm.put('rows', { key: 'shop:1:1', name: 'Tea' })
      expect((await afterAWhile()).works[0]?.outcome?.result).toBe('updated')
      expect(crm.all('rows').map((row) => row.id)).not.toContain(late)
      expect(await stored('1')).toMatchObject({ complete: true, pending: {} })
    })

    it('does not keep the order waiting when there was no such line', async () => {
      place(shopOrder('1'))
      crm.fail((op, object) => {
        if (op === 'create' && object === 'rows') throw lostAnswer()
      })
      await sync('1')
      crm.heal()
      place(shopOrder('1', oneLine))
      expect((await afterAWhile()).works[0]?.outcome?.result).toBe('updated')
      expect(await stored('1')).toMatchObject({ state: 'linked', complete: true, pending: {} })
    })
  })

  it('is followed when the order is deleted at the source: the document is told', async () => {
    place(shopOrder('1'))
    loseDeal()
    await sync('1')
    crm.heal()
    orders.delete('1')
    expect(await results('1')).toEqual(['deleted'])
    expect(crm.all('deals')[0]?.fields['stage']).toBe('deleted')
  })
})
