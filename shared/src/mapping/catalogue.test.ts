import { describe, expect, it } from 'vitest'
import { sampleOrder } from '../flows/sample-order.ts'
import { ENTITIES } from '../model/index.ts'
import { fieldsOf, FLOW_FIELDS, itemFieldsOf, sourceFields } from './catalogue.ts'
import { Path, readPath, showPath } from './path.ts'

const types = (fields: ReturnType<typeof fieldsOf>) =>
  Object.fromEntries(fields.map((field) => [field.name, field.type]))

describe('fieldsOf', () => {
  it.each([...ENTITIES, 'order_line', 'product_unit', 'journal_row'] as const)('describes %s for people and rules', (source) => {
    const fields = fieldsOf(source)
    expect(fields.length).toBeGreaterThan(5)
    expect(new Set(fields.map((field) => field.name)).size).toBe(fields.length)
    expect(new Set(fields.map((field) => field.label)).size).toBe(fields.length)
    for (const field of fields) {
      expect(field.label).toMatch(/^\p{Lu}/u)
      expect(Path.safeParse(field.path).success).toBe(true)
      expect(showPath(field.path ?? [])).toBe(field.name)
      expect(field.path?.includes('native')).toBe(false)
      expect(field.type).not.toBe('object')
    }
  }) // prettier-ignore

  it('tells types from the schema', () => {
    expect(types(fieldsOf('order'))).toMatchObject({
      number: 'text', createdAt: 'datetime', 'totals.total': 'amount', pricesIncludeTax: 'boolean', 'status.canonical': 'choice',
      lines: 'list', tracking: 'list', 'billing.postalCode': 'text', 'customer.email': 'text', 'payment.paidAt': 'datetime',
    }) // prettier-ignore
    expect(types(fieldsOf('order_line'))).toMatchObject({ 'item.quantity': 'number', 'item.net': 'amount', 'item.taxRate': 'number', 'item.options': 'list' }) // prettier-ignore
    expect(types(fieldsOf('journal_entry'))).toMatchObject({ date: 'date', rows: 'list' })
    expect(fieldsOf('order').find((field) => field.name === 'payment.status')?.options).toContainEqual({ value: 'partially_refunded', label: 'partially refunded' }) // prettier-ignore
  })

  it('names paths that are there in a record', () => {
    const order = { ...sampleOrder(), item: sampleOrder().lines[0] }
    for (const field of [...fieldsOf('order'), ...fieldsOf('order_line')]) {
      expect(readPath(order, field.path ?? []), field.name).toBeDefined()
    }
  })

  it('gives a part what it may read', () => {
    const names = (perItem: boolean) => sourceFields('order', perItem).map((field) => field.name)
    expect(names(true)).toEqual(expect.arrayContaining(['number', 'item.sku', 'flow.pipeline', 'flow.origin', 'flow.store', 'flow.imported'])) // prettier-ignore
    expect(names(false).some((name) => name.startsWith('item.'))).toBe(false)
    expect(itemFieldsOf('customer')).toEqual([])
    expect(FLOW_FIELDS.every((field) => field.path?.[0] === 'flow')).toBe(true)
  })
})
