import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Browser } from 'playwright-core'
import { API_PREFIX } from '@crosswalk/shared/contract'
import { describeMissing, findNeed } from '../../../scripts/test-needs.mjs'
import { ensureBuilt } from '../../../scripts/screens/build.ts'
import { openBrowser, openPage } from '../browser.ts'
import { disagreements } from '../checker.ts'
import { buy, openScene, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { senderOf, type Sender } from './sender.ts'

const chromium = await findNeed('chromium')
if (!chromium.ok)
  console.warn(`${describeMissing('chromium', chromium.reason)} F1 is not tried in a browser.`)

/** Text that does harm wherever a page takes it for HTML. */
const HOSTILE = `<img src=x onerror="document.title='broken into'"><script>document.title='broken into'</script>`
const HOSTILE_LINK = `javascript:document.title='broken into'`
const DEEP = '['.repeat(10_000) + ']'.repeat(10_000)
const LONG = '9'.repeat(400)
const POLLUTING = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'

describe('malicious input', () => {
  let scene: Scene
  let flow: FlowView
  let sender: Sender
  beforeAll(async () => {
    scene = await openScene()
    flow = await orderFlow(scene)
    sender = senderOf(scene.world.shop)
  })
  afterAll(() => scene.close())
  afterEach(() => {
    sender.shopTells('active')
    expect(scene.service.child.exitCode).toBeNull()
  })

  const wrong = (but: readonly number[] = []) =>
    disagreements(scene.world.shop, scene.world.crm, (order) => !but.includes(order['id'] as number))
  /** A call of the API with whatever text as its body. */
  async function call(method: string, path: string, body?: string) {
    const response = await fetch(`${scene.service.url}${API_PREFIX}${path}`, {
      method,
      headers: { authorization: `Bearer ${scene.service.key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }

  const product = (name: string, price: string): unknown =>
    scene.world.shop.addProduct({
      name,
      sku: `ODD-${scene.world.shop.products().length}`,
      regular_price: price,
    })['id']

  const hostileOrder = (): number =>
    buy(
      scene,
      'anna@example.com',
      {
        customer_note: `Ring ${HOSTILE} twice`,
        line_items: [{ product_id: product(HOSTILE, '10.00'), quantity: 1 }],
        meta_data: [{ key: '_tracking_url', value: HOSTILE_LINK }],
      },
      { first_name: HOSTILE, last_name: HOSTILE_LINK, company: HOSTILE, city: HOSTILE },
    )

  it('F1 HTML and script in names, notes and titles: text in HubSpot, and JSON that no browser takes for a page', async () => {
    const id = hostileOrder()
    await flow.synced(id)
    const [contact] = flow.linked(id, 'contacts')
    expect(contact?.properties).toMatchObject({ firstname: HOSTILE, lastname: HOSTILE_LINK })
    expect(flow.document(id)?.properties['crosswalk_customer_note']).toMatch(/^Ring [^<>]*twice$/)
    expect(flow.linked(id, 'line_items').map((line) => line.properties['name'])).toEqual([HOSTILE])
    expect(flow.linked(id, 'companies').map((one) => one.properties['name'])).toEqual([HOSTILE])
    expect(scene.world.crm.all('products').map((one) => one.properties['name'])).toContain(HOSTILE)
    expect(wrong()).toEqual([])

    for (const path of [`/records`, `/flows/${flow.id}/records/${id}`, `/${encodeURIComponent(HOSTILE)}`, `/records?state=${encodeURIComponent(HOSTILE)}`]) {
      const { headers } = await call('GET', path)
      expect(headers.get('content-type'), path).toMatch(/^application\/json/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toMatch(/default-src 'self'.*object-src 'none'.*frame-ancestors 'none'/) // prettier-ignore
    } // prettier-ignore
    const told = await call('GET', `/flows/${flow.id}/records/${id}`)
    expect(told.text).toContain(JSON.stringify(HOSTILE).slice(1, -1))
    for (const place of ['/hooks/', '/oauth/', '/']) {
      const page = await fetch(`${scene.service.url}${place}${encodeURIComponent(HOSTILE)}`)
      expect([page.status, await page.text()].join(), place).not.toContain('<script>document')
    }
  })

  it.skipIf(!chromium.ok)(
    'F1 the same in the console: shown as text, nothing runs, nothing is fetched',
    async () => {
      const id = hostileOrder()
      await flow.synced(id)
      let browser: Browser | undefined
      try {
        await ensureBuilt('console')
        browser = await openBrowser(chromium.ok ? chromium.value : '')
        const { page, wrong: complaints, outside } = await openPage(browser)
        page.on('dialog', (dialog) => {
          complaints.push(`dialog: ${dialog.message()}`)
          void dialog.dismiss()
        })
        await page.goto(`${scene.service.url}/#key=${scene.service.key}`)
        await page.getByRole('heading', { name: 'Overview' }).waitFor()
        await page.goto(`${scene.service.url}/#/records/${flow.id}/${id}`)
        await page.getByRole('heading', { name: /^Order #/ }).waitFor()
        for (const step of await page.locator('.cw-step summary').all()) await step.click()
        await page.locator('#app').getByText(HOSTILE).first().waitFor()
        expect(await page.locator('main img, main script').count()).toBe(0)
        expect(await page.locator('a[href^="javascript:"]').count()).toBe(0)
        await page.goto(`${scene.service.url}/#/activity?search=${encodeURIComponent(HOSTILE)}`)
        await page.getByRole('heading', { name: 'Activity' }).waitFor()
        expect(await page.title()).not.toContain('broken')
        expect([complaints, outside]).toEqual([[], []])
      } finally {
        await browser?.close()
      }
    },
  )

  it('F2 __proto__, a depth of 10,000 and 400 digits in a webhook: answered, and inert', async () => {
    sender.shopTells('paused')
    const id = buy(scene, 'berta@example.com')
    for (const body of [
      `{"__proto__":{"id":${id}},"constructor":{"prototype":{"id":${id}}}}`,
      DEEP,
      '['.repeat(1_000_000),
      `{"id":${LONG}}`,
      `{"id":"${LONG}"}`,
      `{"id":${id}.5}`,
    ]) {
      expect(await sender.post('order.created', body), body.slice(0, 40)).toBe(200)
    }
    await expect(flow.record(id)).rejects.toMatchObject({ status: 404 })
    const odd = `{"meta_data":${DEEP},"total":${LONG},"x":${POLLUTING},"id":${id}}`
    expect(await sender.post('order.created', odd)).toBe(202)
    await flow.synced(id)
    expect(wrong()).toEqual([])
  })

  it('F2 the same in an order that the shop answers with: it is whole, and so are its neighbours', async () => {
    const { shop } = scene.world
    shop.inject('@deep', DEEP)
    shop.inject('@long', LONG)
    shop.inject('@polluting', POLLUTING)
    sender.shopTells('paused')
    const ids = [
      buy(scene, 'carla@example.com'),
      buy(scene, 'dora@example.com', {
        meta_data: ['@deep', '@long', '@polluting', DEEP, LONG]
          .map((value, i) => ({ key: `odd${i}`, value }))
          .concat(['__proto__', 'constructor', 'toString'].map((key) => ({ key, value: '@polluting' }))),
      }),
      buy(scene, 'emma@example.com'),
    ]
    await Promise.all(ids.map((id) => sender.tell('order.created', id)))
    for (const id of ids) await flow.synced(id)
    // A page of the shop's list is read the same way.
    const later = buy(scene, 'finn@example.com')
    await scene.service.api.runs.start({ params: { flowId: flow.id }, body: { kind: 'sweep' } })
    await flow.synced(later)
    expect(wrong()).toEqual([])
    expect(await scene.service.api.failures.groups()).toMatchObject({ items: [] })
  })

  it('F2 an order whose total is a number of 400 digits fails visibly, alone', async () => {
    sender.shopTells('paused')
    const before = buy(scene, 'gina@example.com')
    const gold = product('Gold', '7777.77')
    const bad = buy(scene, 'hans@example.com', { line_items: [{ product_id: gold, quantity: 1 }] })
    const total = String(scene.world.shop.orders().find((one) => one['id'] === bad)?.['total'])
    scene.world.shop.inject(total, LONG)
    const after = buy(scene, 'ida@example.com')
    await Promise.all([before, bad, after].map((id) => sender.tell('order.created', id)))
    const failed = await flow.becomes(bad, 'failed')
    expect(failed.error?.message).toMatch(/unknown shape at "total"/)
    for (const id of [before, after]) await flow.synced(id)
    scene.world.shop.shop.injected.delete(total)
    await scene.service.api.failures.retry({ body: { flowId: flow.id, externalIds: [String(bad)] } })
    await flow.synced(bad)
    expect(wrong()).toEqual([])
  })

  it('F2 the same in calls of our own API: refused or inert', async () => {
    const before = await flow.settings()
    const sync = `/flows/${flow.id}/records/sync`
    for (const [method, path, body, status] of [
      ['POST', sync, `{"externalIds":["1"],"force":${DEEP}}`, 400],
      ['POST', sync, DEEP, 400],
      ['POST', sync, '['.repeat(400_000), 400],
      ['POST', sync, `{"externalIds":[${LONG}]}`, 400],
      ['POST', sync, `{"externalIds":["1"],"__proto__":{"force":true},"constructor":1}`, 400],
      ['POST', '/connections', `{"connector":"__proto__","credentials":{}}`, 400],
      ['POST', '/connections', `{"connector":"constructor","credentials":{}}`, 400],
      ['PATCH', `/flows/${flow.id}`, `{"settings":${DEEP}}`, 400],
      ['PATCH', `/flows/${flow.id}`, `{"name":"A","__proto__":{"role":"owner"},"role":"owner"}`, 400],
      ['GET', '/flow-settings/__proto__', undefined, 400],
      ['GET', `/records?limit=${LONG}`, undefined, 400],
      ['GET', `/records?__proto__[state]=failed&constructor=1`, undefined, 200],
      ['GET', `/flows/__proto__/records/${LONG}`, undefined, 400],
    ] as const) {
      const answer = await call(method, path, body)
      expect([answer.status, `${method} ${path.slice(0, 40)} ${body?.slice(0, 60)}`]).toEqual([status, `${method} ${path.slice(0, 40)} ${body?.slice(0, 60)}`]) // prettier-ignore
    }
    const settings = JSON.stringify(before).slice(0, -1)
    const answer = await call('PATCH', `/flows/${flow.id}`, `{"settings":${settings},"__proto__":{"startDate":"x"},"constructor":${POLLUTING}}}`) // prettier-ignore
    expect([200, 400, 422]).toContain(answer.status)
    expect(await flow.settings()).toEqual(before)
    await flow.synced(buy(scene, 'jan@example.com'))
    expect(wrong()).toEqual([])
  })
})
