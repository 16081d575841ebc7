import { createCoupon } from './coupons.ts'
import { createOrderGenerator } from './generate-orders.ts'
import { contactOf } from './generate-people.ts'
import type { Customer } from './model.ts'
import { seededRandom, slugOf } from './php.ts'
import { createProduct } from './products.ts'
import { addTerm, nextId, reserveIds, type Shop } from './state.ts'
import { createAttribute } from './attributes.ts'
import { createVariation } from './variations.ts'

export interface GenerateOptions {
  seed: number
  orderCount: number
  /** Epoch ms: nothing generated is newer. */
  until: number
}

const kinds: [string, string, number, number][] = [
  ['Espresso beans', 'reduced-rate', 9.95, 24.5],
  ['Filter coffee', 'reduced-rate', 6.95, 17.95],
  ['Loose tea', 'reduced-rate', 4.25, 12.75],
  ['Cookies & biscuits', 'reduced-rate', 2.49, 6.95],
  ['Mug', '', 6, 19.95],
  ['Filter papers', '', 2.5, 5.5],
  ['Hand grinder', '', 39.95, 129],
  ['Milk jug', '', 12.5, 34.95],
]
const origins = ['Ethiopia', 'Colombia', 'Sumatra', 'Brazil', 'Kenya', 'Peru', 'Java', 'Málaga']
const sizes = ['250 g', '500 g', '1 kg']

/** Fills a new shop: a catalogue of 60 products, a coupon, customers and orders. The same seed gives the same shop. */
export function generateShop(shop: Shop, options: GenerateOptions): void {
  const firstMoment = Math.floor(options.until / 1000) - 800 * 86400
  generateCatalogue(shop, seededRandom(options.seed), firstMoment)
  const registered = Math.min(Math.ceil(options.orderCount / 5), 1000)
  const firstCustomer = nextId(shop, 'user')
  for (let n = 0; n < registered; n++)
    addCustomer(shop, options.seed, n * 5, firstCustomer + n, firstMoment + n * 60)
  reserveIds(shop, 'user', firstCustomer + registered)
  const generator = createOrderGenerator(shop, { ...options, registered, firstCustomer })
  shop.orders.addGenerated(generator.entries(), generator.order)
}

function generateCatalogue(shop: Shop, random: () => number, moment: number): void {
  const attribute = createAttribute(shop, { name: 'Size' })
  for (const size of sizes) addTerm(shop, attribute.slug as `pa_${string}`, size)
  const categories = kinds.map(([name]) => addTerm(shop, 'category', name.replace('&', '&amp;')).id)
  for (let n = 0; n < 60; n++) {
    const kind = n % kinds.length
    const [name = '', taxClass = '', low = 1, high = 2] = kinds[kind] ?? []
    const price = Math.round((low + random() * (high - low)) * 20) / 20 - 0.01
    const variable = taxClass !== '' && n % 3 === 0
    const title = `${name} ${origins[Math.floor(n / kinds.length)] ?? n}`
    const sku = `SKU-${String(n + 1).padStart(3, '0')}`
    const common = { name: title, sku, tax_class: taxClass, categories: [{ id: categories[kind] }] }
    const product = variable
      ? createProduct(shop, {
          ...common,
          type: 'variable',
          attributes: [{ id: attribute.id, variation: true, visible: true, options: sizes }],
        })
      : createProduct(shop, {
          ...common,
          regular_price: price.toFixed(2),
          ...(random() < 0.2 ? { sale_price: (Math.round(price * 18) / 20).toFixed(2) } : {}),
          global_unique_id: `87123456${String(10000 + n)}`,
          manage_stock: n % 2 === 0,
          stock_quantity: 5000 + n,
          ...(n % 4 === 0 ? { images: [{ src: `https://images.example.com/${slugOf(title)}.png` }] } : {}),
        })
    if (variable) addVariations(shop, product.id, sku, price, attribute.id)
  }
  createCoupon(shop, { code: 'welcome10', discount_type: 'percent', amount: '10' })
  for (const product of shop.products.values()) product.createdAt = product.modifiedAt = moment
}

function addVariations(shop: Shop, parentId: number, sku: string, price: number, attributeId: number): void {
  for (const [index, size] of sizes.entries()) {
    createVariation(shop, parentId, {
      sku: `${sku}-${index + 1}`,
      regular_price: (price * (index + 1)).toFixed(2),
      manage_stock: index !== 1,
      stock_quantity: 3000,
      attributes: [{ id: attributeId, option: size }],
    })
  }
}

/** The customer behind order `index`, with the same name and addresses. */
function addCustomer(shop: Shop, seed: number, index: number, id: number, moment: number): void {
  const contact = contactOf(seed, index)
  const customer: Customer = {
    id,
    createdAt: moment,
    modifiedAt: moment,
    email: contact.email,
    firstName: contact.first_name,
    lastName: contact.last_name,
    role: 'customer',
    username: contact.email.slice(0, contact.email.indexOf('@')),
    billing: contact,
    shipping: { ...contact, email: '' },
    paying: true,
    meta: [],
  }
  shop.customers.set(id, customer)
}
