import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { buildPlugin } from '../../scripts/plugin/build.ts'
import { describeMissing, findNeed, type NeedName } from '../../scripts/test-needs.mjs'
import { newPairingCode } from '../../bridge-service/src/pairing/code.ts'
import { faultsOf } from '../e2e/accessibility.ts'
import { openBrowser, openPage } from '../e2e/browser.ts'
import { freePort } from '../e2e/free-port.ts'
import { until } from '../e2e/processes.ts'
import { makeHome, startServiceProcess, type Home, type ServiceProcess } from '../e2e/service.ts'
import { goLive, startWorld, type World } from '../e2e/shop-to-crm.ts'
import { DEFAULT_TOKEN } from '../simulators/hubspot/index.ts'
import { startListener, startSite, type Site } from './site.ts'

const NEEDS: readonly NeedName[] = ['php', 'wordpress', 'chromium']
const found = await Promise.all(NEEDS.map(async (name) => [name, await findNeed(name)] as const))
for (const [name, need] of found) {
  if (!need.ok) console.warn(`${describeMissing(name, need.reason)} The plugin is not tried.`)
}
const valueOf = (name: NeedName): string => {
  const need = found.find(([one]) => one === name)?.[1]
  return need?.ok ? need.value : ''
}

describe.skipIf(found.some(([, { ok }]) => !ok))('the plugin in WordPress', () => {
  let world: World
  let home: Home
  let service: ServiceProcess
  let site: Site
  let browser: Browser
  let page: Page
  let wrong: string[]
  let outside: string[]
  let shots: string
  let port: number
  let elsewhere: Awaited<ReturnType<typeof startListener>>

  beforeAll(async () => {
    const [sitePort, { archive }] = [await freePort(), await buildPlugin()]
    port = await freePort()
    const url = `http://127.0.0.1:${sitePort}`
    world = await startWorld({ shop: { storeUrl: url } })
    home = await makeHome()
    elsewhere = await startListener()
    ;[service, site, browser] = await Promise.all([
      startService(new URL(url).host),
      startSite({
        core: valueOf('wordpress'),
        archive,
        simulator: world.shop.url,
        port: sitePort,
      }),
      openBrowser(valueOf('chromium')),
    ])
    ;({ page, wrong, outside } = await openPage(browser))
    shots = await mkdtemp(join(tmpdir(), 'crosswalk-wordpress-'))
    console.info(`Pictures of the plugin: ${shots}`)
    page.setDefaultTimeout(20_000)
    await signIn(page, 'owner')
  })
  afterAll(async () => {
    await browser?.close()
    await site?.close()
    await service?.end('SIGKILL')
    await elsewhere?.close()
    await world?.close()
    await home?.remove()
  })

  const startService = (host: string) => startServiceProcess(home, { hosts: [...world.hosts, host], port })
  const admin = (query: string): string => `${site.url}/wp-admin/${query}`
  const signIn = async (on: Page, who: 'owner' | 'clerk') => {
    await on.goto(`${site.url}/wp-login.php`)
    await on.getByLabel('Username or Email Address').fill(who)
    await on.locator('#user_pass').fill(`${who}-password`)
    await on.getByRole('button', { name: 'Log In' }).click()
    await on.waitForURL(/wp-admin/)
  }
  /** A picture at both widths; what is ours on it must be fit for all, and not wider than its window. */
  const picture = async (name: string) => {
    for (const width of [1440, 782]) {
      await page.setViewportSize({ width, height: 900 })
      await page.screenshot({ path: join(shots, `${name}-${width}.png`), fullPage: true })
      expect(await page.evaluate('document.documentElement.scrollWidth'), `${name} at ${width}`).toBeLessThanOrEqual(width) // prettier-ignore
      expect(await faultsOf(page, `document.querySelector('#wpbody-content .wrap')`), `${name} at ${width}`).toEqual([]) // prettier-ignore
    }
    await page.setViewportSize({ width: 1440, height: 900 })
  }
  const open = async (query = '') => page.goto(admin(`admin.php?page=crosswalk${query}`))
  const connect = async (url: string, code: string) => {
    await page.getByLabel('Address').fill(url)
    await page.getByLabel('Code').fill(code)
    await page.getByRole('button', { name: 'Test and connect' }).click()
    await page.locator('.crosswalk-checks').waitFor()
    return page.locator('.crosswalk-checks li').allTextContents()
  }
  const newCode = async (of: { site?: string } = {}) =>
    (await service.api.pairing.createCode({ body: of })).code
  const ownRows = (table: string, column: string) =>
    site.php<string[]>(
      `global $wpdb; return $wpdb->get_col( "SELECT ${column} FROM {$wpdb->prefix}${table} WHERE ${column} LIKE '%crosswalk%'" );`,
    )

  it('is activated only together with WooCommerce, and tells it that it fits', async () => {
    await page.goto(admin('plugins.php'))
    const row = (slug: string) => page.locator(`tr[data-slug="${slug}"]:not(.plugin-update-tr)`)
    expect(await row('crosswalk-sync-for-woocommerce').getByRole('link', { name: /^Activate/ }).count()).toBe(0) // prettier-ignore
    await row('woocommerce-stand-in').getByRole('link', { name: /^Activate/ }).click() // prettier-ignore
    await page.getByText('Plugin activated.').waitFor()
    await row('crosswalk-sync-for-woocommerce').getByRole('link', { name: /^Activate/ }).click() // prettier-ignore
    await page.getByText('Plugin activated.').waitFor()
    const declared = await site.php('return \\Automattic\\WooCommerce\\Utilities\\FeaturesUtil::$declared;')
    const own = { 'crosswalk/crosswalk.php': true }
    expect(declared).toEqual({ custom_order_tables: own, cart_checkout_blocks: own })
  })

  it('sends nothing before the owner connects, and shows where to', async () => {
    for (const query of [
      'index.php',
      'plugins.php',
      'admin.php?page=wc-orders',
      'admin.php?page=wc-status',
    ]) {
      await page.goto(admin(query))
      expect(await page.locator('.crosswalk-state, #crosswalk').count()).toBe(0)
    }
    await page.getByRole('link', { name: 'Crosswalk', exact: true }).click()
    await page.getByRole('heading', { name: 'Where does your bridge run?' }).waitFor()
    await picture('connect')
    await site.php(`do_action( 'crosswalk_read_order_states' ); return true;`)
    expect(site.sent()).toEqual([])
    expect(elsewhere.calls).toEqual([])
  })

  it('names what is in the way, step by step', async () => {
    const ahead = await startListener(() => ({ crosswalk: 'bridge', pairing: 1, time: Math.floor(Date.now() / 1_000) + 360 })) // prettier-ignore
    const impostor = await startListener((path) =>
      path.endsWith('/hello')
        ? { crosswalk: 'bridge', pairing: 1, time: Math.floor(Date.now() / 1_000) }
        : { siteId: 'site_x', nonce: '0'.repeat(64), proof: '0'.repeat(64), time: 0 },
    )
    const closed = await freePort()
    const none = newPairingCode()
    const tries: [url: string, code: string, step: number, words: RegExp][] = [
      ['http://bridge.example.com', none, 1, /must begin with https/],
      ['https://someone:secret@bridge.example.com', none, 1, /as in the browser/],
      ['bridge.example.com', none, 1, /may not call other servers.*bridge\.example\.com/],
      ['https://localhost.invalid', none, 1, /no server named localhost\.invalid/],
      [`http://127.0.0.1:${closed}`, none, 1, /nothing answers at this address/],
      [elsewhere.url.replace('http:', 'https:'), none, 2, /is not secure/],
      [elsewhere.url, none, 3, /is not a bridge/],
      [ahead.url, none, 4, /clock is 6 minutes ahead of your shop’s; 5 are allowed/],
      [impostor.url, none, 5, /does not know the code: it is not your bridge/],
      [service.url, 'hunter2', 5, /A code has 16 letters and digits/],
      [service.url, none, 5, /does not know this code/],
      [
        service.url,
        await newCode({ site: 'https://shop2.example.com' }),
        5,
        /belongs to shop2\.example\.com/,
      ],
    ]
    await open()
    for (const [url, code, step, words] of tries) {
      const lines = await connect(url, code)
      expect(lines[step - 1], `${url} ${code}`).toMatch(/^✕ /)
      expect(lines[step - 1], `${url} ${code}`).toMatch(words)
      expect(lines.slice(0, step - 1).every((line) => line.startsWith('✓'))).toBe(true)
      expect(lines.slice(step).every((line) => line.startsWith('–'))).toBe(true)
      expect(await page.getByLabel('Address').inputValue()).toBe(url)
    }
    await picture('refused')
    await Promise.all([ahead.close(), impostor.close()])
    expect((await service.api.pairing.sites()).items).toEqual([])
  })

  it('pairs by the page, makes a key for the bridge, and shows no secret', async () => {
    await open()
    // As people type it.
    const code = (await newCode()).toLowerCase().replaceAll('-', ' ')
    const lines = await connect(`${service.url}/`, code)
    expect(lines.map((line) => line.trim()[0])).toEqual([
      '✓',
      '✓',
      '✓',
      '✓',
      '✓',
      expect.stringMatching(/[✓!]/),
    ])
    await picture('bridge')
    const { items } = await service.api.pairing.sites()
    expect(items.map(({ url }) => url)).toEqual([site.url])
    const [connection] = (await service.api.connections.list()).items
    expect(connection).toMatchObject({ connector: 'woocommerce', state: 'active', settings: { shopUrl: site.url } }) // prettier-ignore
    const keys = await site.php<{ permissions: string; user_id: string; consumer_secret: string }[]>(
      `global $wpdb; return $wpdb->get_results( "SELECT * FROM {$wpdb->prefix}woocommerce_api_keys" );`,
    )
    expect(keys).toMatchObject([{ permissions: 'read_write', user_id: '1', description: 'Crosswalk' }])
    const kept = await site.php<{ key: string }>(`return get_option( 'crosswalk_bridge' );`)
    const signing = await site.php<string>(`return bin2hex( \\Crosswalk\\Settings::signing_key() );`)
    const loaded = await site.php<string>(`return wp_json_encode( wp_load_alloptions() );`)
    for (const secret of [signing, kept.key, keys[0]?.consumer_secret ?? 'x']) {
      expect(await page.content()).not.toContain(secret)
      expect(loaded).not.toContain(secret)
    }
    expect(JSON.stringify(kept)).not.toContain(Buffer.from(signing, 'hex').toString('base64'))
    const actors = (await service.api.access.audit({ query: {} })).items
    expect(actors.find(({ action }) => action === 'connection.created')?.actor).toBe(`${items[0]?.id}/1`)
  })

  it('shows the screens through the proxy, without an error in the browser', async () => {
    await open()
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    await page.locator('.cw-pages').getByRole('link', { name: 'Activity' }).click()
    await page.waitForURL(/path=%2Factivity/)
    await picture('activity')
    await open()
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    await picture('overview')
    expect(await page.content()).not.toContain('Crosswalk-HMAC')
  })

  it('gives nothing to an ordinary user, to nobody, or to a page of somebody else', async () => {
    const { page: other } = await openPage(browser)
    await signIn(other, 'clerk')
    const answer = await other.goto(admin('admin.php?page=crosswalk'))
    expect(answer?.status()).toBe(403)
    const ask = (how: string) =>
      other.evaluate(
        `(async () => { const answer = await ${how}; return [answer.status, (await answer.json()).code] })()`,
      )
    const route = `${site.url}/wp-json/crosswalk/v1`
    await other.goto(admin('post-new.php'))
    const nonce = `{ headers: { 'X-WP-Nonce': wpApiSettings.nonce } }`
    for (const path of ['bridge?path=/me', 'orders/1', 'site-health']) {
      expect((await ask(`fetch('${route}/${path}', ${nonce})`)) as unknown[], path).toEqual([403, expect.any(String)]) // prettier-ignore
    }
    // Signed in as the owner, but without the nonce, as a foreign page would be.
    await page.goto(admin('index.php'))
    const foreign = await page.evaluate(`fetch('${route}/bridge?path=/me').then((one) => one.status)`)
    expect(foreign).toBe(401)
    const post = await page.request.post(admin('admin-post.php'), {
      form: { action: 'crosswalk_disconnect' },
    })
    expect(post.status()).toBe(403)
    expect((await service.api.pairing.sites()).items).toHaveLength(1)
    await other.context().close()
  })

  it('passes on only what stays below the API of the bridge', async () => {
    const tried = await site.php<boolean[]>(
      `return array_map( array( '\\Crosswalk\\Rest_Proxy', 'is_path' ), array( '/me', '/records?limit=5&search=%23a%2Fb', '/flows/flow_1/records/a%2Fb', '/../healthz', '/flows/%2e%2E/x', '//other.example.com', '/me#x', "/me\\n", 'me', '/a b', '/.hidden', '', null ) );`,
    )
    expect(tried).toEqual([...Array(3).fill(true), ...Array(10).fill(false)])
  })

  it('shows in the list and on the order’s page what became of it, for both storages, and asks for more', async () => {
    const { api } = service
    const crm = await api.connections.create({ body: { connector: 'hubspot', settings: { apiBaseUrl: world.crm.url }, credentials: { token: DEFAULT_TOKEN } } }) // prettier-ignore
    const [shop] = (await api.connections.list()).items.filter(({ connector }) => connector === 'woocommerce')
    const product = world.shop.addProduct({ name: 'Linen apron', sku: 'APRON', regular_price: '40.00' }).id as number // prettier-ignore
    const place = () =>
      world.shop.placeOrder({
        status: 'processing', set_paid: true,
        billing: { first_name: 'Anna', last_name: 'Jansen', email: 'anna@example.com', country: 'NL' },
        line_items: [{ product_id: product, quantity: 2 }],
      }).id as number // prettier-ignore
    const before = place()
    const flowId = await goLive(api, { shopId: shop?.id ?? '', crmId: crm.connection?.id ?? '' })
    const id = place()
    const record = () => api.records.get({ params: { flowId, externalId: String(id) } })
    const target = await until('the order is in HubSpot', async () => {
      const one = await record().catch(() => null)
      return one?.state === 'linked' && one.complete ? one.target : null
    })
    await site.php(`do_action( 'crosswalk_read_order_states' ); return true;`)

    const calls = site.sent().length
    await page.goto(admin('admin.php?page=wc-orders'))
    await page.getByRole('columnheader', { name: 'HubSpot' }).waitFor()
    const cell = (order: number, text: string) =>
      page.locator(`#order-${order}, #post-${order}`).getByText(text)
    await cell(id, `✓ ${target?.id}`).waitFor()
    await cell(id, `In HubSpot as order ${target?.id}`).waitFor()
    await cell(before, 'Not touched').waitFor()
    await site.php(`update_option( 'stub_hpos', 'no' ); return wp_insert_post( array( 'import_id' => ${id}, 'post_type' => 'shop_order', 'post_status' => 'publish', 'post_title' => 'Order' ) );`) // prettier-ignore
    await page.goto(admin('edit.php?post_type=shop_order'))
    await cell(id, `✓ ${target?.id}`).first().waitFor()
    expect(site.sent().length, 'lists call nobody').toBe(calls)
    await page.goto(admin(`post.php?post=${id}&action=edit`))
    await page.locator('#crosswalk').getByText(`In HubSpot as order ${target?.id}`).waitFor()
    await site.php(`return update_option( 'stub_hpos', 'yes' );`)

    await page.goto(admin(`admin.php?page=wc-orders&action=edit&id=${id}`))
    const panel = page.locator('#crosswalk')
    await panel.getByText(`In HubSpot as order ${target?.id}`).waitFor()
    await picture('order')
    const attempts = (await record()).history.length
    await panel.getByRole('link', { name: 'Sync now' }).click()
    await panel.getByText(/^Asked at /).waitFor()
    await until('the order was looked at again', async () => (await record()).history.length > attempts)
    await panel.getByRole('link', { name: 'What happened' }).click()
    await page.getByRole('heading', { name: /^Order #\d+ → order \d+$/ }).waitFor()

    // Without any script, the same button is a link.
    const plain = await browser.newContext({ javaScriptEnabled: false, storageState: await page.context().storageState() }) // prettier-ignore
    const still = await plain.newPage()
    await still.goto(admin(`admin.php?page=wc-orders&action=edit&id=${id}`))
    await still.locator('#crosswalk').getByText(`In HubSpot as order ${target?.id}`).waitFor()
    const seen = (await record()).history.length
    await still.getByRole('link', { name: 'Sync now' }).click()
    await still.getByText(/^Asked\. Reload the page/).waitFor()
    await until('it was asked for without a script', async () => (await record()).history.length > seen)
    await plain.close()
  })

  it('exports and erases by WordPress’s own tools what the bridge keeps of a person', async () => {
    const asked = async <T>(what: 'export' | 'erase') =>
      site.php<T>(`wp_set_current_user( 1 ); return \\Crosswalk\\Privacy::${what}( 'anna@example.com', 1 );`)
    const tools = await site.php<string[]>(
      `return array_merge( array_keys( apply_filters( 'wp_privacy_personal_data_exporters', array() ) ), array_keys( apply_filters( 'wp_privacy_personal_data_erasers', array() ) ) );`,
    )
    expect(tools.filter((name) => name === 'crosswalk')).toHaveLength(2)
    const { data } = await asked<{ data: { data: { value: string }[] }[] }>('export')
    expect(JSON.stringify(data)).toContain('Jansen')
    expect(await asked('erase')).toMatchObject({ items_removed: true, items_retained: false, done: true })
    expect((await asked<{ data: unknown[] }>('export')).data).toEqual([])
  })

  it('tells Site Health and the status report how it is', async () => {
    const health = (test: string) =>
      site.php<{ status: string; label: string }>(`return \\Crosswalk\\Site_Health::${test}();`)
    expect(await health('test_bridge')).toMatchObject({ status: 'good', label: expect.stringContaining('tells it of changes') }) // prettier-ignore
    // The tests' WordPress leaves background work to the server.
    expect(await health('test_site')).toMatchObject({ status: 'recommended' })
    await page.goto(admin('admin.php?page=wc-status'))
    await page.getByRole('cell', { name: service.url }).waitFor()
    await open('&view=bridge')
    await page.getByRole('button', { name: 'Test the connection' }).click()
    expect((await page.locator('.crosswalk-checks li').allTextContents()).every((line) => line.startsWith('✓'))).toBe(true) // prettier-ignore
  })

  it('makes a new key in place of the one before, also when the shop is connected again', async () => {
    const ids = () =>
      site.php<string[]>(`global $wpdb; return $wpdb->get_col( "SELECT key_id FROM {$wpdb->prefix}woocommerce_api_keys" );`) // prettier-ignore
    const first = await ids()
    await open('&view=bridge')
    await page.getByRole('button', { name: 'Make a new key for the bridge' }).click()
    await page.getByText('by a key that was made for it').waitFor()
    const second = await ids()
    const code = await newCode()
    await site.php(
      `wp_set_current_user( 1 ); \\Crosswalk\\Pairing::connect( '${service.url}', '${code}' ); return \\Crosswalk\\Woo_Keys::hand_over( new \\Crosswalk\\Checks() )->lines();`,
    )
    const third = await ids()
    for (const one of [first, second, third]) expect(one).toHaveLength(1)
    expect(new Set([...first, ...second, ...third]).size).toBe(3)
    expect((await service.api.pairing.sites()).items).toHaveLength(1)
    const connections = (await service.api.connections.list()).items
    expect(connections.filter(({ connector }) => connector === 'woocommerce')).toHaveLength(1)
  })

  it('does nothing for a copy of the shop at another address', async () => {
    const asked = site.sent().length
    const answer = await site.php(
      `add_filter( 'home_url', static function () { return 'https://staging.example.com'; } ); do_action( 'crosswalk_read_order_states' ); return \\Crosswalk\\Bridge::ask( 'GET', '/me' );`,
    )
    expect(answer).toEqual({ error: expect.stringContaining('is now at https://staging.example.com') })
    expect(site.sent().length).toBe(asked)
  })

  it('says when the bridge is down, and leaves the shop alone', async () => {
    await service.end('SIGKILL')
    await open()
    await page.getByText('does not answer. Your shop is not affected').first().waitFor()
    await page.goto(admin('admin.php?page=wc-orders'))
    await page.getByRole('columnheader', { name: 'HubSpot' }).waitFor()
    service = await startService(new URL(site.url).host)
    // The browser itself tells of the calls that failed.
    const provoked = /status of (?:401|403|502)/
    // Of a WordPress older than the components the screens are made with.
    const older = /Bottom margin styles for wp\.components|size for wp\.components/
    expect(wrong.splice(0).filter((line) => !provoked.test(line) && !older.test(line))).toEqual([])
  })

  it('leaves nothing behind when it is deleted, and tells the bridge', async () => {
    await page.goto(admin('plugins.php'))
    await page.locator('#deactivate-crosswalk-sync-for-woocommerce').click()
    await page.getByText('Plugin deactivated.').waitFor()
    expect(await site.php(`return get_option( 'stub_actions', array() );`)).toEqual([])
    page.once('dialog', (dialog) => void dialog.accept())
    await page.locator('#delete-crosswalk-sync-for-woocommerce').click()
    await page.getByText('was successfully deleted').waitFor({ timeout: 60_000 })
    expect(await ownRows('options', 'option_name')).toEqual([])
    expect(await ownRows('usermeta', 'meta_key')).toEqual([])
    expect(await ownRows('postmeta', 'meta_key')).toEqual([])
    expect(await ownRows('woocommerce_api_keys', 'description')).toEqual([])
    expect(
      await site.php(`global $wpdb; return $wpdb->get_col( 'SHOW TABLES LIKE "%crosswalk%"' );`),
    ).toEqual([])
    expect((await service.api.pairing.sites()).items).toEqual([])
    const connections = (await service.api.connections.list()).items
    expect(connections.find(({ connector }) => connector === 'woocommerce')?.state).toBe('disconnected')
    expect([...world.shop.shop.webhooks.values()]).toEqual([])
  })

  it('was quiet all the time: PHP warned of nothing of ours, and nothing was called but what is named', async () => {
    expect(site.complaints().filter((line) => line.includes('/plugins/crosswalk/'))).toEqual([])
    expect(outside.filter((url) => !url.startsWith('blob:'))).toEqual([])
    const known = [service.url, elsewhere.url, elsewhere.url.replace('http:', 'https:'), 'https://localhost.invalid', 'http://127.0.0.1:'] // prettier-ignore
    expect(site.sent().filter((url) => !known.some((one) => url.startsWith(one)))).toEqual([])
  })
})
