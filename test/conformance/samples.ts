import { canonical, type Canonical, type Entity } from '@crosswalk/shared/model'

const address = (index: number) => ({
  firstName: 'Anna',
  lastName: `Jansen ${index}`,
  company: `Voorbeeld ${index} B.V.`,
  street: `Dorpsstraat ${index}`,
  street2: '',
  streetName: 'Dorpsstraat',
  houseNumber: String(index),
  houseNumberAddition: null,
  postalCode: '1234 AB',
  city: 'Utrecht',
  region: '',
  country: 'NL',
  email: `anna.${index}@example.com`,
  phone: '+31 30 123 45 67',
})

const base = (index: number) => ({
  id: String(1_000 + index),
  createdAt: '2026-03-01T10:00:00Z',
  modifiedAt: '2026-03-02T10:00:00Z',
  url: `https://shop.example.com/records/${index}`,
  native: { meta: { colour: 'blue' } },
})

const line = (index: number, id: string, kind: 'product' | 'shipping') => ({
  id,
  kind,
  name: kind === 'product' ? `Coffee ${index}/${id}` : 'Parcel',
  sku: kind === 'product' ? `COFFEE-${index}-${id}` : '',
  gtin: '',
  productId: kind === 'product' ? '77' : null,
  variantId: null,
  quantity: '2',
  unitNet: '5.00',
  unitGross: '6.05',
  discount: '0',
  net: '10.00',
  tax: '2.10',
  gross: '12.10',
  taxRate: '21',
  taxClass: 'standard',
  options: [{ name: 'Size', value: '250 g' }],
  code: kind === 'product' ? '' : 'flat_rate',
  native: {},
})

const order = (index: number) => ({
  ...base(index),
  number: `A-${index}`,
  status: { canonical: 'processing', source: 'processing', name: 'Processing' },
  currency: 'EUR',
  pricesIncludeTax: true,
  completedAt: null,
  channel: 'checkout',
  payment: {
    status: 'paid',
    method: 'ideal',
    methodName: 'iDEAL',
    transactionId: 'tr_1',
    paidAt: '2026-03-01T10:01:00Z',
  },
  customer: {
    customerId: String(index),
    guest: false,
    email: `anna.${index}@example.com`,
    firstName: 'Anna',
    lastName: `Jansen ${index}`,
    phone: '+31 30 123 45 67',
    company: `Voorbeeld ${index} B.V.`,
    vatId: `NL8123${String(index).padStart(5, '0')}B01`,
    group: '',
  },
  billing: address(index),
  shipping: address(index),
  lines: [line(index, '1', 'product'), line(index, '2', 'product')],
  shippingLines: [line(index, '3', 'shipping')],
  fees: [],
  discounts: [],
  refunds: [],
  taxes: [{ rate: '21', name: 'VAT 21%', code: 'NL-21', amount: '6.30', base: '30.00' }],
  totals: {
    lines: '20.00',
    shipping: '10.00',
    shippingTax: '2.10',
    fees: '0',
    discount: '0',
    discountTax: '0',
    tax: '6.30',
    rounding: '0',
    total: '36.30',
    refunded: '0',
    remaining: '36.30',
  },
  customerNote: 'Ring twice <please> & wait',
  tracking: [{ carrier: 'Post', number: '3SABC', url: 'https://track.example.com/3SABC' }],
})

const customer = (index: number) => ({
  ...base(index),
  email: `anna.${index}@example.com`,
  firstName: 'Anna',
  lastName: `Jansen ${index}`,
  phone: '+31 30 123 45 67',
  company: `Voorbeeld ${index} B.V.`,
  vatId: `NL8123${String(index).padStart(5, '0')}B01`,
  registrationNumber: '12345678',
  group: 'retail',
  language: 'nl',
  billing: address(index),
  shipping: address(index),
  ordersCount: 3,
  totalSpent: '108.90',
  acceptsMarketing: null,
  note: '',
})

const stock = { managed: true, quantity: '12', reserved: null, backorders: false, inStock: true }
const price = { regular: '6.05', sale: null, current: '6.05', includesTax: true, cost: '2.50' }

const product = (index: number) => ({
  ...base(index),
  kind: 'simple',
  parentId: null,
  status: 'active',
  name: `Coffee ${index}`,
  sku: `COFFEE-${index}`,
  gtin: '4006381333931',
  description: '<p>Dark & strong</p>',
  shortDescription: '',
  price,
  currency: 'EUR',
  taxClass: 'standard',
  stock,
  weight: '0.25',
  brand: 'Example',
  categories: [{ id: '5', name: 'Coffee' }],
  tags: ['dark'],
  attributes: [],
  options: [],
  images: [{ id: '9', url: 'https://shop.example.com/coffee.jpg', alt: 'Coffee' }],
  variants: [],
})

const MADE: Partial<Record<Entity, (index: number) => unknown>> = { order, customer, product }

/** A record with every field filled that a shop would fill; `index` makes it another one. */
export function sample<E extends Entity>(entity: E, index: number): Canonical[E] {
  const make = MADE[entity]
  if (make === undefined) throw new Error(`no sample of ${entity} yet: add one for connectors that write it`)
  return canonical[entity].parse(make(index)) as Canonical[E]
}

/** Elements a step runs over: the record itself, its document lines, or a product's sellable units. */
export function itemsOf(
  entity: Entity,
  record: Canonical[Entity],
  each: 'one' | 'lines' | 'units',
): unknown[] {
  if (each === 'one') return [undefined]
  if (each === 'lines' && entity === 'order') {
    const { lines, shippingLines, fees } = record as Canonical['order']
    return [...lines, ...shippingLines, ...fees]
  }
  if (each === 'units' && entity === 'product') {
    const whole = record as Canonical['product']
    return whole.variants.length === 0 ? [whole] : [...whole.variants]
  }
  throw new Error(`a step of ${entity} cannot run per ${each}`)
}
