import apiFetch from '@wordpress/api-fetch'
import type { Transport } from '@crosswalk/shared/contract'
import { Unreachable } from '../screens/bridge.tsx'

/**
 * The way to the bridge through WordPress: its REST route signs each call and passes it on, so no secret is in the page.
 * @param route below the REST root, such as `/crosswalk/v1/bridge`
 */
export const throughWordPress =
  (route: string): Transport =>
  async ({ method, path, body }) => {
    let response: Response
    try {
      response = await apiFetch<Response, false>({
        path: `${route}${path}`,
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
    return { status: response.status, json }
  }
