import type { Express } from 'express'
import supertest from 'supertest'
import { API_PREFIX, CONSOLE_HEADER } from '@crosswalk/shared/contract'
import type { Service } from '../../service-types.ts'

/** What came back from a call. */
export interface Seen {
  status: number
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look at whatever came
  body: any
  headers: Record<string, string | undefined>
  /** `Set-Cookie` lines. */
  cookies: readonly string[]
}

/** A browser that has the console open: it keeps cookies, and says where its page is from. */
export interface TestBrowser {
  call: (
    method: string,
    path: string,
    body?: object,
    headers?: Record<string, string | null>,
  ) => Promise<Seen>
  cookie: () => string | undefined
  take: (cookie: string | undefined) => void
}

/** @param at where the console is open, as the address line says */
export function createBrowser(app: Express, at = 'http://localhost:8787'): TestBrowser {
  const { host, origin } = new URL(at)
  let cookie: string | undefined
  return {
    cookie: () => cookie,
    take: (next) => void (cookie = next),
    call: async (method, path, body, headers = {}) => {
      const verb = method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete'
      const sent: Record<string, string | null | undefined> = {
        host,
        [CONSOLE_HEADER]: '1',
        'sec-fetch-site': 'same-origin',
        'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
        cookie,
        ...(verb === 'get' ? {} : { origin }),
        ...headers,
      }
      const call = supertest(app)[verb](`${API_PREFIX}${path}`)
      for (const [name, value] of Object.entries(sent))
        if (typeof value === 'string') void call.set(name, value)
      const { status, body: answer, headers: got } = await (body === undefined ? call : call.send(body))
      const cookies = (got['set-cookie'] ?? []) as unknown as string[]
      for (const line of cookies) {
        const [pair = ''] = line.split(';')
        cookie = /Expires=Thu, 01 Jan 1970/.test(line) ? undefined : pair
      }
      return { status, body: answer as unknown, headers: got, cookies }
    },
  }
}

/** Forgets everybody who has an account; quicker than to begin the whole store anew. */
export async function forgetPeople({ store }: Pick<Service, 'store'>): Promise<void> {
  await store.raw(
    'with a as (delete from account), i as (delete from invitation), w as (delete from wrong_try) delete from audit',
  )
}
