import { describe, expect, it } from 'vitest'
import { type Call, type CheckReport, ConnectorError, type Reply } from '../sdk/index.ts'
import { check } from './check.ts'
import { contextOf, drive, recordings, reply } from './test-drive.ts'

const recorded = (file: string, index = 0): unknown => recordings(file)[index]?.response.body
const INDEX = recorded('index.json')
const STATUS = recorded('system-status.json')

const refusal = (status: number, code: string, message = 'x'): Reply =>
  reply({ code, message, data: { status } }, status)
const UNSEEN = refusal(401, 'woocommerce_rest_cannot_view')
const WRONG = refusal(401, 'woocommerce_rest_authentication_error', 'Consumer secret is invalid.')
const page = (text: string, status = 200, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'content-type': 'text/html', ...headers },
  body: text,
})

interface ShopOptions {
  /** The transport the shop sees keys in. */
  sees?: string
  permissions?: 'read' | 'write' | 'read_write'
  secret?: 'wrong'
  /** Answers that take the place of the shop's own, by route below `wc/v3` or by whole path. */
  answers?: Record<string, Reply | ConnectorError>
  /** Root of the API below the address. */
  root?: string
}

/** A shop that answers the check from the recordings. */
function shop(options: ShopOptions = {}) {
  const calls: Call[] = []
  const root = options.root ?? '/wp-json'
  const answer = (call: Call): Reply | ConnectorError => {
    calls.push(call)
    const given = options.answers?.[call.path]
    if (given !== undefined) return given
    if (call.path === `${root}/`) return reply(INDEX)
    const route =
      call.query?.['rest_route'] ?? (call.path.startsWith(root) ? call.path.slice(root.length) : null)
    if (route === '/') return reply(INDEX)
    if (route === null || !route.startsWith('/wc/v3')) return page('<html><title>Home</title></html>')
    return options.answers?.[route.slice(6)] ?? wcAnswer(call, route.slice(6), options)
  }
  return { calls, answer }
}

function wcAnswer(call: Call, route: string, options: ShopOptions): Reply {
  if (call.query?.['crosswalk_transport'] !== (options.sees ?? 'basic')) return UNSEEN
  if (options.secret === 'wrong') return WRONG
  const needed = (call.method ?? 'GET') === 'GET' ? 'read' : 'write'
  const permissions = options.permissions ?? 'read_write'
  if (permissions !== 'read_write' && permissions !== needed) {
    return refusal(401, 'woocommerce_rest_authentication_error', `no ${needed} permissions`)
  }
  if (needed === 'write') return refusal(404, 'rest_no_route')
  if (route === '/system_status') return reply(STATUS)
  if (route === '/settings/tax') return reply(recorded('settings.json', 2))
  if (route === '/orders/statuses') return reply(recorded('order-statuses.json'))
  if (route === '/data/currencies/current') return reply(recorded('data.json'))
  return reply([{ id: 1 }])
}

const run = (options: ShopOptions = {}, shopUrl = 'https://shop.example.test'): CheckReport =>
  drive(check(contextOf({}, { shopUrl })), shop(options).answer)
const worst = (report: CheckReport): string[] =>
  report.findings
    .filter((one) => one.state !== 'ok')
    .map((one) => `${one.state} ${one.id}${one.blocking ? '!' : ''}`)

describe('a sound shop', () => {
  const { calls, answer } = shop()
  const report = drive(check(contextOf()), answer)
  it('passes, and tells what there is to know', () => {
    expect(worst(report)).toEqual([])
    expect(report).toMatchObject({
      origin: 'woocommerce:shop.example.test',
      account: 'Lab Shop (shop.example.test)',
    })
    expect(report.facts).toEqual({
      baseUrl: 'https://shop.example.test', restRoot: '/wp-json', transport: 'basic', signedScheme: 'http', wooVersion: '10.5.0',
      currency: 'EUR', decimals: 2, timezone: 'Europe/Amsterdam', pricesIncludeTax: true, hpos: true,
      adminUrl: 'https://shop.example.test/wp-admin', hasRefundsCollection: true, hasVariationsCollection: true,
      keyPermissions: 'read_write', orderStatuses: expect.objectContaining({ 'on-hold': 'On hold' }) as object,
    }) // prettier-ignore
  })
  it('is only read: the one POST goes where no route takes it', () => {
    const writing = calls.filter((call) => (call.method ?? 'GET') !== 'GET')
    expect(writing.map((call) => [call.method, call.path])).toEqual([
      ['POST', '/wp-json/wc/v3/data/currencies/current'],
    ])
  })
})

describe('keys', () => {
  it('that the server strips from the header go into the address, with a warning', () => {
    const report = run({ sees: 'query' })
    expect(worst(report)).toEqual(['warning transport'])
    expect(report.facts['transport']).toBe('query')
    expect(report.findings.find((one) => one.id === 'transport')?.text).toMatch(/Authorization header away/)
  })
  it('are signed where the shop believes to be on http', () => {
    expect(run({ sees: 'oauth1' }).facts['transport']).toBe('oauth1')
  })
  it('are signed at once over plain http, which is warned of', () => {
    const { calls, answer } = shop({ sees: 'oauth1' })
    const report = drive(check(contextOf({}, { shopUrl: 'http://127.0.0.1:8081' })), answer)
    expect(worst(report)).toEqual(['warning https'])
    expect(report.facts).toMatchObject({ transport: 'oauth1', signedScheme: 'http' })
    expect(calls.every((call) => ['oauth1', undefined].includes(call.query?.['crosswalk_transport']))).toBe(
      true,
    )
  })
  it('over plain http are signed for https where the shop checks that', () => {
    const signature = refusal(401, 'woocommerce_rest_authentication_error', 'Invalid signature.')
    const inner = shop({ sees: 'oauth1-https' })
    const report = drive(check(contextOf({}, { shopUrl: 'http://10.0.0.5' })), (call) =>
      call.query?.['crosswalk_transport'] === 'oauth1' ? signature : inner.answer(call),
    )
    expect(worst(report)).toEqual(['warning https'])
    expect(report.facts).toMatchObject({ transport: 'oauth1', signedScheme: 'https' })
    const wrong = drive(check(contextOf({}, { shopUrl: 'http://10.0.0.5' })), (call) =>
      call.path === '/wp-json/' ? inner.answer(call) : signature,
    )
    expect(worst(wrong)).toEqual(['failed secret!'])
  })
  it('that nobody knows', () => expect(worst(run({ sees: 'none' }))).toEqual(['failed key!']))
  it('with a wrong secret', () => expect(worst(run({ secret: 'wrong' }))).toEqual(['failed secret!']))
  it('that may only read are enough for reading and not for webhooks', () => {
    const report = run({ permissions: 'read' })
    expect(worst(report)).toEqual(['warning permissions'])
    expect(report.facts['keyPermissions']).toBe('read')
    expect(report.findings.find((one) => one.id === 'permissions')?.text).toMatch(/webhooks/)
  })
  it('that may only write', () =>
    expect(worst(run({ permissions: 'write' }))).toEqual(['failed permissions!']))
  it('of a user who is no manager', () => {
    const answers = { '/system_status': refusal(403, 'woocommerce_rest_cannot_view') }
    const report = run({ answers })
    expect(worst(report)).toEqual(['warning rights'])
    expect(report.facts).toMatchObject({ currency: 'EUR', hpos: null, wooVersion: '' })
  })
  it('whose user may not read orders, or customers', () => {
    const no = refusal(403, 'woocommerce_rest_cannot_view')
    expect(worst(run({ answers: { '/orders': no } }))).toEqual(['failed orders!'])
    expect(worst(run({ answers: { '/customers': no } }))).toEqual(['warning customers'])
  })
  it('when the clocks are apart', () => {
    const late = refusal(401, 'woocommerce_rest_authentication_error', 'Invalid timestamp.')
    expect(worst(run({ answers: { '/system_status': late } }))).toEqual(['failed clock!'])
  })
})

describe('the way to the API', () => {
  const at = (answers: ShopOptions['answers'], more: ShopOptions = {}) =>
    run({ ...more, ...(answers && { answers }) })
  const link = (to: string) => page('<html>', 200, { link: `<${to}>; rel="https://api.w.org/"` })

  it('with plain permalinks is the detour, with a warning; or the reason why not', () => {
    const plainShop = (sees: string): CheckReport => {
      const inner = shop({ sees, answers: { '/wp-json/': page('<html>Home') } })
      return drive(check(contextOf()), (call) =>
        call.path === '/' && call.query?.['rest_route'] === undefined
          ? link('https://shop.example.test/index.php?rest_route=/')
          : inner.answer(call),
      )
    }
    const works = plainShop('basic')
    expect(worst(works)).toEqual(['warning permalinks'])
    expect(works.facts['restRoot']).toBe('?rest_route=')
    expect(worst(plainShop('none'))).toEqual(['warning permalinks', 'failed permalinks!'])
  })
  it('may lie behind index.php', () => {
    const answers = {
      '/wp-json/': page('<h1>Not Found', 404),
      '/': link('https://shop.example.test/index.php/wp-json/'),
    }
    const report = at(answers, { root: '/index.php/wp-json' })
    expect(worst(report)).toEqual([])
    expect(report.facts['restRoot']).toBe('/index.php/wp-json')
  })
  it('that leads to another host names the address to enter', () => {
    const moved = (to: string) => at({ '/wp-json/': reply('', 301, { location: to }) }).findings[0]
    expect(moved('https://www.shop.example.test/wp-json/')).toMatchObject({ id: 'redirect', blocking: true })
    expect(moved('https://www.shop.example.test/wp-json/')?.remedy).toContain(
      'https://www.shop.example.test as',
    )
  })
  it('without WooCommerce', () => {
    expect(worst(at({ '/wp-json/': reply({ name: 'Blog', namespaces: ['wp/v2'] }) }))).toEqual([
      'failed woocommerce!',
    ])
    expect(worst(at({ '/system_status': refusal(404, 'rest_no_route') }))).toEqual(['failed woocommerce!'])
  })
  it('with a WooCommerce that cannot list changes', () => {
    expect(worst(at({ '/orders': refusal(400, 'rest_invalid_param') }))).toEqual(['failed orders!'])
    const old = JSON.parse(JSON.stringify(STATUS)) as { environment: { version: string } }
    old.environment.version = '5.7.2'
    expect(worst(at({ '/system_status': reply(old) }))).toEqual(['failed version!'])
  })
  it.each([
    [page('<html>Forbidden</html>', 403), 'firewall'],
    [page('<html><title>Just a moment...</title>', 200), 'firewall'],
    [page('Not Acceptable', 406), 'firewall'],
    [page('', 501), 'firewall'],
  ])('with a wall in front', (answer, id) => {
    expect(worst(at({ '/wp-json/': answer }))).toEqual([`failed ${id}!`])
    expect(worst(at({ '/system_status': answer }))).toEqual([`failed ${id}!`])
  })
  it('closed by a security plugin for strangers only, or for all', () => {
    expect(worst(at({ '/wp-json/': refusal(401, 'rest_login_required') }))).toEqual(['warning index'])
    expect(worst(at({ '/system_status': refusal(401, 'rest_login_required') }))).toEqual(['failed firewall!'])
  })
  it('with a PHP notice in front of the answer', () => {
    const text =
      '<br />\n<b>Notice</b>: Undefined variable $x in plugin.php on line 3<br />\n{"namespaces":[]}'
    const finding = at({ '/system_status': page(text) }).findings.at(-1)
    expect(finding).toMatchObject({ id: 'answers', state: 'failed' })
    expect(finding?.text).toContain('Notice: Undefined variable $x in plugin.php on line 3')
    const thrown = new ConnectorError({ kind: 'malformed', publicMessage: 'It begins: “Warning: y”' })
    expect(at({ '/wp-json/': thrown }).findings[0]?.text).toContain('Warning: y')
  })
  it('that is no WordPress, or nothing at all', () => {
    expect(worst(at({ '/wp-json/': page('<html>', 404), '/': page('<html>') }))).toEqual(['failed api!'])
    const down = new ConnectorError({ kind: 'unavailable', publicMessage: 'did not answer in time' })
    expect(worst(at({ '/wp-json/': down }))).toEqual(['failed reach!'])
  })
})
