import type {
  Canonical,
  CanonicalRecord,
  Customer,
  Entity,
  Invoice,
  JournalEntry,
  Product,
  Stock,
} from '../model/index.ts'
import { sampleOrder } from './sample-order.ts'

const BASE = {
  modifiedAt: '2026-05-02T08:00:00Z',
  createdAt: '2026-05-01T22:30:00Z',
  native: { meta: {} },
}

const price = { regular: '12.10', sale: null, current: '12.10', includesTax: true, cost: '6.00' }
const stock = { managed: true, quantity: '14', reserved: '2', backorders: false, inStock: true }
const image = { id: '1', url: 'https://shop.example.com/coffee.jpg', alt: 'A bag of coffee beans' }

function customer(): Customer {
  const { billing, shipping } = sampleOrder()
  return {
    ...BASE, id: '5', url: 'https://shop.example.com/customer/5', email: 'jo@example.com', firstName: 'Jo', lastName: 'Jansen',
    phone: '06 12345678', company: '', vatId: '', registrationNumber: '', group: 'retail', language: 'nl', billing, shipping,
    ordersCount: 3, totalSpent: '90.75', acceptsMarketing: false, note: '',
  } // prettier-ignore
}

function invoice(): Invoice {
  const { status: _status, ...order } = sampleOrder()
  return {
    ...order, id: '2001', number: '2026-2001', kind: 'invoice', status: { canonical: 'open', source: 'open', name: 'Open' },
    orderId: order.id, orderNumber: order.number, invoicedAt: '2026-05-02T08:00:00Z', dueAt: '2026-05-16T08:00:00Z', paid: '0',
    reference: '', paymentReference: '', pdfUrl: null,
  } // prettier-ignore
}

const product = (): Product => ({
  ...BASE, id: '77', url: 'https://shop.example.com/coffee', kind: 'simple', parentId: null, status: 'active',
  name: 'Coffee beans', sku: 'COF-250', gtin: '8712345678906', description: '<p>Freshly <b>roasted</b>.</p>',
  shortDescription: 'Freshly roasted', price, currency: 'EUR', taxClass: '', stock, weight: '0.25', brand: 'Example Roasters',
  categories: [{ id: '3', name: 'Coffee' }], tags: ['new'], attributes: [{ name: 'Size', values: ['250 g'], forVariants: false }],
  options: [], images: [image], variants: [],
}) // prettier-ignore

const level = (): Stock => ({
  ...BASE, id: '77', url: null, sku: 'COF-250', gtin: '8712345678906', productId: '77', variantId: null, location: 'Shop',
  managed: true, onHand: '14', reserved: '2', available: '12',
}) // prettier-ignore

const row = { taxCode: '', costCentre: '', costUnit: '' }
const entry = (): JournalEntry => ({
  ...BASE, id: '3001', url: null, number: '3001', journal: 'Sales', date: '2026-05-01', text: 'Order 1001', currency: 'EUR',
  rows: [
    { ...row, account: '1300', debit: '30.25', credit: '0', text: 'Debtors' },
    { ...row, account: '8000', debit: '0', credit: '25', text: 'Sales', taxCode: '21' },
    { ...row, account: '1500', debit: '0', credit: '5.25', text: 'VAT to pay', taxCode: '21' },
  ],
  orderIds: ['1001'],
}) // prettier-ignore

const SAMPLES: { [E in Entity]: () => Canonical[E] } = {
  order: () => sampleOrder(),
  invoice,
  customer,
  product,
  stock: level,
  category: () => ({ ...BASE, id: '3', url: 'https://shop.example.com/coffee', name: 'Coffee', slug: 'coffee', description: '', parentId: null, position: 1, image: null }), // prettier-ignore
  journal_entry: entry,
}

/** A made-up record of an entity, for trying rules on where no real one is at hand. */
export const sampleRecord = (entity: Entity): CanonicalRecord => SAMPLES[entity]()
