import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contract, createClient, type CallerRole, type Client } from '@crosswalk/shared/contract'
import { consoleAddress } from '../accounts/set-up.ts'
import { createBrowser, forgetPeople, type TestBrowser } from './testing/browser.ts'
import { connectBoth, startRig, type Rig } from './testing.ts'

const PASSWORD = 'a quiet lake at dawn'

let rig: Rig
let owner: TestBrowser

beforeAll(async () => {
  rig = await startRig()
}, 60_000)
afterAll(() => rig.close())
beforeEach(async () => {
  await forgetPeople(rig.service)
  owner = createBrowser(rig.app)
  const code = (await consoleAddress(rig.service, rig.workspaceId, '')).replace('/#set-up=', '')
  await owner.call('POST', '/session/set-up', {
    code,
    email: 'anna@example.com',
    name: 'Anna',
    password: PASSWORD,
  })
})

/** The API as a browser's session sees it. */
const apiOf = (browser: TestBrowser): Client<typeof contract> =>
  createClient(contract, async ({ method, path, body }) => {
    const { status, body: json } = await browser.call(method, path, body as object | undefined)
    return { status, json }
  })
/** Somebody who was invited, signed in. */
async function join(email: string, role: CallerRole, name = 'Berta'): Promise<TestBrowser> {
  const { code } = await apiOf(owner).accounts.invite({ body: { email, role } })
  const browser = createBrowser(rig.app)
  const { status } = await browser.call('POST', '/session/invitation/accept', {
    code,
    name,
    password: PASSWORD,
  })
  expect(status).toBe(201)
  return browser
}
const idOf = async (browser: TestBrowser): Promise<string> =>
  (await apiOf(browser).accounts.own()).account?.id ?? ''
const signIn = (email: string, password = PASSWORD) =>
  createBrowser(rig.app).call('POST', '/session', { email, password })
const failing = (status: number, code: string) => ({ status, code })

describe('one’s own account', () => {
  it('is shown to who is signed in; an access key has none', async () => {
    expect(await apiOf(owner).accounts.own()).toMatchObject({
      account: {
        email: 'anna@example.com',
        name: 'Anna',
        role: 'owner',
        secondFactor: false,
        recoveryCodesLeft: 0,
      },
    })
    const byKey = rig.client('owner').accounts
    expect(await byKey.own()).toEqual({ account: null })
    expect(await byKey.sessions()).toEqual({ items: [] })
    await expect(byKey.changePassword({ body: { current: PASSWORD, password: 'another good sentence' } })).rejects.toMatchObject(failing(403, 'forbidden')) // prettier-ignore
    await expect(byKey.endSecondFactor({ body: { password: PASSWORD } })).rejects.toMatchObject(failing(403, 'forbidden')) // prettier-ignore
  })

  it('F3 a new password ends all other sessions; the old one opens nothing', async () => {
    const other = createBrowser(rig.app)
    await other.call('POST', '/session', { email: 'anna@example.com', password: PASSWORD })
    const own = apiOf(owner).accounts
    await expect(own.changePassword({ body: { current: 'wrong', password: 'another good sentence' } })).rejects.toMatchObject({ status: 400, issues: [{ path: ['body', 'current'] }] }) // prettier-ignore
    await expect(own.changePassword({ body: { current: PASSWORD, password: 'password1' } })).rejects.toMatchObject({ status: 400, issues: [{ path: ['body', 'password'] }] }) // prettier-ignore
    expect((await other.call('GET', '/me')).status).toBe(200)
    expect(await own.changePassword({ body: { current: PASSWORD, password: 'another good sentence' } })).toEqual({ endedSessions: 1 }) // prettier-ignore
    expect((await other.call('GET', '/me')).status).toBe(401)
    expect((await owner.call('GET', '/me')).status).toBe(200)
    expect((await signIn('anna@example.com')).status).toBe(401)
    expect((await signIn('anna@example.com', 'another good sentence')).status).toBe(200)
  })

  it('F1 an open browser cannot be used to guess the password', async () => {
    const guess = () =>
      owner.call('POST', '/account/password', { current: 'wrong', password: 'another good sentence' })
    const statuses: number[] = []
    for (let tries = 0; tries < 6; tries++) statuses.push((await guess()).status)
    expect(statuses).toEqual([400, 400, 400, 429, 429, 429])
  })

  it('shows where one is signed in, and ends a session of one’s own, or all others', async () => {
    const [second, third] = [createBrowser(rig.app), createBrowser(rig.app)]
    for (const one of [second, third])
      await one.call('POST', '/session', { email: 'anna@example.com', password: PASSWORD })
    const own = apiOf(owner).accounts
    const { items } = await own.sessions()
    expect(items.map(({ current }) => current).filter(Boolean)).toHaveLength(1)
    expect(items).toHaveLength(3)
    expect(items[0]?.agent).toContain('Firefox')
    const theirs = (await apiOf(second).accounts.sessions()).items.find(({ current }) => current)
    await own.endSession({ params: { sessionId: theirs?.id ?? '' } })
    expect((await second.call('GET', '/me')).status).toBe(401)
    expect(await own.endOtherSessions()).toEqual({ endedSessions: 1 })
    expect((await third.call('GET', '/me')).status).toBe(401)
    expect((await owner.call('GET', '/me')).status).toBe(200)
  })

  it('E1 a session of somebody else is not there', async () => {
    const berta = await join('berta@example.com', 'owner')
    const hers = (await apiOf(berta).accounts.sessions()).items[0]?.id ?? ''
    await expect(apiOf(owner).accounts.endSession({ params: { sessionId: hers } })).rejects.toMatchObject(failing(404, 'not_found')) // prettier-ignore
    expect((await berta.call('GET', '/me')).status).toBe(200)
  })
})

describe('E3 roles', () => {
  it.each(['viewer', 'operator'] as const)(
    'E3 a session of the role %s may do what a key of it may',
    async (role) => {
      const browser = await join(`${role}@example.com`, role)
      expect((await browser.call('GET', '/me')).body).toMatchObject({
        role,
        actor: expect.stringMatching(/^acct_/),
      })
      expect((await browser.call('GET', '/flows')).status).toBe(200)
      for (const path of ['/people', '/access-keys', '/audit']) {
        expect((await browser.call('GET', path)).status, path).toBe(403)
      }
      const invited = await browser.call('POST', '/people/invitations', {
        email: 'x@example.com',
        role: 'owner',
      })
      expect(invited.status).toBe(403)
      const failures = await browser.call('POST', '/failures/retry', {})
      expect(failures.status === 403).toBe(role === 'viewer')
      expect((await browser.call('POST', '/account/password', { current: PASSWORD, password: 'another good sentence' })).status).toBe(200) // prettier-ignore
    },
  )

  it('E3 another role counts from the next call on, and what an owner made as one ends with it', async () => {
    const berta = await join('berta@example.com', 'owner')
    const { code } = await apiOf(berta).accounts.invite({
      body: { email: 'carl@example.com', role: 'owner' },
    })
    const params = { accountId: await idOf(berta) }
    expect(await apiOf(owner).accounts.changeRole({ params, body: { role: 'viewer' } })).toMatchObject({ role: 'viewer', you: false }) // prettier-ignore
    expect((await berta.call('GET', '/people')).status).toBe(403)
    const accepted = await createBrowser(rig.app).call('POST', '/session/invitation/accept', { code, name: 'Carl', password: PASSWORD }) // prettier-ignore
    expect(accepted.status).toBe(404)
  })

  it('E2 a role cannot be given to oneself on the way in', async () => {
    const { code } = await apiOf(owner).accounts.invite({
      body: { email: 'dora@example.com', role: 'viewer' },
    })
    const given = { code, name: 'Dora', password: PASSWORD, role: 'owner' }
    expect((await createBrowser(rig.app).call('POST', '/session/invitation/accept', given)).status).toBe(400)
    const { status } = await owner.call('PATCH', `/people/${await idOf(owner)}`, {
      role: 'owner',
      email: 'x@example.com',
    })
    expect(status).toBe(400)
  })
})

describe('people', () => {
  it('come in by a link that works once, is kept as a hash, and is shown only when it is made', async () => {
    const { accounts } = apiOf(owner)
    const made = await accounts.invite({ body: { email: 'Berta@Example.com', role: 'operator' } })
    expect(made.code.length).toBeGreaterThanOrEqual(43)
    expect(JSON.stringify(await accounts.people())).not.toContain(made.code)
    expect((await accounts.people()).invitations).toMatchObject([
      { email: 'berta@example.com', role: 'operator' },
    ])
    const browser = createBrowser(rig.app)
    const look = await browser.call('POST', '/session/invitation', { code: made.code })
    expect(look.body).toMatchObject({
      kind: 'invite',
      email: 'berta@example.com',
      role: 'operator',
      name: null,
    })
    const accept = (change: object = {}) =>
      browser.call('POST', '/session/invitation/accept', {
        code: made.code,
        name: 'Berta',
        password: PASSWORD,
        ...change,
      })
    expect((await accept({ name: undefined })).body.error.issues[0].path).toEqual(['body', 'name'])
    expect((await accept({ password: 'password1' })).status).toBe(400)
    expect((await accept()).status).toBe(201)
    expect((await browser.call('GET', '/me')).body).toMatchObject({
      role: 'operator',
      workspaceId: rig.workspaceId,
    })
    expect((await accept()).status).toBe(404)
    const { items, invitations } = await accounts.people()
    expect(items.map(({ name, you }) => [name, you])).toEqual([
      ['Anna', true],
      ['Berta', false],
    ])
    expect(invitations).toEqual([])
  })

  it('a link ends after a week, when it is withdrawn, and when another one is made for the same address', async () => {
    const { accounts } = apiOf(owner)
    const make = async () => accounts.invite({ body: { email: 'berta@example.com', role: 'viewer' } })
    const look = async (code: string) =>
      (await createBrowser(rig.app).call('POST', '/session/invitation', { code })).status
    const first = await make()
    const second = await make()
    expect([await look(first.code), await look(second.code)]).toEqual([404, 200])
    await accounts.withdrawInvitation({ params: { invitationId: second.id } })
    expect(await look(second.code)).toBe(404)
    await expect(accounts.withdrawInvitation({ params: { invitationId: second.id } })).rejects.toMatchObject({ status: 404 }) // prettier-ignore
    const third = await make()
    await rig.service.store.raw(`update invitation set expires_at = now() - interval '1 second'`)
    expect(await look(third.code)).toBe(404)
    expect((await accounts.people()).invitations).toEqual([])
  })

  it('an address has one account', async () => {
    await expect(apiOf(owner).accounts.invite({ body: { email: 'ANNA@example.com', role: 'viewer' } })).rejects.toMatchObject(failing(409, 'conflict')) // prettier-ignore
  })

  it('F1 codes of links cannot be guessed at any speed', async () => {
    const guess = () => createBrowser(rig.app).call('POST', '/session/invitation', { code: 'x'.repeat(43) })
    const statuses: number[] = []
    for (let tries = 0; tries < 12; tries++) statuses.push((await guess()).status)
    expect(statuses.slice(0, 10)).toEqual(Array<number>(10).fill(404))
    expect(statuses.slice(10)).toEqual([429, 429])
  })

  it('who lost the password or the app gets a link of an owner: a new password, and all that was is over', async () => {
    const berta = await join('berta@example.com', 'operator')
    const { code } = await apiOf(owner).accounts.renew({ params: { accountId: await idOf(berta) } })
    // Nothing changes until it is used.
    expect((await berta.call('GET', '/me')).status).toBe(200)
    const browser = createBrowser(rig.app)
    expect((await browser.call('POST', '/session/invitation', { code })).body).toMatchObject({ kind: 'renew', name: 'Berta' }) // prettier-ignore
    expect((await browser.call('POST', '/session/invitation/accept', { code, password: 'another good sentence' })).status).toBe(201) // prettier-ignore
    expect((await berta.call('GET', '/me')).status).toBe(401)
    expect((await signIn('berta@example.com')).status).toBe(401)
    expect((await signIn('berta@example.com', 'another good sentence')).status).toBe(200)
  })

  it('an owner’s access key opens the way for the only owner who lost the password', async () => {
    const { items } = await rig.client('owner').accounts.people()
    const { code } = await rig.client('owner').accounts.renew({ params: { accountId: items[0]?.id ?? '' } })
    expect((await createBrowser(rig.app).call('POST', '/session/invitation/accept', { code, password: 'another good sentence' })).status).toBe(201) // prettier-ignore
  })

  it('the last owner stays: neither removed nor made less, also when two go at once', async () => {
    const { accounts } = apiOf(owner)
    const anna = await idOf(owner)
    await expect(accounts.remove({ params: { accountId: anna } })).rejects.toMatchObject(
      failing(409, 'conflict'),
    )
    await expect(accounts.changeRole({ params: { accountId: anna }, body: { role: 'viewer' } })).rejects.toMatchObject(failing(409, 'conflict')) // prettier-ignore
    const berta = await join('berta@example.com', 'owner')
    const bertas = await idOf(berta)
    const answers = await Promise.all([
      owner.call('DELETE', `/people/${bertas}`),
      berta.call('DELETE', `/people/${anna}`),
    ])
    expect(answers.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1)
    expect(
      await rig.service.store.raw(`select count(*)::int as n from account where role = 'owner'`),
    ).toEqual([{ n: 1 }])
  })

  it('who is removed is out at once', async () => {
    const berta = await join('berta@example.com', 'operator')
    await apiOf(owner).accounts.remove({ params: { accountId: await idOf(berta) } })
    expect((await berta.call('GET', '/me')).status).toBe(401)
    expect((await signIn('berta@example.com')).status).toBe(401)
  })

  it('E1 another business sees none of them, and its ids are of nobody', async () => {
    const stranger = rig.client('stranger').accounts
    const params = { accountId: await idOf(owner) }
    const { id } = await apiOf(owner).accounts.invite({
      body: { email: 'berta@example.com', role: 'viewer' },
    })
    expect(await stranger.people()).toEqual({ items: [], invitations: [] })
    for (const ask of [
      () => stranger.remove({ params }),
      () => stranger.renew({ params }),
      () => stranger.changeRole({ params, body: { role: 'viewer' } }),
      () => stranger.withdrawInvitation({ params: { invitationId: id } }),
    ]) {
      await expect(ask()).rejects.toMatchObject(failing(404, 'not_found'))
    }
    expect((await apiOf(owner).accounts.people()).invitations).toHaveLength(1)
  })

  it('E5 leave a trace of each change, by who made it, without an address or a secret', async () => {
    const berta = await join('berta@example.com', 'owner')
    const params = { accountId: await idOf(berta) }
    const { accounts } = apiOf(owner)
    await accounts.changeRole({ params, body: { role: 'viewer' } })
    await accounts.renew({ params })
    await accounts.remove({ params })
    const { items } = await apiOf(owner).access.audit({ query: {} })
    const anna = await idOf(owner)
    for (const action of [
      'account.invited',
      'account.role-changed',
      'account.renewal-made',
      'account.removed',
    ]) {
      expect(
        items.filter((entry) => entry.action === action).map(({ actor }) => actor),
        action,
      ).toEqual([anna])
    }
    expect(JSON.stringify(items)).not.toContain('@')
  })
})

it('the stream of a run takes the cookie', async () => {
  const { flow } = await connectBoth(rig)
  const run = await rig
    .client('owner')
    .runs.start({ params: { flowId: flow.id }, body: { kind: 'backfill' } })
  await rig.client('owner').runs.cancel({ params: { runId: run.id } })
  const stream = await owner.call('GET', `/runs/${run.id}/events`)
  expect([stream.status, stream.headers['content-type']]).toEqual([200, 'text/event-stream; charset=utf-8'])
  const { status } = await createBrowser(rig.app).call('GET', `/runs/${run.id}/events`)
  expect(status).toBe(401)
})
