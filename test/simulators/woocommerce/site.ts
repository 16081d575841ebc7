import type { SimReply, SimRequest } from '../server.ts'
import { checkPermission, looksAtKeys, type createAuth } from './auth.ts'
import { ApiError } from './errors.ts'
import { phpJson } from './php.ts'
import { answerText, dispatch, type Answer, type Route } from './router.ts'
import { restUrl, withInjected, type ApiKey, type Shop } from './state.ts'
import { siteIndex } from './system.ts'

export interface SiteOptions {
  auth: ReturnType<typeof createAuth>
  routes: Route[]
  /** A wall in front of the shop that answers 403 with a page of its own to `wc` routes. */
  securityPlugin: boolean
  /** Runs what is due, as a call of `/wp-cron.php` does. */
  cron: () => Promise<unknown>
  /** Waits for what a call started and the shop finishes before it answers (the webhook ping). */
  settled: () => Promise<unknown>
}

const noStore = 'no-cache, must-revalidate, max-age=0, no-store, private'
const html = { 'content-type': 'text/html; charset=UTF-8' }

const wall =
  '<!DOCTYPE html>\n<html lang="en"><head><title>403 Forbidden</title></head>' +
  '<body><h1>Access denied</h1><p>Your request was blocked by the security policy of this site.</p></body></html>\n'

/** Everything the shop's web server answers: REST under `/wp-json/` or `?rest_route=`, cron, and pages. */
export function createSite(shop: Shop, options: SiteOptions) {
  const base = new URL(shop.url).pathname.replace(/\/$/, '')
  const rootLink = (): string => `<${restUrl(shop, '/')}>; rel="https://api.w.org/"`
  const page = (): SimReply => ({
    status: 200,
    headers: { ...html, link: rootLink() },
    text: `<!DOCTYPE html>\n<html lang="en"><head><title>Lab Shop</title><link rel="https://api.w.org/" href="${restUrl(shop, '/')}" /></head><body>Lab Shop</body></html>\n`,
  })

  /** Path of the REST route a request names, or null where it names none. */
  function restPath(request: SimRequest): string | null {
    const named = request.query.get('rest_route')
    if (named !== null) return named === '' ? '/' : named
    const path =
      base !== '' && request.path.startsWith(`${base}/`) ? request.path.slice(base.length) : request.path
    if (shop.plainPermalinks || !/^\/wp-json(\/|$)/.test(path)) return null
    return decodeURIComponent(path.slice('/wp-json'.length)) || '/'
  }

  function run(request: SimRequest, path: string): { answer: Answer; key: ApiKey | null } {
    let key: ApiKey | null = null
    try {
      key = options.auth.authenticate(request)
      if (key) checkPermission(key, request.method)
      if (path === '/') return { answer: { body: siteIndex(shop) }, key }
      return { answer: dispatch(shop, options.routes, request, path, key), key }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return { answer: { status: error.status, body: error.body() }, key }
    }
  }

  return async function handle(request: SimRequest): Promise<SimReply> {
    const path = restPath(request)
    if (options.securityPlugin && (looksAtKeys(request.url) || path?.startsWith('/wc'))) {
      return { status: 403, headers: html, text: wall }
    }
    if (path === null) {
      if (request.path.endsWith('/wp-cron.php')) {
        if (!request.query.has('doing_wp_cron')) await options.cron()
        return { status: 200, headers: html, text: '' }
      }
      return page()
    }
    const { answer, key } = run(request, path)
    await options.settled()
    return {
      status: answer.status ?? 200,
      headers: {
        'content-type': 'application/json; charset=UTF-8',
        link: rootLink(),
        ...answer.headers,
        ...(key ? { 'cache-control': noStore } : {}),
      },
      text: withInjected(
        shop,
        path === '/' ? phpJson(answer.body) : answerText(answer, path, request.query.get('_fields')),
      ),
    }
  }
}
