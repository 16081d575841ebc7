import { TOTP, Secret } from 'otpauth'
import supertest from 'supertest'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { API_PREFIX, CONSOLE_HEADER, signIn } from '@crosswalk/shared/contract'
import { consoleAddress } from '../accounts/set-up.ts'
import { SESSION_IDLE_MS, SESSION_LONGEST_MS } from '../store/sessions.ts'
import { createBrowser, forgetPeople, type TestBrowser } from './testing/browser.ts'
import { startRig, type Rig } from './testing.ts'

const START = Date.parse('2026-11-04T12:00:00Z')
const ANNA = { email: 'anna@example.com', name: 'Anna', password: 'a quiet lake at dawn' }

let rig: Rig
let now = START
let browser: TestBrowser

beforeAll(async () => {
  rig = await startRig()
  rig.service.clock = { now: () => now }
}, 60_000)
afterAll(() => rig.close())
beforeEach(async () => {
  await forgetPeople(rig.service)
  rig.service.config.publicUrl = null
  now = START
  browser = createBrowser(rig.app)
})
afterEach(() => vi.restoreAllMocks())

const setUpCode = async (): Promise<string> =>
  (await consoleAddress(rig.service, rig.workspaceId, '')).replace('/#set-up=', '')
async function setUp(of: TestBrowser = browser): Promise<void> {
  const { status } = await of.call('POST', '/session/set-up', { code: await setUpCode(), ...ANNA })
  expect(status).toBe(201)
}
const enter = (of: TestBrowser, password = ANNA.password, email = ANNA.email) =>
  of.call('POST', '/session', { email, password })
const who = async (of: TestBrowser): Promise<unknown> =>
  (await of.call('GET', '/session')).body.account?.name ?? null
const actions = async (): Promise<string[]> =>
  (await rig.client('owner').access.audit({ query: {} })).items.map(({ action }) => action)

describe('the first owner', () => {
  it('makes the account with the printed link, once, is signed in by it, and the link is gone', async () => {
    expect((await browser.call('GET', '/session')).body).toEqual({
      account: null,
      setUp: false,
      obstacle: null,
    })
    const code = await setUpCode()
    expect(code.length).toBeGreaterThanOrEqual(43)
    const made = await browser.call('POST', '/session/set-up', { code, ...ANNA, email: ' Anna@Example.com ' })
    expect([made.status, made.body]).toEqual([201, { state: 'signed_in', recoveryCodesLeft: null }])
    const { body } = await browser.call('GET', '/session')
    expect(body).toMatchObject({
      account: { name: 'Anna', email: 'anna@example.com', role: 'owner' },
      setUp: true,
    })
    expect((await browser.call('GET', '/me')).body).toMatchObject({
      workspaceId: rig.workspaceId,
      role: 'owner',
    })
    expect(await consoleAddress(rig.service, rig.workspaceId, 'http://x')).toBe('http://x/')
    const again = await createBrowser(rig.app).call('POST', '/session/set-up', {
      code,
      ...ANNA,
      email: 'b@example.com',
    })
    expect([again.status, again.body.error.code]).toEqual([409, 'conflict'])
    expect(await actions()).toEqual(expect.arrayContaining(['account.created', 'session.began']))
  })

  it('is one, however many browsers try at once', async () => {
    const code = await setUpCode()
    const answers = await Promise.all(
      [1, 2, 3].map((n) =>
        createBrowser(rig.app).call('POST', '/session/set-up', { code, ...ANNA, email: `p${n}@example.com` }),
      ),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409])
  })

  it('A7 is told what is wrong with a code, an address or a password, and loses nothing by it', async () => {
    const code = await setUpCode()
    const ask = (change: object) => browser.call('POST', '/session/set-up', { code, ...ANNA, ...change })
    for (const wrong of [code.slice(1), `${code}x`, 'x'.repeat(code.length)]) {
      expect((await ask({ code: wrong })).status).toBe(404)
    }
    for (const [change, path] of [
      [{ email: 'anna' }, 'email'],
      [{ name: ' ' }, 'name'],
      [{ password: 'short' }, 'password'],
      [{ password: 'password1' }, 'password'],
      [{ password: 'anna@example.com' }, 'password'],
    ] as const) {
      const { status, body } = await ask(change)
      expect([status, body.error.issues[0].path]).toEqual([400, ['body', path]])
    }
    expect((await ask({})).status).toBe(201)
  })

  it('E2 takes no field that is not asked for', async () => {
    const { status, body } = await browser.call('POST', '/session/set-up', { code: await setUpCode(), ...ANNA, role: 'viewer', workspaceId: rig.otherWorkspaceId }) // prettier-ignore
    expect([status, body.error.code]).toEqual([400, 'bad_request'])
  })
})

describe('signing in', () => {
  beforeEach(() => setUp())

  it('F3 gives a cookie that code cannot read, only over https where there is that, and a new one each time', async () => {
    const plain = await enter(browser)
    expect(plain.cookies[0]).toMatch(/^crosswalk-8787=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
    const first = browser.cookie()
    expect(await who(browser)).toBe('Anna')
    await enter(browser)
    expect(browser.cookie()).not.toBe(first)
    // The one before ended with it.
    const old = createBrowser(rig.app)
    old.take(first)
    expect(await who(old)).toBeNull()

    rig.service.config.publicUrl = 'https://bridge.example.com'
    const secure = createBrowser(rig.app, 'https://bridge.example.com')
    const { cookies } = await enter(secure)
    expect(cookies[0]).toMatch(/^__Host-crosswalk=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    expect(await who(secure)).toBe('Anna')
  })

  it('F3 a made-up cookie, one that is too long and one of another name are nobody', async () => {
    const stranger = createBrowser(rig.app)
    for (const cookie of ['crosswalk-8787=' + 'a'.repeat(43), 'crosswalk-8787=x', 'crosswalk-8787=' + 'a'.repeat(5_000), 'crosswalk-8787=']) {
      stranger.take(cookie)
      expect((await stranger.call('GET', '/flows')).status).toBe(401)
      expect(await who(stranger)).toBeNull()
    } // prettier-ignore
    stranger.take(browser.cookie()?.replace('crosswalk-8787', '__Host-crosswalk'))
    expect((await stranger.call('GET', '/flows')).status).toBe(401)
  })

  it('F3 keeps only a hash of what the cookie holds', async () => {
    const rows = JSON.stringify(await rig.service.store.raw('select * from session'))
    const token = browser.cookie()?.split('=')[1] ?? ''
    for (const form of [
      token,
      Buffer.from(token).toString('hex'),
      Buffer.from(token, 'base64url').toString('hex'),
    ]) {
      expect(rows).not.toContain(form)
    }
  })

  it('F3 signing out ends the session here, and the cookie with it', async () => {
    const old = createBrowser(rig.app)
    old.take(browser.cookie())
    const { status, cookies } = await browser.call('DELETE', '/session')
    expect([status, cookies[0]]).toEqual([
      200,
      expect.stringMatching(/^crosswalk-8787=;.*Expires=Thu, 01 Jan 1970/),
    ])
    expect((await old.call('GET', '/flows')).body.error).toMatchObject({ code: 'unauthorized', message: expect.stringContaining('ended') }) // prettier-ignore
    expect(await actions()).toContain('session.ended')
  })

  it('F3 ends after a time without a call, and after a week in any case', async () => {
    now += SESSION_IDLE_MS - 1
    expect(await who(browser)).toBe('Anna')
    now += SESSION_IDLE_MS + 1
    expect((await browser.call('GET', '/me')).status).toBe(401)
    await enter(browser)
    const over = now + SESSION_LONGEST_MS
    for (; now < over; now += SESSION_IDLE_MS / 2) expect((await browser.call('GET', '/me')).status).toBe(200)
    expect((await browser.call('GET', '/me')).status).toBe(401)
  })

  it('F1 says the same, and works the same, whether there is such an account', async () => {
    const verify = vi.spyOn(rig.service.passwords, 'verify')
    const known = await enter(createBrowser(rig.app), 'wrong')
    const unknown = await enter(createBrowser(rig.app), 'wrong', 'nobody@example.com')
    expect([unknown.status, unknown.body]).toEqual([known.status, known.body])
    expect([known.status, known.cookies]).toEqual([401, []])
    expect(verify.mock.calls.map(([, stored]) => typeof stored)).toEqual(['string', 'object'])
    const { status, body } = await enter(createBrowser(rig.app), '')
    expect([status, body.error.code]).toEqual([400, 'bad_request'])
  })

  it('F1 of 200 tries in a minute seven are looked at; the right one works once the wait is over', async () => {
    const thief = createBrowser(rig.app)
    const begun = now
    const statuses: number[] = []
    for (let tries = 0; tries < 200; tries++, now += 300)
      statuses.push((await enter(thief, `guess ${tries}`)).status)
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(7)
    expect(new Set(statuses)).toEqual(new Set([401, 429]))
    const { status, headers } = await enter(browser)
    expect(status).toBe(429)
    now += Number(headers['retry-after']) * 1_000
    expect((await enter(browser)).status).toBe(200)
    expect(now - begun).toBeLessThan(200_000)
    expect((await enter(browser, 'wrong')).status).toBe(401)
  })

  it('F1 waits for addresses that nobody has, too, and for a sender that tries many', async () => {
    const ask = (email: string) => enter(createBrowser(rig.app), 'wrong', email)
    for (let tries = 0; tries < 3; tries++) expect((await ask('nobody@example.com')).status).toBe(401)
    const known = await ask('nobody@example.com')
    expect([known.status, known.headers['retry-after']]).toEqual([429, '4'])
    for (let person = 0; person < 6; person++) expect((await ask(`p${person}@example.com`)).status).toBe(401)
    expect((await ask('fresh@example.com')).status).toBe(429)
    expect(JSON.stringify(await rig.service.store.raw('select key from wrong_try'))).not.toContain(
      'example.com',
    )
  })

  it('F1 notes what was refused, for the account it was about', async () => {
    await enter(createBrowser(rig.app), 'wrong')
    await expect.poll(actions).toContain('session.refused')
  })

  it('keeps a password anew that was kept at another cost', async () => {
    const before = await rig.service.store.raw<{ password: string }>('select password from account')
    vi.spyOn(rig.service.passwords, 'isOutdated').mockReturnValue(true)
    await enter(browser)
    const after = await rig.service.store.raw<{ password: string }>('select password from account')
    expect(after[0]?.password).not.toBe(before[0]?.password)
    expect((await enter(browser)).status).toBe(200)
  })

  it('takes no password over plain http from elsewhere, and says so', async () => {
    const far = createBrowser(rig.app, 'http://192.168.1.20:8787')
    expect((await far.call('GET', '/session')).body.obstacle).toMatch(/https/)
    const { status, body, cookies } = await enter(far)
    expect([status, body.error.code, cookies]).toEqual([403, 'forbidden', []])
  })

  it('F5 keeps every answer out of caches, and no answer has a secret in it', async () => {
    for (const path of ['/session', '/account', '/people', '/account/sessions']) {
      const { headers, body } = await browser.call('GET', path)
      expect(headers['cache-control']).toBe('no-store')
      expect(JSON.stringify(body)).not.toMatch(/scrypt|password"|hash|token/)
    }
  })
})

describe('F4 what changes something comes from the console’s own pages', () => {
  beforeEach(() => setUp())
  const body = { current: ANNA.password, password: 'another good sentence' }
  const change = (headers: Record<string, string | null>) =>
    browser.call('POST', '/account/password', body, headers)

  it.each([
    ['without the console’s header, as a form sends it', { [CONSOLE_HEADER]: null }],
    ['from another origin', { origin: 'https://evil.example.com' }],
    ['from another port of this machine', { origin: 'http://localhost:9999' }],
    ['from a page that hides where it is from', { origin: 'null' }],
    ['without an origin', { origin: null }],
    ['from another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
    ['from a neighbour, as the browser says', { 'sec-fetch-site': 'same-site' }],
  ])('F4 %s: refused', async (_name, headers) => {
    const { status, body: answer } = await change(headers)
    expect([status, answer.error.code]).toEqual([403, 'forbidden'])
    expect((await enter(createBrowser(rig.app))).status).toBe(200)
  })

  it('F4 a form of another site is refused whatever it sends, also when it signs in', async () => {
    for (const [path, cookie] of [
      ['/account/password', browser.cookie()],
      ['/session', undefined],
      ['/session/set-up', undefined],
    ] as const) {
      const made = supertest(rig.app)
        .post(`${API_PREFIX}${path}`)
        .set({ host: 'localhost:8787', origin: 'https://evil.example.com', 'content-type': 'application/x-www-form-urlencoded' })
      if (cookie !== undefined) void made.set('cookie', cookie)
      expect((await made.send('email=a&password=b')).status, path).toBe(403)
    } // prettier-ignore
  })

  it('F4 every call of the way in that is not a look asks for it', async () => {
    for (const endpoint of Object.values(signIn)) {
      const { status } = await browser.call(endpoint.method, endpoint.path, endpoint.body ? {} : undefined, { origin: 'https://evil.example.com' }) // prettier-ignore
      expect([endpoint.path, endpoint.method, status]).toEqual([endpoint.path, endpoint.method, endpoint.method === 'GET' ? 200 : 403]) // prettier-ignore
    }
    expect(await who(browser)).toBe('Anna')
  })

  it('lets reads through, and access keys, which no browser sends by itself', async () => {
    expect((await browser.call('GET', '/flows', undefined, { [CONSOLE_HEADER]: null })).status).toBe(200)
    const { status } = await supertest(rig.app)
      .post(`${API_PREFIX}/access-keys`)
      .set('authorization', `Bearer ${rig.keys.owner}`)
      .send({ name: 'Till', role: 'viewer' })
    expect(status).toBe(201)
  })
})

describe('F2 the second factor', () => {
  let secret = ''
  let recoveryCodes: string[] = []
  const code = (at = now): string =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at })
  const give = async (of: TestBrowser, given: string) => {
    const { body } = await enter(of)
    expect(body.state).toBe('second_factor')
    return of.call('POST', '/session/second-factor', { ticket: body.ticket, code: given })
  }

  beforeEach(async () => {
    await setUp()
    const begun = await browser.call('POST', '/account/second-factor', { password: ANNA.password })
    expect(begun.status).toBe(200)
    secret = begun.body.secret
    // Nothing changes before a first code.
    expect((await browser.call('GET', '/account')).body.account.secondFactor).toBe(false)
    const on = await browser.call('POST', '/account/second-factor/confirm', { code: code() })
    expect(on.status).toBe(200)
    recoveryCodes = on.body.recoveryCodes
    now += 30_000
  })

  it('F2 is asked for after the password, and gives no cookie before', async () => {
    const other = createBrowser(rig.app)
    const first = await enter(other)
    expect([first.status, first.body.state, first.cookies]).toEqual([200, 'second_factor', []])
    expect(await who(other)).toBeNull()
    const { status, body } = await give(other, `${code().slice(0, 3)} ${code().slice(3)}`)
    expect([status, body]).toEqual([200, { state: 'signed_in', recoveryCodesLeft: null }])
    expect(await who(other)).toBe('Anna')
  })

  it('F2 takes no code twice, not even at once, and none from before one that was taken', async () => {
    const given = code()
    const answers = await Promise.all([0, 1].map(() => give(createBrowser(rig.app), given)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
    expect((await give(createBrowser(rig.app), given)).status).toBe(401)
    expect((await give(createBrowser(rig.app), code(now - 30_000))).status).toBe(401)
    now += 60_000
    expect((await give(createBrowser(rig.app), code())).status).toBe(200)
  })

  it('F2 takes each recovery code once, says how many are left, and new ones end the old', async () => {
    expect(recoveryCodes).toHaveLength(8)
    const [first = '', second = ''] = recoveryCodes
    const used = await give(createBrowser(rig.app), first.toUpperCase().replaceAll('-', ' '))
    expect([used.status, used.body.recoveryCodesLeft]).toEqual([200, 7])
    expect((await give(createBrowser(rig.app), first)).status).toBe(401)
    const renewed = await browser.call('POST', '/account/recovery-codes', { password: ANNA.password })
    expect((await give(createBrowser(rig.app), second)).status).toBe(401)
    now += 60_000
    expect((await give(createBrowser(rig.app), renewed.body.recoveryCodes[0])).status).toBe(200)
  })

  it('F1 lets a code be guessed as seldom as a password', async () => {
    const { body } = await enter(createBrowser(rig.app))
    const guess = () =>
      createBrowser(rig.app).call('POST', '/session/second-factor', { ticket: body.ticket, code: '000000' })
    const statuses: number[] = []
    for (let tries = 0; tries < 20; tries++, now += 1_000) statuses.push((await guess()).status)
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(5)
    expect(statuses.at(-1)).toBe(429)
  })

  it('takes a ticket for five minutes, none that was changed, and none from before a new password', async () => {
    const fresh = async (): Promise<string> => (await enter(createBrowser(rig.app))).body.ticket
    const use = (ticket: string) =>
      createBrowser(rig.app).call('POST', '/session/second-factor', { ticket, code: code() })
    const late = await fresh()
    now += 301_000
    expect((await use(late)).status).toBe(401)
    const ticket = await fresh()
    const changed = `${ticket.slice(0, 60)}${ticket[60] === 'A' ? 'B' : 'A'}${ticket.slice(61)}`
    expect((await use(changed)).status).toBe(401)
    expect((await use('nonsense')).status).toBe(401)
    await browser.call('POST', '/account/password', {
      current: ANNA.password,
      password: 'another good sentence',
    })
    expect((await use(ticket)).status).toBe(401)
  })

  it('needs the password to be switched off, or on again, or for new codes', async () => {
    for (const path of ['/account/second-factor/off', '/account/recovery-codes']) {
      const { status, body } = await browser.call('POST', path, { password: 'wrong' })
      expect([status, body.error.issues[0].path]).toEqual([400, ['body', 'password']])
    }
    expect((await browser.call('POST', '/account/second-factor', { password: ANNA.password })).status).toBe(
      409,
    )
    expect(
      (await browser.call('POST', '/account/second-factor/off', { password: ANNA.password })).status,
    ).toBe(200)
    expect((await enter(createBrowser(rig.app))).body.state).toBe('signed_in')
    const rows = await rig.service.store.raw('select totp_secret, totp_step from account')
    expect(rows).toEqual([{ totp_secret: null, totp_step: null }])
    expect(await rig.service.store.raw('select * from recovery_code')).toEqual([])
    expect(await actions()).toEqual(expect.arrayContaining(['second-factor.on', 'second-factor.off']))
  })

  it('A1 lies in the store sealed, its recovery codes as hashes', async () => {
    const dump = JSON.stringify([
      await rig.service.store.raw("select encode(totp_secret, 'escape') as secret from account"),
      await rig.service.store.raw("select encode(hash, 'escape') as code from recovery_code"),
      await rig.service.store.raw('select * from audit'),
    ])
    for (const marker of [secret, ...recoveryCodes, ...recoveryCodes.map((one) => one.replaceAll('-', ''))]) {
      expect(dump).not.toContain(marker)
    }
  })

  it('works by recovery code when the master key is another one', async () => {
    await rig.service.store.raw(`update account set totp_secret = '\\x01000000000000' || totp_secret`)
    expect((await give(createBrowser(rig.app), code())).status).toBe(401)
    expect((await give(createBrowser(rig.app), recoveryCodes[0] ?? '')).status).toBe(200)
  })
})
