import { manualClock } from '../clock.ts'
import { startWooCommerce, type WooCommerceOptions, type WooCommerceSimulator } from './index.ts'
import { exchanges, recordedHost, type Exchange } from './recordings.ts'
import { isObject } from './php.ts'

/** A simulator set up as the shop the recordings were made at, and what tests need to compare the two. */
export interface Lab {
  sim: WooCommerceSimulator
  /** Sends a recorded request; its answer as far as recordings keep one. */
  replay(exchange: Exchange): Promise<Exchange['response']>
  call(method: string, path: string, options?: CallOptions): Promise<Exchange['response']>
  close(): Promise<void>
}

export interface CallOptions {
  query?: Record<string, string>
  body?: unknown
  rawBody?: string
  headers?: Record<string, string>
  /** Index of the key to use, or none. */
  key?: number | null
}

export const basic = ({ key, secret }: { key: string; secret: string }): string =>
  `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`

const recordedAt = Date.parse('2026-11-21T20:41:51Z')

/** A simulator with the recorded host name, an empty shop and a clock that stands at the time of the recordings. */
export async function openLab(options: WooCommerceOptions = {}): Promise<Lab> {
  const sim = await startWooCommerce({ clock: manualClock(recordedAt), storeUrl: recordedHost, ...options })
  const call: Lab['call'] = async (
    method,
    path,
    { query = {}, body, rawBody, headers = {}, key = 0 } = {},
  ) => {
    const url = new URL(path, sim.url)
    for (const [name, value] of Object.entries(query)) url.searchParams.append(name, value)
    const own = key === null ? undefined : sim.keys[key]
    const content = rawBody ?? (body === undefined ? undefined : JSON.stringify(body))
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: {
        ...(own ? { authorization: basic(own) } : {}),
        ...(content === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(content === undefined ? {} : { body: content }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') && text !== ''
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: isJson ? (JSON.parse(text) as unknown) : text,
    }
  }
  const replay: Lab['replay'] = ({ request }) =>
    call(request.method, request.path, {
      query: request.query,
      ...(request.body === undefined ? {} : { body: request.body }),
      ...(request.rawBody === undefined ? {} : { rawBody: request.rawBody }),
    })
  return { sim, replay, call, close: () => sim.close() }
}

/** Replays every write of these files, in order, without looking at the answers. */
export async function replayWrites(lab: Lab, files: string[]): Promise<void> {
  for (const file of files) {
    for (const exchange of exchanges(file)) if (exchange.request.method !== 'GET') await lab.replay(exchange)
  }
}

/** The recordings of the catalogue in the order they were made, so that ids come out the same. */
export async function fillCatalogue(lab: Lab): Promise<void> {
  await replayWrites(lab, catalogueFiles)
  addMugs(lab)
}

const attributeExchanges = 'product-attributes.json'
export const catalogueFiles = [
  'product-categories.json',
  'product-tags.json',
  attributeExchanges,
  'product-shipping-classes.json',
  'product-brands.json',
  'product-simple.json',
  'product-variable.json',
  'product-variations.json',
  'products-batch.json',
]

export function addMugs({ sim }: Lab): void {
  for (let n = 1; n <= 6; n++) {
    sim.addProduct({
      name: `Mug ${n}`,
      sku: `MUG-${n}`,
      regular_price: '6.00',
      manage_stock: true,
      stock_quantity: 10,
    })
  }
}

/** Where two answers differ: other keys or their order, other JSON types, other values where `skip` lets them count. */
export function differences(actual: unknown, recorded: unknown, skip: RegExp, at = ''): string[] {
  if (Array.isArray(recorded) && Array.isArray(actual)) {
    if (skip.test(at)) return []
    if (actual.length !== recorded.length)
      return [`${at}: ${actual.length} entries, recorded ${recorded.length}`]
    return recorded.flatMap((one, index) => differences(actual[index], one, skip, `${at}[]`))
  }
  if (isObject(recorded) && isObject(actual)) {
    const [have, want] = [Object.keys(actual).join(), Object.keys(recorded).join()]
    if (have !== want) return [`${at}: keys ${have}, recorded ${want}`]
    return Object.keys(recorded).flatMap((key) =>
      differences(actual[key], recorded[key], skip, `${at}.${key}`),
    )
  }
  const [have, want] = [jsonType(actual), jsonType(recorded)]
  if (have !== want)
    return [`${at}: ${have} ${JSON.stringify(actual)}, recorded ${want} ${JSON.stringify(recorded)}`]
  return skip.test(at) || actual === recorded
    ? []
    : [`${at}: ${JSON.stringify(actual)}, recorded ${JSON.stringify(recorded)}`]
}

const jsonType = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value

/** Headers a recording keeps, as the simulator sent them. */
export const keptHeaders = (
  response: Exchange['response'],
  recorded: Exchange['response'],
): Record<string, string> =>
  Object.fromEntries(Object.keys(recorded.headers).map((name) => [name, response.headers[name] ?? '(none)']))
