import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { describeMissing, findNeed } from '../../scripts/test-needs.mjs'
import { ensureBuilt } from '../../scripts/screens/build.ts'
import { DEFAULT_TOKEN } from '../simulators/hubspot/index.ts'
import { faultsOf } from './accessibility.ts'
import { openBrowser, openPage } from './browser.ts'
import { disagreements } from './checker.ts'
import { until } from './processes.ts'
import { makeHome, startServiceProcess, type Home, type ServiceProcess } from './service.ts'
import { startWorld, type World } from './shop-to-crm.ts'
import { signIn } from './sign-in.ts'

const found = await findNeed('chromium')
if (!found.ok) console.warn(`${describeMissing('chromium', found.reason)} The set-up is not tried.`)

const ORDERS = 30
const WIDTHS = [1440, 782]
/** A domain that two companies of the CRM have: somebody has to say which is meant. */
const SHARED = 'tools.example.com'

describe.skipIf(!found.ok)('the set-up, from an empty console to the first synced order', () => {
  let world: World
  let home: Home
  let service: ServiceProcess
  let browser: Browser
  let page: Page
  let wrong: string[]
  let outside: string[]
  let shots = ''
  /** What is wrong with pages as they are shown. */
  const unfit: string[] = []

  beforeAll(async () => {
    await ensureBuilt('console')
    world = await startWorld({ shop: { orderCount: ORDERS, seed: 11 } })
    for (const name of ['Tools BV', 'Tools Holding'])
      world.crm.createRecord('companies', { name, domain: SHARED })
    placeOrder('jan@tools.example.com', { company: 'Tools BV' })
    home = await makeHome()
    service = await startServiceProcess(home, { hosts: world.hosts, webhooks: true })
    browser = await openBrowser(found.ok ? found.value : '')
    ;({ page, wrong, outside } = await openPage(browser))
    page.setDefaultTimeout(20_000)
    shots = await mkdtemp(join(tmpdir(), 'crosswalk-setup-'))
    console.info(`Pictures of the set-up: ${shots}`)
  }, 180_000)
  afterAll(async () => {
    await browser.close()
    await service.end('SIGKILL')
    await world.close()
    await home.remove()
  })

  const placeOrder = (email: string, billing: object = {}): number =>
    world.shop.placeOrder({
      status: 'processing',
      set_paid: true,
      billing: { first_name: 'Jan', last_name: 'Tester', email, country: 'NL', ...billing },
      line_items: [{ name: 'Linen apron', product_id: 12, quantity: 1 }],
    }).id as number
  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const link = (name: string | RegExp) => page.locator('main').getByRole('link', { name })
  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name })
  const text = (of: string | RegExp) => page.locator('#app').getByText(of)
  /** A picture at both widths; the page must be fit for all, and never wider than its window. */
  async function picture(name: string): Promise<void> {
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 })
      await page.screenshot({ path: join(shots, `${name}-${width}.png`), fullPage: true })
      const wide = (await page.evaluate('document.documentElement.scrollWidth')) as number
      if (wide > width) unfit.push(`${name} at ${width}: ${wide} px wide`)
      unfit.push(...(await faultsOf(page)).map((fault) => `${name} at ${width}: ${fault}`))
    }
    await page.setViewportSize({ width: 1440, height: 900 })
  }

  it('says what is to be done, and connects the shop with the cause where a key is wrong', async () => {
    await signIn(page, service)
    await link('Connect a system').click()
    await link('Begin').waitFor()
    await picture('start')
    await link('Choose the systems').click()
    await heading('Which systems?').waitFor()
    await picture('systems')
    await button('Continue').click()
    await heading('Connect WooCommerce').waitFor()
    await button(/^Check and connect/).click()
    await text('Shop address: This is needed.').waitFor()
    await picture('connect-empty')
    const [key] = world.shop.keys
    await page.getByLabel('Shop address').fill(world.shop.url)
    await page.getByLabel('Consumer key').fill(key?.key ?? '')
    await page.getByLabel('Consumer secret').fill(`cs_${'9'.repeat(40)}`)
    await button(/^Check and connect/).click()
    await text('the consumer secret is wrong').waitFor()
    await picture('connect-refused')
    await page.getByLabel('Consumer secret').fill(` ${key?.secret} `)
    await button(/^Check and connect/).click()
    await link('Continue: Connect HubSpot').waitFor()
    await picture('connected')
  })

  it('connects HubSpot with a key, and can be left and gone on with', async () => {
    await page.goto(`${service.url}/#/setup`)
    await link('Go on: Connect HubSpot').click()
    await heading('Connect HubSpot').waitFor()
    await picture('connect-hubspot')
    await page.locator('summary', { hasText: 'more setting' }).click()
    await page.getByLabel('Address of the API').fill(world.crm.url)
    await page.getByLabel('Token *').fill(DEFAULT_TOKEN)
    await button(/^Check and connect/).click()
    await link('Continue: Choose what travels').click()
    await heading('What should travel?').waitFor()
  })

  it('chooses what travels, with its volume, and asks what cannot be guessed', async () => {
    await text(`${ORDERS + 1} records`).waitFor()
    await page.getByRole('radio', { name: 'Deal' }).check()
    await picture('flows')
    await button('Continue with 1 flow').click()
    await heading('A few questions').waitFor()
    await text(/questions? (is|are) answered/).waitFor()
    await picture('questions')
    await button('Save and continue').click()
    await heading('What is already there?').waitFor()
  })

  it('looks at what is there, lets somebody decide, and shows what would become of real orders', async () => {
    await picture('match-empty')
    await button('Look at all of them').click()
    await page.locator('[data-run=succeeded]').waitFor({ timeout: 60_000 })
    await page.getByRole('table', { name: /What is there already/ }).waitFor()
    await heading('What is already there?').waitFor()
    const choice = page.getByRole('radio', { name: /in HubSpot: Tools BV/ })
    await choice.check()
    await picture('match')
    await button(/^Decide /).click()
    await until('it is decided', async () => (await choice.count()) === 0)
    await link('Continue: preview').click()
    await heading('Preview').waitFor()
    await text(/The newest 10 records:/).waitFor({ timeout: 60_000 })
    await picture('preview')
    await page.getByRole('checkbox', { name: 'Only differences' }).uncheck()
    await page.getByRole('radio', { name: /^All/ }).click()
    await page.locator('[data-run=succeeded]').waitFor({ timeout: 60_000 })
    await picture('preview-all')
    expect(world.crm.all('deals')).toEqual([])
    await button('These are right: continue').click()
    await heading('Go live').waitFor()
  })

  it('goes live with earlier orders counted first, and tells the first one that is there', async () => {
    await picture('live')
    await page.getByRole('radio', { name: `All there are: ${ORDERS + 1} records` }).check()
    await picture('live-history')
    await button(`Go live and bring ${ORDERS + 1} records`).click()
    await heading('It is live').waitFor()
    await text(/^Order .+ (is|was) in HubSpot/).waitFor({ timeout: 60_000 })
    await page
      .locator('.cw-run [data-run=succeeded], .cw-run [data-run=partial]')
      .waitFor({ timeout: 60_000 })
    await picture('bringing')
    const wanted = (order: Record<string, unknown>): boolean => order['status'] !== 'checkout-draft'
    await until(
      'all orders are there',
      async () => disagreements(world.shop, world.crm, wanted, 'deals').length === 0,
    )
  })

  it('shows a new order, the flow, and the connections; pauses the flow and sets it going', async () => {
    const id = placeOrder('new@example.com')
    await until('the new order is there', async () => world.crm.all('deals').some((deal) => String(deal.properties['crosswalk_key']).endsWith(`:${id}`))) // prettier-ignore
    await link('The flow, its settings and runs').click()
    await page.getByRole('table', { name: 'Runs of this flow, newest first' }).waitFor()
    await page.getByRole('heading', { name: 'Settings' }).waitFor()
    await button('Save the settings').waitFor()
    await picture('flow')
    await button('Pause…').click()
    await button('Pause this flow').click()
    await button('Switch it on').click()
    await button('Pause…').waitFor()
    await page
      .getByRole('navigation', { name: 'Pages of Crosswalk' })
      .getByRole('link', { name: 'Flows' })
      .click()
    await heading('Flows').waitFor()
    await link(/Orders/)
      .first()
      .waitFor()
    await picture('flow-list')
    await page.getByRole('navigation', { name: 'Pages of Crosswalk' }).getByRole('link', { name: 'Connections' }).click() // prettier-ignore
    await link(/Lab Shop/).waitFor()
    await picture('connections')
    await link(/Lab Shop/).click()
    await button('Check now').click()
    await text('Checked just now.').waitFor()
    await picture('connection')
  })

  it('asks about a shop that calls itself otherwise, and sets up who is told', async () => {
    world.shop.moveTo('https://test-site.example.test')
    placeOrder('test@example.com')
    await until('it is asked', async () => {
      await page.goto(`${service.url}/#/connections`)
      await page.reload()
      await link(/Lab Shop/).waitFor()
      return (await text('Moved, or a copy?').count()) > 0
    })
    await link(/Lab Shop/).click()
    await button('It is a copy: keep it paused').waitFor()
    await picture('moved')
    await button('It is a copy: keep it paused').click()
    await text('Nothing is taken from it.').first().waitFor()
    await page
      .getByRole('navigation', { name: 'Pages of Crosswalk' })
      .getByRole('link', { name: 'Settings' })
      .click()
    await heading('Alarms').waitFor()
    await page.getByRole('combobox', { name: 'Send mail to' }).fill('owner@example.com')
    await page.keyboard.press('Enter')
    await picture('alarms')
    await button('Save the alarms').click()
    await text('Saved.').waitFor()
  })

  it('was fit for all at both widths, quiet all the time, and called nobody else', () => {
    expect(unfit).toEqual([])
    expect(wrong).toEqual([])
    expect(outside).toEqual([])
  })
})
