import { defineConnector } from '../sdk/index.ts'
import { authorize } from './authorize.ts'
import { check } from './check.ts'
import { classify } from './classify.ts'
import { WooCredentials } from './credentials.ts'
import { customers } from './customers.ts'
import { identity } from './identity.ts'
import { orders } from './orders.ts'
import { products } from './products.ts'
import { WooSettings } from './settings.ts'
import { stock } from './stock.ts'
import { webhooks } from './webhooks.ts'

/** WooCommerce 5.8 or newer over its REST API `wc/v3`: a source of orders, customers, products and stock. */
export const woocommerce = defineConnector<WooSettings, WooCredentials>({
  id: 'woocommerce',
  label: 'WooCommerce',
  docsUrl: 'https://woocommerce.com/document/woocommerce-rest-api/',
  caveat: null,
  settings: WooSettings,
  credentials: WooCredentials,
  auth: {
    methods: [
      {
        id: 'keys',
        label: 'REST API key',
        kind: 'keys',
        limits: 'Webhooks need a key with permission “Read/Write” of an administrator or shop manager.',
      },
    ],
    authorize,
  },
  http: {
    // Of the settings only: keys never go to an address that the user did not enter.
    baseUrl: (settings) => settings.shopUrl,
    concurrency: 3,
    // No rate of its own; what a host bears is few calls at once, and the silence it asks for with a 429 is kept.
    windows: () => [],
    timeoutMs: 60_000,
    classify,
  },
  check,
  identity,
  // The overlap covers whole-second stamps and rows that were changed while a list was made.
  sweep: { everySeconds: 300, overlapSeconds: 300 },
  webhooks,
  sources: { order: orders, customer: customers, product: products, stock },
  objects: {},
  documents: {},
})
