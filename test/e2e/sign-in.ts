import type { Page } from 'playwright-core'
import type { ServiceProcess } from './service.ts'

/** Opens the console and signs in, the way its first user does. */
export async function signIn(page: Page, service: ServiceProcess): Promise<void> {
  await page.goto(`${service.url}/#key=${service.key}`)
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
}
