import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { compilePart, MappingDocument } from '@crosswalk/shared/mapping'
import { sampleLine } from '@crosswalk/shared/flows/sample-order'
import { memoryFlow, pipelineDeps, shopOrder, syncOnce } from './testing.ts'
import { crm, orders, place, results, settings, store, stored, useWorld } from './testing-world.ts'

useWorld({ afterAll, beforeAll, beforeEach })

describe('a record with odd content', () => {
  it.each(['1\u0000x', '1\ud83d'])(
    'such as the number %j is stored, and its batch with it',
    async (number) => {
      place(shopOrder('1', { number }), shopOrder('2'))
      expect(await results('1', '2')).toEqual(['created', 'created'])
      expect((await stored('1'))?.label).toBe('#1\ufffd' + (number.length === 3 ? 'x' : ''))
    },
  )

  it('that no key can be made of fails alone', async () => {
    place(shopOrder('1', { lines: null as never }), shopOrder('2'))
    expect(await results('1', '2')).toEqual(['failed', 'created'])
    expect(await stored('1')).toMatchObject({ state: 'failed', last_error: { code: 'malformed' } })
  })
})

describe('a customer of several orders of a batch', () => {
  const customer = { ...shopOrder('1').customer, email: 'anna@example.com' }

  it('belongs to the company that one of them names', async () => {
    place(shopOrder('1', { customer }), shopOrder('2', { customer: { ...customer, company: 'Acme' } }))
    await results('1', '2')
    expect([...(crm.all('people')[0]?.links ?? [])]).toEqual([`firms:${crm.all('firms')[0]?.id}`])
  })
})

describe('a document that was deleted in the target', () => {
  it('has an intent before it is made again', async () => {
    place(shopOrder('1'))
    await results('1')
    crm.remove('deals', crm.all('deals')[0]?.id ?? '')
    place(shopOrder('1', { lines: [sampleLine({ id: '1', sku: 'TEA', name: 'Tea' })], number: '1b' }))
    let calls = 0
    const deps = pipelineDeps(store)
    const flow = memoryFlow(orders, crm, settings)
    const { http } = flow.target.connection
    const { send } = http
    http.send = async (call, options) => {
      const { op, object } = call.body as { op: string; object: string }
      if (op === 'create' && object === 'deals') {
        calls += 1
        const open = await store.raw<{ rows: { pending: object }[] }>('select rows from intent')
        expect(open.flatMap(({ rows }) => rows.flatMap((row) => Object.keys(row.pending)))).toContain(
          'document',
        )
      }
      return send(call, options)
    }
    await syncOnce(['1'], flow, deps)
    expect(calls).toBe(1)
  })
})

describe('a failed rule', () => {
  it('tells of customer data without repeating it', async () => {
    place(shopOrder('1', { customer: { ...shopOrder('1').customer, lastName: 'de Vries' } }))
    const flow = memoryFlow(orders, crm)
    const wrong = { rules: [{ target: 'age', value: { kind: 'field' as const, path: ['customer', 'lastName'] }, transforms: [{ use: 'number.add', with: { amount: '1' } }] }] } // prettier-ignore
    const mapping = MappingDocument.parse({ parts: { ...flow.mapping.parts, document: wrong } })
    const document = mapping.parts.document
    if (!document) throw new Error('no document')
    const compiled = new Map(flow.compiled).set('document', compilePart(document))
    await syncOnce(['1'], { ...flow, mapping, compiled }, pipelineDeps(store))
    const row = await stored('1')
    expect(row?.state).toBe('failed')
    expect(row?.last_error?.message).toBe('The value is not a number.')
    expect(JSON.stringify(row)).not.toContain('Vries')
  })
})
