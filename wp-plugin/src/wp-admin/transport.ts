import apiFetch from '@wordpress/api-fetch'
import type { ErrorCode, Transport } from '@crosswalk/shared/contract'
import { Unreachable } from '../screens/bridge.tsx'

/** The plugin's words for a bridge that gave no answer. */
const SILENT = new Set(['crosswalk_dns', 'crosswalk_refused', 'crosswalk_tls', 'crosswalk_timeout', 'crosswalk_unreachable']) // prettier-ignore

const CODES: Readonly<Record<number, ErrorCode>> = {
  400: 'bad_request', 401: 'unauthorized', 403: 'forbidden', 404: 'not_found', 413: 'too_large', 429: 'rate_limited', 502: 'other_system_failed', 503: 'not_ready',
} // prettier-ignore

/**
 * The way to the bridge through WordPress: its REST route signs each call and passes it on, so no secret is in the page.
 * @param route below the REST root, such as `/crosswalk/v1/bridge`
 * @param host of the bridge, for words
 */
export const throughWordPress =
  (route: string, host: string): Transport =>
  async ({ method, path, body }) => {
    let response: Response
    try {
      response = await apiFetch<Response, false>({
        // One parameter: WordPress would read the bridge's own as its.
        path: `${route}?path=${encodeURIComponent(path)}`,
        method,
        ...(body === undefined ? {} : { data: body }),
        parse: false,
      })
    } catch (thrown) {
      // With `parse: false` an answer that is not a good one is thrown as it is.
      if (!(thrown instanceof Response)) throw new Unreachable(location.host)
      response = thrown
    }
    const json: unknown = await response.json().catch(() => undefined)
    return { status: response.status, json: inOurForm(response.status, json, host) }
  }

/** WordPress's own refusals, and those of the plugin, in the form that the bridge's have. @throws Unreachable */
function inOurForm(status: number, json: unknown, host: string): unknown {
  const { code, message } = (json ?? {}) as { code?: unknown; message?: unknown }
  if (status < 400 || typeof code !== 'string' || typeof message !== 'string') return json
  if (SILENT.has(code)) throw new Unreachable(host)
  return { error: { code: CODES[status] ?? 'internal', message } }
}
