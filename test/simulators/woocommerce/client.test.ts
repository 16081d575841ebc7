import * as woocommerce from '@woocommerce/woocommerce-rest-api'
import { afterEach, describe, expect, it } from 'vitest'
import { startWooCommerce, type WooCommerceOptions, type WooCommerceSimulator } from './index.ts'

interface ClientAnswer {
  status: number
  data: Record<string, unknown> & Record<string, unknown>[]
  headers: Record<string, string>
}
interface Client {
  get(path: string, params?: Record<string, unknown>): Promise<ClientAnswer>
  post(path: string, data: unknown): Promise<ClientAnswer>
  put(path: string, data: unknown): Promise<ClientAnswer>
  delete(path: string, params?: Record<string, unknown>): Promise<ClientAnswer>
}
type Construct = new (options: Record<string, unknown>) => Client

/** The package is CommonJS with a default export inside its default export. */
function constructorOf(loaded: unknown): Construct {
  let found = loaded
  while (typeof found === 'object' && found !== null && 'default' in found) found = found.default
  return found as Construct
}
const WooCommerceRestApi = constructorOf(woocommerce)

let sim: WooCommerceSimulator
afterEach(() => sim.close())

async function open(options: WooCommerceOptions, client: Record<string, unknown> = {}): Promise<Client> {
  sim = await startWooCommerce({ orderCount: 30, ...options })
  const key = sim.keys[0]
  return new WooCommerceRestApi({
    url: sim.url,
    consumerKey: key?.key,
    consumerSecret: key?.secret,
    ...client,
  })
}

/** A client of an https shop; the simulator stands for that shop behind its TLS proxy. */
const openSecure = (client: Record<string, unknown>): Promise<Client> =>
  open({}, { url: 'https://shop.example.test', axiosConfig: overLoopback(), ...client })

/** Sends the client's https call to the loopback port as it is. */
function overLoopback(): Record<string, unknown> {
  const toSimulator = async (config: {
    url: string
    method: string
    data?: string
    params?: Record<string, string>
    auth?: { username: string; password: string }
    headers: Record<string, string>
  }) => {
    const url = new URL(config.url)
    for (const [name, value] of Object.entries(config.params ?? {}))
      url.searchParams.append(name, String(value))
    const login = config.auth && `Basic ${btoa(`${config.auth.username}:${config.auth.password}`)}`
    const response = await fetch(`${sim.url}${url.pathname}${url.search}`, {
      method: config.method.toUpperCase(),
      headers: { 'content-type': 'application/json', ...(login ? { authorization: login } : {}) },
      ...(config.data === undefined ? {} : { body: config.data }),
    })
    const data = (await response.json()) as unknown
    return {
      status: response.status,
      data,
      headers: Object.fromEntries(response.headers),
      config,
      statusText: '',
    }
  }
  return { adapter: toSimulator }
}

async function useAll(api: Client): Promise<void> {
  const page = await api.get('orders', { per_page: 20, page: 2, status: ['completed', 'processing'] })
  expect(page.status).toBe(200)
  expect(Number(page.headers['x-wp-total'])).toBeGreaterThan(10)
  const { data: product } = await api.post('products', {
    name: 'Kaffee & Törtchen',
    regular_price: '12.10',
    sku: 'KT-1',
  })
  expect(product).toMatchObject({ name: 'Kaffee &amp; Törtchen', sku: 'KT-1' })
  const line_items = [{ product_id: product['id'], quantity: 2 }]
  const { data: order } = await api.post('orders', { line_items, set_paid: true })
  expect(order).toMatchObject({ status: 'processing', total: '24.20', total_tax: '4.20' })
  const changed = await api.put(`orders/${String(order['id'])}`, { status: 'completed' })
  expect(changed.data['status']).toBe('completed')
  const gone = await api.delete(`orders/${String(order['id'])}`, { force: true })
  expect(gone.status).toBe(200)
  expect(sim.orders().some((one) => one['id'] === order['id'])).toBe(false)
}

describe('the official client', () => {
  it('signs with OAuth over plain http', async () => {
    await useAll(await open({ https: 'none' }))
    expect(sim.calls.every((one) => one.url.includes('oauth_signature='))).toBe(true)
  })

  it('sends Basic to an https shop', async () => {
    await useAll(await openSecure({}))
    expect(sim.calls.every((one) => one.headers.authorization?.startsWith('Basic '))).toBe(true)
  })

  it('puts its keys in the query string where asked to', async () => {
    await useAll(await openSecure({ queryStringAuth: true }))
    expect(sim.calls.every((one) => one.url.includes('consumer_secret='))).toBe(true)
  })

  it('is refused with a wrong secret', async () => {
    const api = await open({ https: 'none' }, { consumerSecret: 'cs_wrong' })
    await expect(api.get('orders')).rejects.toMatchObject({
      response: { status: 401, data: { code: 'woocommerce_rest_authentication_error' } },
    })
  })
})
