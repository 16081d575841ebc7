import { readFileSync } from 'node:fs'
import type { Json } from './php.ts'

/** One recorded call and its answer, as the fixture files hold them. */
export interface Exchange {
  note?: string
  request: { method: string; path: string; query: Record<string, string>; body?: unknown; rawBody?: string }
  response: { status: number; headers: Record<string, string>; body: unknown }
}

const folder = new URL('../../fixtures/woocommerce/', import.meta.url)
const kept = new Map<string, string>()

/** The text of a recording, e.g. `errors.json`. */
export function recordingText(name: string): string {
  let content = kept.get(name)
  if (content === undefined) kept.set(name, (content = readFileSync(new URL(name, folder), 'utf8')))
  return content
}

export const exchanges = (name: string): Exchange[] => JSON.parse(recordingText(name)) as Exchange[]

export const recordedHost = 'https://shop.example.test'

/** The recorded answer of a GET on `path`, with the shop's own address in place of the recorded one. */
export function recordedBody(name: string, path: string, storeUrl: string): unknown {
  const found = exchanges(name).find(
    (one) => one.request.method === 'GET' && one.request.path === `/wp-json${path}`,
  )
  if (!found) throw new Error(`no recording of ${path} in ${name}`)
  return JSON.parse(JSON.stringify(found.response.body).replaceAll(recordedHost, storeUrl))
}

/** Routes of `wc/v3` with their methods, e.g. `/wc/v3/orders/(?P<id>[\d]+)`. */
export function recordedRoutes(): Record<string, string[]> {
  const body = recordedBody('index.json', '/wc/v3', recordedHost) as Json
  return body['routes'] as Record<string, string[]>
}
