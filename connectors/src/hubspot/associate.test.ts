import { describe, expect, it } from 'vitest'
import { associate } from './associate.ts'
import { testContext } from './test-replies.ts'

const as = (typeId: number) => ({ category: 'HUBSPOT_DEFINED', typeId })
const pairs = [
  { trace: 'a', from: '1', to: '2', as: as(1) },
  { trace: 'b', from: '1', to: '2', as: as(279) },
  { trace: 'c', from: '1', to: '3', as: as(279) },
  { trace: 'd', from: '1', to: '3', as: as(279) },
]

describe('associate', () => {
  it('creates several types of one pair together', () => {
    expect(associate.call('contacts', 'companies', pairs, testContext())).toEqual({
      method: 'POST',
      path: '/crm/associations/2026-09/contacts/companies/batch/create',
      repeatable: true,
      body: {
        inputs: [
          {
            from: { id: '1' },
            to: { id: '2' },
            types: [
              { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 },
              { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 279 },
            ],
          },
          {
            from: { id: '1' },
            to: { id: '3' },
            types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 279 }],
          },
        ],
      },
    })
  })

  it('removes all between the two', () => {
    expect(associate.remove('contacts', 'companies', pairs, testContext())).toMatchObject({
      path: '/crm/associations/2026-09/contacts/companies/batch/archive',
      body: { inputs: [{ from: { id: '1' }, to: [{ id: '2' }, { id: '3' }] }] },
    })
  })
})
