import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { describeMissing, findNeed } from '../../scripts/test-needs.mjs'
import { ensureBuilt } from '../../scripts/screens/build.ts'
import { faultsOf } from './accessibility.ts'
import { openBrowser, openPage } from './browser.ts'
import { until } from './processes.ts'
import { makeHome, startServiceProcess, type Home, type ServiceProcess } from './service.ts'

const found = await findNeed('chromium')
if (!found.ok) console.warn(`${describeMissing('chromium', found.reason)} The console is not tried.`)

/** Names that do harm wherever a page takes text for HTML. */
const HOSTILE = '<img src=x onerror="document.title=`broken into`">'
const WIDTHS = [1440, 782]

describe.skipIf(!found.ok)('the console, as somebody new opens it', () => {
  let home: Home
  let service: ServiceProcess
  let browser: Browser
  let page: Page
  let wrong: string[]
  let outside: string[]
  let shots = ''

  beforeAll(async () => {
    await ensureBuilt('console')
    home = await makeHome(undefined, { fresh: true })
    service = await startServiceProcess(home)
    browser = await openBrowser(found.ok ? found.value : '')
    const opened = await openPage(browser)
    ;({ page, wrong, outside } = opened)
    shots = await mkdtemp(join(tmpdir(), 'crosswalk-console-'))
    console.info(`Pictures of the console: ${shots}`)
  })
  afterAll(async () => {
    await browser.close()
    await service.end()
    await home.remove()
  })

  const button = (name: string | RegExp) => page.getByRole('button', { name })
  /** Everything is told to screen readers beside it too, so texts are looked for on the page itself. */
  const text = (of: string | RegExp) => page.locator('#app').getByText(of)
  /** A picture at both widths; the page must be fit for all, and never wider than its window. */
  async function picture(name: string): Promise<void> {
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 })
      await page.screenshot({ path: join(shots, `${name}-${width}.png`), fullPage: true })
      expect(await page.evaluate('document.documentElement.scrollWidth'), `${name} at ${width}`).toBeLessThanOrEqual(width) // prettier-ignore
      expect(await faultsOf(page), `${name} at ${width}`).toEqual([])
    }
    await page.setViewportSize({ width: 1440, height: 900 })
  }
  /** Steers a simulator of the demo by its control routes, found by the address its connection has. */
  async function steer(connector: 'woocommerce' | 'hubspot', verb: string, body: unknown): Promise<unknown> {
    const { items } = await service.api.connections.list()
    const settings = items.find((one) => one.connector === connector)?.settings
    const url = String(settings?.[connector === 'hubspot' ? 'apiBaseUrl' : 'shopUrl'])
    const response = await fetch(`${url}/__sim/${verb}`, { method: 'POST', body: JSON.stringify(body) })
    return response.json()
  }

  it('asks for a key, says what is wrong with one, and takes one from the address out of it', async () => {
    await page.goto(service.url)
    await page.getByLabel('Access key').fill('hunter2')
    await button('Open the console').click()
    await text('does not look like an access key').waitFor()
    await page.getByLabel('Access key').fill('cw_0123456789abcdef')
    await button('Open the console').click()
    await text('This key is not known here').waitFor()
    await picture('sign-in')
    // The browser itself tells of the 401 that was provoked.
    expect(wrong.splice(0).every((line) => /status of 401/.test(line))).toBe(true)

    await page.goto(`${service.url}/#key=${service.key}`)
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    expect(page.url()).toBe(`${service.url}/#/`)
    await page.reload()
    await button('Try it with a demo shop').waitFor()
    await picture('first')
  })

  it('starts the demo, and pauses, resumes and finishes bringing its orders over', async () => {
    await button('Try it with a demo shop').click()
    const run = page.locator('.cw-run')
    await button('Pause').click({ timeout: 60_000 })
    await run.getByText('Paused').waitFor()
    const line = () => run.locator('.cw-progress-line').textContent()
    await button('Stop…').click()
    await page.getByRole('dialog', { name: 'Stop bringing earlier orders?' }).waitFor()
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Keep it going')
    await picture('stop')
    await page.keyboard.press('Escape')
    await until('the focus is back', async () => (await page.evaluate('document.activeElement.textContent')) === 'Stop…') // prettier-ignore
    await picture('paused')
    await button('Resume').click()
    await run.locator('[data-run=succeeded]').waitFor({ timeout: 60_000 })
    const [, done, total] = /^(\d+) of (\d+) · took/.exec((await line()) ?? '') ?? []
    expect(Number(done)).toBeGreaterThanOrEqual(306)
    expect(done).toBe(total)
    await run.getByText('none failed').waitFor()
    await text(/All is well: \d+ records are where they should be/).waitFor()
    await page.getByRole('img', { name: /^Bars for the last 14 days: \d+ records came into place, 0 failed/ }).locator('canvas').waitFor() // prettier-ignore
    await picture('done')
    await button('Show as table').click()
    await page.getByRole('table', { name: 'Records per day, newest first' }).waitFor()
    await picture('table')
  })

  it('finds an order and shows its way, rule by rule, once it is synced', async () => {
    await page.getByRole('link', { name: 'Activity', exact: true }).click()
    await page.getByRole('cell', { name: 'Left out' }).first().waitFor()
    expect(await page.evaluate(`document.activeElement === document.querySelector('h1')`)).toBe(true)
    await button('Older ›').click()
    await page.waitForURL(/cursor=/)
    await button('‹ Newer').click()
    await page.waitForURL((url) => !url.hash.includes('cursor'))
    await picture('activity')
    await page.getByLabel('Search').fill('#26')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Order #26', exact: true }).click()
    await page.getByRole('heading', { name: /^Order #26 → deal \d+$/ }).waitFor()
    expect(await page.evaluate(`document.activeElement === document.querySelector('h1')`)).toBe(true)
    // Brought over in a batch, and still every rule is told.
    await text(/^Deal: \d+ rules$/).waitFor()
    await button('Sync now').click()
    await text(/^Synced: /).waitFor({ timeout: 30_000 })
    await text(/^Deal: \d+ rules$/).click()
    const stage = page.getByRole('row', { name: /^dealstage status.source, looked up in the table stages completed closedwon filled$/ }) // prettier-ignore
    await stage.waitFor()
    await picture('record')
  })

  it('shows what a shop says as text, and tells a refusal with its cause, a retry and a note', async () => {
    await steer('hubspot', 'latency', { ms: 0 })
    await steer('hubspot', 'rules', {
      name: 'refused',
      method: 'POST',
      path: 'deals/batch/create',
      action: {
        kind: 'status',
        status: 400,
        body: {
          status: 'error',
          category: 'VALIDATION_ERROR',
          message: `Property values were not valid: ${HOSTILE}`,
        },
      },
    })
    const placed = (await steer('woocommerce', 'placeOrder', {
      status: 'processing', set_paid: true,
      billing: { first_name: HOSTILE, last_name: 'Tester', email: 'hostile@example.test', country: 'NL' },
      line_items: [{ name: HOSTILE, product_id: 12, quantity: 1 }],
    })) as { id: number } // prettier-ignore
    const id = String(placed.id)
    const [flow] = (await service.api.flows.list()).items
    await service.api.records.sync({ params: { flowId: flow?.id ?? '' }, body: { externalIds: [id] } })

    await page
      .getByRole('navigation')
      .getByRole('link', { name: /Failures/ })
      .click()
    // The demo's own new orders may be refused too.
    await text(/^Show \d+ records?$/).click({ timeout: 60_000 })
    await picture('failures')
    await page.getByRole('link', { name: `Order #${id}` }).click()
    await page.getByRole('heading', { name: `Order #${id}` }).waitFor()
    await text('3 What was sent').waitFor()
    for (const one of await page.locator('.cw-step summary').all()) await one.click()
    await text(HOSTILE).first().waitFor()
    await picture('failed-record')
    expect(await page.locator('main img').count()).toBe(0)
    expect(await page.title()).not.toContain('broken')

    await page.goBack()
    await button(/^Retry \d+ records?$/).click()
    await text(/^\d+ records? (is|are) being tried again/).waitFor()
    const record = () => service.api.records.get({ params: { flowId: flow?.id ?? '', externalId: id } })
    await until('the second refusal', async () => (await record()).history.length >= 2)

    await page.reload()
    await text(/^Show \d+ records?$/).click()
    await button(`Skip Order #${id}…`).click()
    await page.getByLabel('Why is it skipped?').fill('Only a test')
    await picture('skip')
    await button(`Skip Order #${id}`).click()
    await text('is set aside').waitFor()
    await until('it is gone from the list', async () => (await page.getByRole('link', { name: `Order #${id}` }).count()) === 0) // prettier-ignore
    expect((await record()).state).toBe('skipped')
  })

  it('was quiet all the time: no error, no breach of the content policy, no call to anywhere else', async () => {
    expect(wrong).toEqual([])
    expect(outside).toEqual([])
    const { headers } = await fetch(service.url)
    const policy = headers.get('content-security-policy')
    expect(policy).toMatch(/script-src 'self'(;|$)/)
    expect(policy).not.toContain('unsafe')
  })

  it('goes back to the form when somebody signs out', async () => {
    await button('Sign out').click()
    await page.getByLabel('Access key').waitFor()
    await page.reload()
    await page.getByLabel('Access key').waitFor()
  })
})
