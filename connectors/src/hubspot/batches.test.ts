import { describe, expect, it } from 'vitest'
import { archiveBatch, createBatch, updateBatch } from './batches.ts'
import { association, part, reply, testContext } from './test-replies.ts'

const context = testContext({
  properties: { orders: { hs_total_price: { label: 'Total', type: 'number', group: '' } } },
})
const orders = createBatch('orders')
const taken = (property: string, value: string, holder = '901') =>
  `Cannot set PropertyValueCoordinates{portalId=42, objectTypeId=ObjectTypeId{legacyObjectType=ORDER}, propertyName=${property}, value=${value}} on 900. ${holder} already has that value.`
const standardError = (category: string, message: string, context: object, errors: object[] = []) => ({
  status: 'error',
  category,
  message,
  errors,
  context,
  links: {},
})
const batch = (results: object[], errors: object[] = []) => ({
  status: 'COMPLETE',
  startedAt: '2026-11-21T20:00:00.000Z',
  completedAt: '2026-11-21T20:00:00.210Z',
  numErrors: errors.length,
  results,
  errors,
})
const record = (id: string, trace?: string, properties: object = {}) => ({
  id,
  properties,
  createdAt: '2026-11-01T08:00:00Z',
  updatedAt: '2026-11-21T20:00:00Z',
  archived: false,
  ...(trace === undefined ? {} : { objectWriteTraceId: trace }),
})
const three = ['a', 'b', 'c'].map((trace, i) => part(trace, {}, { key: `woo:${i + 1}` }))

describe('a batch create', () => {
  it('sends texts, inline associations and a trace id for each input', () => {
    const input = part(
      'a',
      { crosswalk_key: 'woo:1', hs_total_price: '12.50', crosswalk_imported: true, hs_tax: null },
      {
        key: 'woo:1',
        refs: [
          association('contact', 'contacts', '7', 507),
          association('company', 'companies', '8', 509),
          { role: 'product', object: 'products', id: '9', as: { kind: 'field', field: 'hs_product_id' } },
        ],
      },
    )
    expect(orders.call([input], context)).toEqual({
      method: 'POST',
      path: '/crm/objects/2026-09/orders/batch/create',
      repeatable: false,
      body: {
        inputs: [
          {
            objectWriteTraceId: 'a',
            properties: {
              crosswalk_key: 'woo:1',
              hs_total_price: '12.5',
              crosswalk_imported: 'true',
              hs_product_id: '9',
            },
            associations: [
              {
                to: { id: '7' },
                types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 507 }],
              },
              {
                to: { id: '8' },
                types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 509 }],
              },
            ],
          },
        ],
      },
    })
  })

  it('puts two types to one record together', () => {
    const refs = [1, 279].map((typeId) => association('company', 'companies', '8', typeId))
    const { body } = createBatch('contacts').call(
      [part('a', { email: 'jan@example.com' }, { refs })],
      context,
    )
    const [input] = (body as { inputs: { associations: { types: unknown[] }[] }[] }).inputs
    expect(input?.associations.map(({ types }) => types.length)).toEqual([2])
  })

  it('reads a partial answer by trace id, whatever its order', () => {
    const body = batch(
      [record('9003', 'c'), record('9001', 'a')],
      [
        standardError('VALIDATION_ERROR', 'Property values were not valid', { objectWriteTraceId: ['b'] }, [
          { message: 'x', code: 'PROPERTY_DOESNT_EXIST', context: { propertyName: ['loyalty'] } },
        ]),
      ],
    )
    expect(orders.outcomes(reply(207, body), three, context)).toEqual([
      { trace: 'c', result: 'written', id: '9003' },
      { trace: 'a', result: 'written', id: '9001' },
      {
        trace: 'b',
        result: 'failed',
        kind: 'invalid',
        publicMessage: 'HubSpot has no such property: loyalty.',
        fields: ['loyalty'],
        named: { key: 'field_gone', params: { field: 'loyalty' } },
        words: 'Property values were not valid',
        breaksMapping: true,
      },
    ])
  })

  it('makes a link of a taken key: the second id is the holder', () => {
    const body = batch(
      [record('9001', 'a')],
      [standardError('VALIDATION_ERROR', taken('crosswalk_key', 'woo:2'), { objectWriteTraceId: ['b'] })],
    )
    expect(orders.outcomes(reply(207, body), three, context)).toContainEqual({
      trace: 'b',
      result: 'exists',
      id: '901',
    })
  })

  it('finds the row of a taken key by its value where there is no trace id', () => {
    const body = batch([], [standardError('VALIDATION_ERROR', taken('crosswalk_key', 'woo:2'), {})])
    expect(orders.outcomes(reply(207, body), three, context)).toEqual([
      { trace: 'b', result: 'exists', id: '901' },
    ])
  })

  it('makes no link of a value that is taken on another property, be it the same text as the key', () => {
    const message = taken('hs_external_order_id', 'woo:2')
    const body = batch([], [standardError('VALIDATION_ERROR', message, { objectWriteTraceId: ['b'] })])
    expect(orders.outcomes(reply(207, body), three, context)).toMatchObject([
      { trace: 'b', kind: 'conflict' },
    ])
  })

  it('makes no link of another unique value that is taken', () => {
    const body = batch(
      [],
      [
        standardError('VALIDATION_ERROR', taken('hs_external_order_id', '1001'), {
          objectWriteTraceId: ['b'],
        }),
      ],
    )
    expect(orders.outcomes(reply(207, body), three, context)).toEqual([
      expect.objectContaining({
        trace: 'b',
        result: 'failed',
        kind: 'conflict',
        fields: ['hs_external_order_id'],
      }),
    ])
  })

  it('reads records without trace ids by natural key, and never by position', () => {
    const results = [record('9002', undefined, { crosswalk_key: 'woo:2' }), record('9001'), record('9003')]
    expect(orders.outcomes(reply(201, batch(results)), three, context)).toEqual([
      { trace: 'b', result: 'written', id: '9002' },
    ])
  })

  it('leaves out what it cannot tell apart', () => {
    const errors = [standardError('VALIDATION_ERROR', 'no', {}), standardError('VALIDATION_ERROR', 'no', {})]
    const body = batch([record('9001', 'a')], errors)
    expect(orders.outcomes(reply(207, body), three, context).map(({ trace }) => trace)).toEqual(['a'])
  })

  it('gives the one nameless error to the one input left', () => {
    const body = batch(
      [record('9001', 'a'), record('9002', 'b')],
      [standardError('OBJECT_NOT_FOUND', 'no', {})],
    )
    expect(orders.outcomes(reply(207, body), three, context)[2]).toMatchObject({
      trace: 'c',
      result: 'failed',
      kind: 'not_found',
    })
  })

  it('fails loudly on an answer of another shape', () => {
    expect(() => orders.outcomes(reply(201, { results: 'none' }), three, context)).toThrow(
      expect.objectContaining({ kind: 'malformed' }),
    )
  })

  it('settles a refused single create that names the holder', () => {
    const contacts = createBatch('contacts')
    const input = part('a', { email: 'jan@example.com' }, { key: 'jan@example.com' })
    const conflict = { message: 'Contact already exists. Existing ID: 551', category: 'CONFLICT' }
    expect(contacts.settle?.({ status: 409, body: conflict }, input, context)).toEqual({
      trace: 'a',
      result: 'exists',
      id: '551',
    })
    const byValue = { message: taken('email', 'Jan@Example.com', '77'), category: 'VALIDATION_ERROR' }
    expect(contacts.settle?.({ status: 400, body: byValue }, input, context)).toMatchObject({ id: '77' })
    expect(contacts.settle?.({ status: 400, body: { message: 'no' } }, input, context)).toBeUndefined()
    expect(contacts.settle?.({ status: 502, body: conflict }, input, context)).toBeUndefined()
  })
})

describe('a batch update', () => {
  const update = updateBatch('orders')
  const inputs = [part('a', { hs_tax: null }, { id: '1' }), part('b', { hs_tax: '2' }, { id: '2' })]

  it('clears with empty text and writes no associations', () => {
    expect(update.call(inputs, context)).toMatchObject({
      repeatable: true,
      body: {
        inputs: [
          { id: '1', properties: { hs_tax: '' }, objectWriteTraceId: 'a' },
          { id: '2', properties: { hs_tax: '2' }, objectWriteTraceId: 'b' },
        ],
      },
    })
  })

  it('takes the id of a record that was merged, and finds rows by id without trace ids', () => {
    const body = batch([record('70', 'a')], [standardError('OBJECT_NOT_FOUND', 'no', { ids: ['2'] })])
    expect(update.outcomes(reply(207, body), inputs, context)).toEqual([
      { trace: 'a', result: 'written', id: '70' },
      expect.objectContaining({ trace: 'b', result: 'failed', kind: 'not_found' }),
    ])
    expect(update.outcomes(reply(200, batch([record('2'), record('1')])), inputs, context)).toEqual([
      { trace: 'b', result: 'written', id: '2' },
      { trace: 'a', result: 'written', id: '1' },
    ])
  })

  it('never links an update to the holder of a value', () => {
    const body = batch(
      [],
      [standardError('VALIDATION_ERROR', taken('crosswalk_key', 'woo:2'), { objectWriteTraceId: ['a'] })],
    )
    expect(update.outcomes(reply(207, body), inputs, context)).toEqual([
      expect.objectContaining({ trace: 'a', result: 'failed', kind: 'conflict' }),
    ])
  })
})

describe('a batch archive', () => {
  it('is done for all on an empty answer', () => {
    const archive = archiveBatch('line_items')
    const inputs = [part('a', {}, { id: '1' })]
    expect(archive.call(inputs, context)).toMatchObject({ body: { inputs: [{ id: '1' }] } })
    expect(archive.outcomes(reply(204, ''), inputs, context)).toEqual([
      { trace: 'a', result: 'written', id: '1' },
    ])
  })
})
