import { chromium, type Browser, type Page } from 'playwright-core'

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
] // prettier-ignore

/** Starts the browser that `findNeed('chromium')` found. */
export const openBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: FLAGS })

/** A page, and everything that went wrong in it: errors, complaints in the console (CSP's too), failed requests. */
export async function openPage(
  browser: Browser,
): Promise<{ page: Page; wrong: string[]; outside: string[] }> {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
  const wrong: string[] = []
  const outside: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') wrong.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => wrong.push(`page: ${error.message}`))
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url())
    if (protocol !== 'data:' && hostname !== 'localhost' && hostname !== '127.0.0.1')
      outside.push(request.url())
  })
  return { page, wrong, outside }
}
