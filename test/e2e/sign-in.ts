import type { Page } from 'playwright-core'
import { invitePerson } from './person.ts'
import type { ServiceProcess } from './service.ts'

/** Opens the console as an operator who was invited and is signed in already, and waits for its first page. */
export async function signIn(page: Page, service: Pick<ServiceProcess, 'url' | 'api'>): Promise<void> {
  const { cookie } = await invitePerson(service, {
    email: 'operator@example.com',
    name: 'Anna Jansen',
    role: 'operator',
  })
  const at = cookie.indexOf('=')
  await page.context().addCookies([{ name: cookie.slice(0, at), value: cookie.slice(at + 1), url: service.url }]) // prettier-ignore
  await page.goto(service.url)
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
}
