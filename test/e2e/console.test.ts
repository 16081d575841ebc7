import { createHmac } from 'node:crypto'
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
const PASSWORD = 'a quiet lake at dawn'

describe.skipIf(!found.ok)('the console, as somebody new opens it', () => {
  let home: Home
  let service: ServiceProcess
  let browser: Browser
  let page: Page
  let wrong: string[]
  let outside: string[]
  let shots = ''
  let secret = ''
  let recovery = ''

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

  const field = (label: string) => page.getByLabel(label, { exact: true })
  /** What the browser itself says about an answer that was provoked. */
  const provoked = (status: number) =>
    expect(wrong.splice(0).every((line) => line.includes(`status of ${status}`))).toBe(true)

  it('is opened by the link that is printed at the start, which makes the owner and is out of the address at once', async () => {
    await page.goto(service.url)
    await text(/^Nobody has an account here yet/).waitFor()
    await picture('nobody')
    const link = await until('the printed link', async () =>
      service.lines.map((line) => /^Open Crosswalk: (\S+#set-up=\S+)$/.exec(line)?.[1]).find(Boolean),
    )
    await page.goto(link)
    await field('Your name').fill('Anna Jansen')
    expect(page.url()).toBe(`${service.url}/#/`)
    await field('E-mail address').fill('anna@example.com')
    await field('Password').fill('password1')
    await button('Make the account').click()
    await text(/Everybody tries this password first/).waitFor()
    await picture('set-up')
    provoked(400)
    await field('Password').fill(PASSWORD)
    await button('Make the account').click()
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    await page.reload()
    await button('Try it with a demo shop').waitFor()
    await text('Anna Jansen, owner').waitFor()
    await picture('first')
    const [cookie] = await page.context().cookies()
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', expires: -1 })
    expect(
      await page.evaluate('document.cookie + JSON.stringify({...localStorage, ...sessionStorage})'),
    ).toBe('{}')
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
    await page.getByRole('link', { name: `Order #${id}` }).waitFor({ timeout: 60_000 })
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
    await button(/^Retry \d+ orders?$/).click()
    await text(/^0 solved, \d+ still failing\.$/)
      .first()
      .waitFor()
    const record = () => service.api.records.get({ params: { flowId: flow?.id ?? '', externalId: id } })
    await until('the second refusal', async () => (await record()).history.length >= 2)

    await page.reload()
    await page.getByRole('checkbox', { name: `Choose Order #${id}` }).check()
    await button('Ignore…').click()
    await page.getByLabel('Why?').fill('Only a test')
    await picture('ignore')
    await button('Ignore 1 order').click()
    await text('1 record is ignored.').first().waitFor()
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

  it('has a page for one’s own account: a second step with an app, recovery codes, sessions', async () => {
    await page.getByRole('link', { name: 'Your account' }).click()
    await page.getByRole('heading', { name: 'Your account' }).waitFor()
    await text('this browser').waitFor()
    await picture('account')
    await button('Set up the second step…').click()
    await field('Your password, once more').fill(PASSWORD)
    await button('Go on').click()
    secret = ((await page.locator('.cw-secret').textContent()) ?? '').replaceAll(' ', '')
    expect(await page.evaluate(`document.querySelector('.cw-qr').naturalWidth`)).toBeGreaterThan(40)
    await picture('second-step')
    await field('Code').fill(totp(secret, Date.now()))
    await button('Switch it on').click()
    await page.getByRole('region', { name: 'Recovery codes' }).waitFor()
    await picture('recovery-codes')
    recovery =
      ((await page.getByRole('region', { name: 'Recovery codes' }).textContent()) ?? '').split('\n')[0] ?? ''
    await button('I have kept them').click()
    await text('8 recovery codes are left.').waitFor()
  })

  it('lets an owner invite others by a link that works once', async () => {
    await page.getByRole('link', { name: 'People' }).click()
    await page.getByRole('row', { name: /Anna Jansen/ }).waitFor()
    await field('E-mail address').fill('berta@example.com')
    await page.getByRole('radio', { name: 'viewer' }).check()
    await button('Make a link').click()
    const link = await field('Link').inputValue()
    await picture('people')
    const other = await openPage(browser)
    await other.page.goto(link)
    await other.page.getByText('You are invited to this bridge').waitFor()
    expect(await faultsOf(other.page)).toEqual([])
    await other.page.screenshot({ path: join(shots, 'invitation.png') })
    await other.page.getByLabel('Your name').fill(HOSTILE)
    await other.page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await other.page.getByRole('button', { name: 'Make the account' }).click()
    await other.page.getByRole('heading', { name: 'Overview' }).waitFor()
    expect(await other.page.getByRole('link', { name: 'People' }).count()).toBe(0)
    expect([other.wrong, other.outside]).toEqual([[], []])
    await other.page.context().close()

    await page.reload()
    await page.getByRole('row', { name: /berta@example.com/ }).waitFor()
    expect(await page.locator('main img').count()).toBe(0)
    await button(`Remove ${HOSTILE}…`).click()
    await page.getByRole('dialog').waitFor()
    await picture('remove')
    await button(`Remove ${HOSTILE}`).click()
    await until('Berta is gone', async () => (await page.getByRole('row', { name: /berta@example.com/ }).count()) === 0) // prettier-ignore
    expect(await page.title()).not.toContain('broken')
  })

  it('was quiet there, too', () => expect([wrong, outside]).toEqual([[], []]))

  it('asks who comes when somebody has signed out, then for the code; an access key opens it, too', async () => {
    await button('Sign out').click()
    // The page of people has a field of the same name.
    await page.getByRole('heading', { name: 'Sign in to Crosswalk' }).waitFor()
    await field('E-mail address').fill('anna@example.com')
    await field('Password').fill('not mine')
    await button('Sign in').click()
    await text('do not go together').waitFor()
    await picture('sign-in')
    provoked(401)
    await field('Password').fill(PASSWORD)
    await button('Sign in').click()
    await field('Code').fill(recovery)
    await picture('second-factor')
    await button('Sign in').click()
    await text('Anna Jansen, owner').waitFor()
    await button('Sign out').click()

    await button('Use an access key instead').click()
    await field('Access key').fill('hunter2')
    await button('Open the console').click()
    await text('does not look like an access key').waitFor()
    await field('Access key').fill('cw_0123456789abcdef')
    await button('Open the console').click()
    await text('This key is not known here').waitFor()
    await picture('key')
    provoked(401)
    await page.goto(`${service.url}/#key=${service.key}`)
    await text('Signed in with a key of the role “owner”').waitFor()
    expect(page.url()).toBe(`${service.url}/#/`)
    await button('Sign out').click()
    await field('Password').waitFor()
    await page.reload()
    await field('Password').waitFor()
    expect([wrong, outside]).toEqual([[], []])
  })
})

/** RFC 6238 as its text has it, for six digits and 30 s. */
function totp(base32: string, now: number): string {
  const bits = [...base32].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('') // prettier-ignore
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)))
  const digest = createHmac('sha1', key).update(counter).digest()
  const at = (digest.at(-1) ?? 0) & 15
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
