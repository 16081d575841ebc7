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
import { buy, openScene, orderFlow, type FlowView, type Scene } from './scene.ts'
import { signIn } from './sign-in.ts'

const found = await findNeed('chromium')
if (!found.ok) console.warn(`${describeMissing('chromium', found.reason)} The mapping editor is not tried.`)

const WIDTHS = [1440, 782]
/** Records of the made-up shop that are there before, over two years. */
const EARLIER = 60
const DAYS = 400
const LIST = 'Ways to pay'

describe.skipIf(!found.ok)('rules, lists and the comparison, as somebody works with them', () => {
  let scene: Scene
  let flow: FlowView
  let browser: Browser
  let page: Page
  let wrong: string[]
  let shots = ''

  beforeAll(async () => {
    await ensureBuilt('console')
    scene = await openScene({ world: { shop: { orderCount: EARLIER, seed: 7 } } })
    flow = await orderFlow(scene)
    browser = await openBrowser(found.ok ? found.value : '')
    ;({ page, wrong } = await openPage(browser))
    shots = await mkdtemp(join(tmpdir(), 'crosswalk-rules-'))
    console.info(`Pictures of rules and lists: ${shots}`)
  })
  afterAll(async () => {
    await browser.close()
    await scene.close()
  })

  const button = (name: string | RegExp) => page.getByRole('button', { name })
  const text = (of: string | RegExp) => page.locator('#app').getByText(of)
  const rule = (target: string) => page.locator(`tr[data-target="${target}"]`)
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

  it('a rule is changed, tried on a real order step by step, saved, and the next order carries it', async () => {
    const id = buy(scene, 'anna@example.com')
    await flow.synced(id)
    await signIn(page, scene.service)
    await page.goto(`${scene.service.url}/#/flows/${flow.id}/mapping`)
    await rule('hs_order_name').getByText(`#${id}`).waitFor()

    await rule('hs_order_name').getByRole('button').focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Add a step').selectOption('text.prefix')
    await page.keyboard.type('Web ')
    await rule('hs_order_name').getByText(`Web #${id}`).waitFor()
    await page.getByRole('list', { name: /came about$/ }).getByText(`Put text before (“Web ”): Web #${id}`).waitFor() // prettier-ignore
    await picture('rule')
    await page.keyboard.press('Escape')
    await until('the focus is back', async () => (await page.evaluate('document.activeElement.closest("tr")?.dataset.target')) === 'hs_order_name') // prettier-ignore

    await page.reload()
    await text('Your changes from before were kept.').waitFor()
    await button('Save as version 2').click()
    await page
      .getByRole('dialog')
      .getByText(/in HubSpot already/)
      .waitFor()
    await picture('save')
    await page.getByRole('dialog').getByRole('button', { name: 'Save as version 2' }).click()
    await text(/^Version 2 is saved/).waitFor()
    const next = buy(scene, 'berta@example.com')
    await flow.synced(next)
    expect(flow.document(next)?.properties['hs_order_name']).toBe(`Web #${next}`)
    expect(flow.document(id)?.properties['hs_order_name']).toBe(`#${id}`)
  })

  it('a field that nobody fills is found, filled, and what is wrong with it is said', async () => {
    await text(/fields in HubSpot are not filled$/).click()
    await button(/^Fill it/)
      .first()
      .click()
    await text('It is not said where the value comes from.').first().waitFor()
    await page.getByLabel('Where the value comes from').selectOption('constant')
    await picture('fill')
    await button('Remove this rule').click()
    await page.locator('.cw-head').getByText('Version 2', { exact: true }).waitFor()
  })

  it('a missing row of a list is filled, and the order that waited for it goes through', async () => {
    const { api } = scene.service
    await api.lookups.save({ params: { name: LIST }, body: { entries: [{ from: 'ideal', to: 'Bank' }] } })
    const { document } = await api.mappings.get({ params: { flowId: flow.id, version: 2 } })
    const part = document.parts['document'] ?? expect.fail('no rules')
    const asks = {
      target: 'crosswalk_payment_method',
      value: { kind: 'field' as const, path: ['payment', 'method'] },
      transforms: [{ use: 'lookup.table', with: { table: LIST } }],
    }
    const rules = part.rules.filter(({ target }) => target !== asks.target)
    await api.mappings.save({ params: { flowId: flow.id }, body: { document: { parts: { ...document.parts, document: { ...part, rules: [...rules, asks as never] } } } } }) // prettier-ignore
    const id = buy(scene, 'carla@example.com', { payment_method: 'cod' })
    await flow.becomes(id, 'failed')

    await page.getByRole('navigation').getByRole('link', { name: 'Lists' }).click()
    await text('1 record waits').waitFor()
    await picture('lists')
    await page.getByRole('link', { name: LIST }).click()
    await page.getByLabel(/ for cod$/).fill('Cash')
    await text('Changes apply from the next record; 1 waiting record is tried again.').waitFor()
    await picture('list')
    await button('Save 1 change').click()
    await text('1 change is saved. 1 waiting record is tried again.').waitFor()
    await flow.synced(id)
    expect(flow.document(id)?.properties['crosswalk_payment_method']).toBe('Cash')
  })

  it('both sides are compared, and a difference opens its records', async () => {
    const { api } = scene.service
    const start = (body: object) => api.runs.start({ params: { flowId: flow.id }, body: body as never })
    const ended = (runId: string) =>
      until('the end of the run', async () => {
        const { state } = await api.runs.get({ params: { runId } })
        return !['queued', 'running', 'paused'].includes(state)
      })
    await api.lookups.save({ params: { name: LIST }, body: { entries: [], fallback: { to: 'Other' } } })
    await ended((await start({ kind: 'backfill', from: '2000-01-01T00:00:00Z' })).id)
    const { crm } = scene.world
    const made = (one: { properties: Record<string, string> }) => Date.parse(one.properties['hs_external_created_date'] ?? '') // prettier-ignore
    const settled = crm.all('orders').filter((one) => made(one) < Date.now() - 86_400_000 && made(one) > Date.now() - (DAYS - 30) * 86_400_000) // prettier-ignore
    const [lost, changed] = settled
    crm.archive('orders', lost?.id ?? '')
    crm.updateRecord('orders', changed?.id ?? '', { hs_total_price: '1.23' })
    await ended((await start({ kind: 'reconcile', days: DAYS })).id)

    await page.getByRole('navigation').getByRole('link', { name: 'Compare' }).click()
    await text('2 days differ').waitFor()
    await page.getByLabel('Only days with differences').click()
    await button(/1 amount differs/).click()
    await text(/HubSpot\. Nothing was changed\./).waitFor()
    await picture('compare')
    await button('Compare now').click()
    await text(/^Comparing: /).waitFor()
    await button('Compare now').waitFor()
  })

  it('keys are listed, and the pages were quiet all the time', async () => {
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await picture('keys')
    await page.keyboard.press('Escape')
    expect(wrong).toEqual([])
  })
})
