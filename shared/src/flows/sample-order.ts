import type { Order, OrderLine } from '../model/order.ts'

/** A line with round figures: 2 × 10.00 at 21 %. */
export const sampleLine = (changes: Partial<OrderLine> = {}): OrderLine => ({
  id: '1', kind: 'product', name: 'Coffee beans', sku: 'COF-250', gtin: '8712345678906', productId: '77', variantId: null,
  quantity: '2', unitNet: '10', unitGross: '12.1', discount: '0', net: '20', tax: '4.2', gross: '24.2', taxRate: '21',
  taxClass: '', options: [{ name: 'Size', value: '250 g' }], code: '', native: {}, ...changes,
}) // prettier-ignore

const address = {
  firstName: 'Jo', lastName: 'Jansen', company: '', street: 'Dorpsstraat 12-a', street2: '', streetName: 'Dorpsstraat',
  houseNumber: '12', houseNumberAddition: 'a', postalCode: '1234 AB', city: 'Utrecht', region: '', country: 'NL',
  email: 'jo@example.com', phone: '06 12345678',
} // prettier-ignore

/** An order to try rules and settings on: one product line, shipping of 5.00, all at 21 %, paid. */
export const sampleOrder = (changes: Partial<Order> = {}): Order => ({
  id: '1001',
  modifiedAt: '2026-05-02T08:00:00Z',
  createdAt: '2026-05-01T22:30:00Z',
  url: 'https://shop.example.com/order/1001',
  native: { meta: { gift: 'yes' } },
  number: '1001',
  status: { canonical: 'processing', source: 'processing', name: 'Processing' },
  currency: 'EUR',
  pricesIncludeTax: false,
  completedAt: null,
  channel: 'web',
  payment: {
    status: 'paid',
    method: 'ideal',
    methodName: 'iDEAL',
    transactionId: 'tr_1',
    paidAt: '2026-05-01T22:31:00Z',
  },
  customer: {
    customerId: '5',
    guest: false,
    email: 'Jo@Example.com',
    firstName: 'Jo',
    lastName: 'Jansen',
    phone: '06 12345678',
    company: '',
    vatId: '',
    group: '',
  },
  billing: address,
  shipping: address,
  lines: [sampleLine()],
  shippingLines: [
    sampleLine({ id: '9', kind: 'shipping', name: 'Parcel', sku: '', gtin: '', productId: null, quantity: '1', unitNet: '5', unitGross: '6.05', net: '5', tax: '1.05', gross: '6.05', options: [], code: 'flat_rate' }), // prettier-ignore
  ],
  fees: [],
  discounts: [],
  refunds: [],
  taxes: [{ rate: '21', name: 'VAT', code: 'NL-21', amount: '5.25', base: '25' }],
  totals: {
    lines: '20', shipping: '5', shippingTax: '1.05', fees: '0', discount: '0', discountTax: '0', tax: '5.25', rounding: '0',
    total: '30.25', refunded: '0', remaining: '30.25',
  }, // prettier-ignore
  customerNote: '',
  tracking: [],
  ...changes,
})
