import {
  API_PREFIX,
  CONSOLE_HEADER,
  contract,
  createClient,
  type CallerRole,
  type Client,
} from '@crosswalk/shared/contract'
import type { ServiceProcess } from './service.ts'

export const PASSWORD = 'a quiet lake at dawn'

/** The API as the console of somebody sees it who came by an owner's invitation. */
export async function invitePerson(
  service: Pick<ServiceProcess, 'url' | 'api'>,
  of: { email: string; name: string; role: CallerRole },
): Promise<{ api: Client<typeof contract>; cookie: string }> {
  const { code } = await service.api.accounts.invite({ body: { email: of.email, role: of.role } })
  const own = { origin: new URL(service.url).origin, [CONSOLE_HEADER]: '1' }
  const call = async (method: string, path: string, body: unknown, cookie = '') => {
    const response = await fetch(`${service.url}${API_PREFIX}${path}`, {
      method,
      headers: { ...own, cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, json: await response.json(), headers: response.headers }
  }
  const { headers } = await call('POST', '/session/invitation/accept', {
    code,
    name: of.name,
    password: PASSWORD,
  })
  const cookie = headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return {
    cookie,
    api: createClient(contract, ({ method, path, body }) => call(method, path, body, cookie)),
  }
}
