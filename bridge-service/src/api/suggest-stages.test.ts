import { describe, expect, it } from 'vitest'
import { suggestStages } from './suggest-stages.ts'

const STATUSES = [
  ['pending', 'Pending payment', 'pending'], ['on-hold', 'On hold', 'on_hold'], ['processing', 'Processing', 'processing'],
  ['completed', 'Completed', 'completed'], ['cancelled', 'Cancelled', 'cancelled'], ['refunded', 'Refunded', 'refunded'],
  ['failed', 'Failed', 'failed'], ['wc-gift', 'Gift', 'other'],
].map(([value = '', label = '', canonical = '']) => ({ value, label, canonical })) // prettier-ignore

const stage = (id: string, label: string, closed = false, won: boolean | null = null) => ({
  id,
  label,
  closed,
  won,
})

describe('suggested stages', () => {
  it('go by what a sales pipeline calls won and lost', () => {
    const sales = [
      stage('a', 'Appointment Scheduled'), stage('q', 'Qualified To Buy'), stage('w', 'Closed Won', true, true), stage('l', 'Closed Lost', true, false),
    ] // prettier-ignore
    expect(suggestStages(STATUSES, [{ pipeline: 'default', label: 'Sales', stages: sales }])).toEqual({
      pipeline: 'default',
      stages: {
        pending: 'a',
        'on-hold': 'a',
        processing: 'w',
        completed: 'w',
        cancelled: 'l',
        refunded: 'l',
        failed: 'l',
      },
    })
  })

  it('go by the words of an order pipeline, which knows no won and lost', () => {
    const orders = [
      stage('o', 'Open'),
      stage('p', 'Processed'),
      stage('s', 'Shipped'),
      stage('d', 'Delivered', true),
      stage('c', 'Cancelled', true),
    ]
    expect(suggestStages(STATUSES, [{ pipeline: 'x', label: 'Orders', stages: orders }]).stages).toEqual({
      pending: 'o', 'on-hold': 'o', processing: 'p', completed: 'd', cancelled: 'c', refunded: 'c', failed: 'c',
    }) // prettier-ignore
  })

  it('take a shop pipeline before others, and equal names before anything', () => {
    const shop = [stage('g', 'Gift'), stage('h', 'ON-HOLD')]
    const made = suggestStages(STATUSES, [
      { pipeline: 'a', label: 'Sales', stages: [stage('z', 'Open')] },
      { pipeline: 'b', label: 'E-commerce', stages: shop },
    ])
    expect(made.pipeline).toBe('b')
    expect(made.stages).toMatchObject({ 'wc-gift': 'g', 'on-hold': 'h' })
  })

  it('are none without a pipeline', () => {
    expect(suggestStages(STATUSES, [])).toEqual({ pipeline: null, stages: {} })
  })
})
