import { describe, expect, it } from 'vitest'
import type { Product } from '../model/product.ts'
import { productWanted, recordWanted } from './record-selection.ts'

const all = { startDate: null, filter: null }
const products = { ...all, kinds: ['simple' as const, 'variable' as const], statuses: ['active' as const] }
const product = (more: Partial<Product> = {}) =>
  ({ kind: 'simple', status: 'active', createdAt: '2026-03-01T00:00:00Z', ...more }) as Product

describe('which records enter a flow', () => {
  it('all, where nothing is set', () => {
    expect(recordWanted({ createdAt: '2020-01-01T00:00:00Z' }, all)).toBeNull()
  })

  it('those made on or after the start date; one without a date is let in', () => {
    const settings = { ...all, startDate: '2026-03-01' }
    expect(recordWanted({ createdAt: '2026-03-01T00:00:00Z' }, settings)).toBeNull()
    expect(recordWanted({ createdAt: '2026-02-28T23:59:59Z' }, settings)).toMatch(/^Start date: .*2026-03-01/)
    expect(recordWanted({ createdAt: null }, settings)).toBeNull()
  })

  it('those the filter holds for', () => {
    const filter = { equals: { path: ['kind'], value: 'simple' } }
    expect(recordWanted(product(), { ...all, filter })).toBeNull()
    expect(recordWanted(product({ kind: 'bundle' }), { ...all, filter })).toMatch(/^Custom filter: /)
  })

  it('products of the wanted kinds and states; variants count as parts of variable ones', () => {
    expect(productWanted(product(), products)).toBeNull()
    expect(productWanted(product({ kind: 'variant' }), products)).toBeNull()
    expect(productWanted(product({ kind: 'bundle' }), products)).toMatch(/kind bundle.*simple, variable/)
    expect(productWanted(product({ status: 'draft' }), products)).toMatch(/draft.*active/)
  })
})
