import { describe, expect, it } from 'vitest'
import { Product, Stock } from '@crosswalk/shared/model'
import type { Call, PageRequest } from '../sdk/index.ts'
import { NativeProduct } from './native.ts'
import { decodeProduct } from './product-decode.ts'
import { products } from './products.ts'
import { isObject } from './rest.ts'
import { decodeStock, stock } from './stock.ts'
import { contextOf, drive, recordings, recordedDeliveries, reply } from './test-drive.ts'

const facts = { currency: 'EUR', pricesIncludeTax: true, hasVariationsCollection: true }
const context = contextOf(facts)
const body = (file: string, index: number): unknown => recordings(file)[index]?.response.body
const simple = body('product-simple.json', 1) as Record<string, unknown>
const parent = body('product-variations.json', 3) as Record<string, unknown>
const variations = body('product-variations.json', 2) as Record<string, unknown>[]

const whole = (value: unknown): value is Record<string, unknown> =>
  isObject(value) &&
  typeof value['sku'] === 'string' &&
  'manage_stock' in value &&
  'date_modified_gmt' in value
const recorded = [
  ...recordings().flatMap((one) =>
    Array.isArray(one.response.body) ? one.response.body : [one.response.body],
  ),
  ...recordedDeliveries().map((one) =>
    one.bodyText.startsWith('{') ? (JSON.parse(one.bodyText) as unknown) : null,
  ),
].filter(whole)

describe('every recorded product and variation', () => {
  it('is a canonical product and stock', () => {
    expect(recorded.length).toBeGreaterThan(12)
    for (const one of recorded) {
      const native = NativeProduct.parse(one)
      expect(Product.safeParse(decodeProduct(native, context)).error).toBeUndefined()
      expect(Stock.safeParse(decodeStock(native, context)).error).toBeUndefined()
    }
  })
})

describe('a simple product', () => {
  const product = decodeProduct(NativeProduct.parse(simple), context)
  it('has prices, cost, stock and names as people read them', () => {
    expect(product).toMatchObject({
      id: '12', kind: 'simple', status: 'active', sku: 'BEAN-ESP-1KG', gtin: '8712345678906', brand: 'Bean & Barrel',
      price: { regular: '18.50', sale: '16.95', current: '16.95', includesTax: true, cost: '9.25' },
      stock: { managed: true, quantity: '40', reserved: null, backorders: false, inStock: true },
      taxClass: 'reduced-rate', weight: '1.05', currency: 'EUR', tags: ['Fair trade'], description: '<p>Dark roast.</p>',
      categories: [{ id: '16', name: 'Coffee' }, { id: '17', name: 'Espresso' }],
      images: [{ id: '11', alt: 'Bag of beans' }],
      native: { meta: { bridge_public_note: 'seen by API' } },
    }) // prettier-ignore
  })
  it('that is not counted has unknown stock, never 0', () => {
    const native = NativeProduct.parse({
      ...simple,
      manage_stock: false,
      stock_quantity: 0,
      price: '',
      regular_price: '',
    })
    expect(decodeProduct(native, context)).toMatchObject({
      stock: { managed: false, quantity: null },
      price: { regular: null, current: null },
    })
    expect(decodeStock(native, context)).toMatchObject({ managed: false, onHand: null, available: null })
    expect(decodeStock(NativeProduct.parse({ ...simple, stock_quantity: -5 }), context).onHand).toBe('-5')
  })
  it('in the trash is archived, a draft a draft, a virtual one virtual', () => {
    const kind = (more: object) => decodeProduct(NativeProduct.parse({ ...simple, ...more }), context)
    expect(kind({ status: 'trash' }).status).toBe('archived')
    expect(kind({ status: 'private' }).status).toBe('draft')
    expect(kind({ virtual: true }).kind).toBe('virtual')
    expect(kind({ type: 'constructor' }).kind).toBe('other')
  })
  it('is unchanged when only what changes by itself did', () => {
    const print = (more: object) =>
      JSON.stringify(products.fingerprint?.(NativeProduct.parse({ ...simple, ...more })))
    const images = [{ ...(simple['images'] as object[])[0], date_modified: 'x' }]
    expect(print({ related_ids: [1, 2], price_html: 'x', total_sales: 7, images })).toBe(print({}))
    expect(print({ regular_price: '19.00' })).not.toBe(print({}))
  })
})

/** A shop of one variable product with its variations. */
const shop = (more: object = {}) => {
  const asked: string[] = []
  const answer = (call: Call) => {
    asked.push(call.path.replace('/wp-json/wc/v3', ''))
    if (/variations$/.test(call.path)) return reply(variations)
    if (/\/products\/\d+$/.test(call.path)) return reply({ ...variations[0], type: 'variation' })
    return call.query?.['include_status'] === 'trash' || call.query?.['include'] === '15'
      ? reply([])
      : reply([{ ...parent, ...more }])
  }
  return { asked, answer }
}
const request: PageRequest = {
  position: null,
  changedAfter: null,
  createdFrom: null,
  limit: 100,
  detail: ['variants'],
}

describe('a variable product', () => {
  it('comes with its variations where they are asked for, in one call for all parents', () => {
    const { asked, answer } = shop()
    const page = drive(products.page(request, context), answer)
    expect(asked).toEqual(['/products', '/variations'])
    const product = decodeProduct(NativeProduct.parse(page.records[0]), context)
    expect(product.kind).toBe('variable')
    expect(
      product.variants.map((one) => [one.id, one.sku, one.taxClass, one.stock.quantity, one.options.length]),
    ).toEqual([
      ['14', 'BEAN-HOUSE-250-W', 'reduced-rate', '12', 2],
      ['15', 'BEAN-HOUSE-1K-F', 'reduced-rate', null, 2],
    ])
    expect(product.attributes[0]).toEqual({ name: 'Size', values: ['1 kg', '250 g'], forVariants: true })
  })
  it('of an old shop has them read parent by parent', () => {
    const { asked, answer } = shop()
    drive(products.page(request, contextOf({})), answer)
    expect(asked).toEqual(['/products', '/products/13/variations'])
    const bare = shop()
    drive(products.page({ ...request, detail: [] }, context), bare.answer)
    expect(bare.asked).toEqual(['/products'])
  })
})

describe('stock', () => {
  const units = (facts: Record<string, unknown>, more: object = {}) => {
    const { asked, answer } = shop(more)
    const ids: string[] = []
    for (let position: unknown = null, open = true; open;) {
      const page = drive(stock.page({ ...request, position }, contextOf(facts)), answer)
      ids.push(...page.records.map(stock.key))
      position = JSON.parse(JSON.stringify(page.next))
      open = page.next !== null
    }
    return { asked, ids }
  }
  // The recorded list is newest first; a sweep asks by id.
  variations.sort((a, b) => Number(a['id']) - Number(b['id']))

  it('is that of the variations, not of their parent', () => {
    expect(units(facts)).toEqual({ asked: ['/products', '/variations'], ids: ['14', '15'] })
    expect(units({})).toEqual({ asked: ['/products', '/products/13/variations'], ids: ['14', '15'] })
  })
  it('of a variation names both ids, and shows the parent’s count where that counts', () => {
    const native = NativeProduct.parse({
      ...variations[0],
      type: 'variation',
      manage_stock: 'parent',
      stock_quantity: 7,
    })
    expect(decodeStock(native, context)).toMatchObject({
      id: '14',
      productId: '13',
      variantId: '14',
      managed: true,
      onHand: '7',
      available: '7',
    })
  })
  it('by id finds variations, on old shops one by one', () => {
    for (const [known, path] of [[facts, '/variations'], [{}, '/products/15']] as const) {
      const { asked, answer } = shop()
      const found = drive(stock.many(['15'], contextOf(known), []), answer)
      expect(asked).toEqual(['/products', path])
      expect(found).toHaveLength(1)
    } // prettier-ignore
  })
  it('is unchanged by texts and pictures', () => {
    const print = (more: object) =>
      JSON.stringify(stock.fingerprint?.(NativeProduct.parse({ ...simple, ...more })))
    expect(print({ name: 'New', price: '1' })).toBe(print({}))
    expect(print({ stock_quantity: 39 })).not.toBe(print({}))
  })
})
