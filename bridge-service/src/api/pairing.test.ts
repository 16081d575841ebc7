import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import supertest from 'supertest'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { API_PREFIX } from '@crosswalk/shared/contract'
import { createApp } from '../app.ts'
import { derivedFrom, newPairingCode } from '../pairing/code.ts'
import { begin, finish, pairSite, signed, type SignedRequest, type TestSite } from '../pairing/testing.ts'
import { isProof, pairingMac } from '../pairing/proof.ts'
import { createVault } from '../store/vault.ts'
import { startRig, type Rig } from './testing.ts'

const SHOP = 'https://shop.example.com'

let rig: Rig
let server: Server
let bridge: string

beforeAll(async () => {
  rig = await startRig()
}, 60_000)
afterAll(() => rig.close())
// Wrong tries are counted per app and address.
beforeEach(async () => {
  server = createServer(createApp(rig.service))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  bridge = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
})

const newCode = async (site?: string, role: 'owner' | 'stranger' = 'owner'): Promise<string> =>
  (await rig.client(role).pairing.createCode({ body: site === undefined ? {} : { site } })).code

const send = async (site: TestSite, of: SignedRequest, headers = signed(site, of)) => {
  const response = await fetch(`${bridge}${API_PREFIX}${of.path}`, {
    method: of.method ?? 'GET',
    headers,
    ...(of.body === undefined ? {} : { body: of.body }),
  })
  return {
    status: response.status,
    body: (await response.json()) as { error?: { code: string; message: string } },
  }
}
const codeOf = ({ json }: { json: Record<string, unknown> }): unknown =>
  (json['error'] as { code?: string } | undefined)?.code

describe('pairing codes', () => {
  it('are 80 random bits without letters that look like others, and their name tells nothing of their key', () => {
    const codes = Array.from({ length: 2_000 }, newPairingCode)
    expect(new Set(codes).size).toBe(2_000)
    for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/)
    expect(derivedFrom('0000-0000-0000-0000')).toEqual({
      name: '5998338e86e2d3703b7eef7fec8217eb',
      key: Buffer.from('497fb990ae09a743cac1654c321647d5f6eb65fedd667260caeb6da712901110', 'hex'),
    })
  })

  it('live ten minutes and lie in the store only as what is derived from them', async () => {
    const before = Date.now()
    const made = await rig.client('owner').pairing.createCode({ body: {} })
    expect(Math.abs(Date.parse(made.expiresAt) - before - 600_000)).toBeLessThan(60_000)
    const rows = JSON.stringify(await rig.service.store.raw('select * from pairing_code'))
    const { key } = derivedFrom(made.code)
    for (const secret of [made.code, made.code.replaceAll('-', ''), key.toString('hex')]) {
      expect(rows).not.toContain(secret)
    }
  })

  it('name the field of an address that is none', async () => {
    for (const site of ['shop.example.com', 'ftp://shop.example.com', 'https://a:b@shop.example.com']) {
      await expect(rig.client('owner').pairing.createCode({ body: { site } })).rejects.toMatchObject({
        code: 'bad_request',
        issues: [{ path: ['body', 'site'] }],
      })
    }
  })
})

describe('pairing', () => {
  it('tells anyone that this is a bridge, and its time', async () => {
    const { body, headers } = await supertest(bridge).get(`${API_PREFIX}/pairing/hello`)
    expect(body).toMatchObject({ crosswalk: 'bridge', pairing: 1 })
    expect(Math.abs(body.time - Date.now() / 1_000)).toBeLessThan(60)
    expect(headers['cache-control']).toBe('no-store')
  })

  it('lets both sides prove that they know the code, and lists the site', async () => {
    const begun = await begin(bridge, await newCode(), `${SHOP}/`)
    expect(isProof(String(begun.json['proof']), pairingMac(begun.codeKey, 'bridge', begun.offer))).toBe(true)
    const done = await finish(bridge, begun)
    expect(done).toEqual({ status: 200, json: { siteId: begun.offer.siteId, workspace: 'Ours' } })
    const { items } = await rig.client('owner').pairing.sites()
    expect(items).toEqual([
      {
        id: begun.offer.siteId,
        url: SHOP,
        pluginVersion: '0.1.0',
        createdAt: expect.any(String),
        lastSeenAt: null,
      },
    ])
    const key = pairingMac(begun.codeKey, 'key', begun.offer).toString('hex')
    expect(JSON.stringify(await rig.service.store.raw('select * from site'))).not.toContain(key)
    const audit = await rig.client('owner').access.audit()
    expect(audit.items.slice(0, 2).map(({ action, detail }) => [action, detail])).toEqual([
      ['site.paired', { url: SHOP }],
      ['pairing-code.created', {}],
    ])
  })

  it('takes a code once', async () => {
    const code = await newCode()
    const begun = await begin(bridge, code, SHOP)
    expect((await finish(bridge, begun)).status).toBe(200)
    expect(codeOf(await begin(bridge, code, SHOP))).toBe('pairing_code_spent')
    const again = await finish(bridge, begun)
    expect([again.status, codeOf(again)]).toEqual([409, 'pairing_code_spent'])
    const both = await begin(bridge, await newCode(), SHOP)
    const answers = await Promise.all([finish(bridge, both), finish(bridge, both)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  it('refuses a code that nobody made, one of ten minutes ago, and one made for another site', async () => {
    const none = await begin(bridge, newPairingCode(), SHOP)
    expect([none.status, codeOf(none)]).toEqual([404, 'pairing_code_unknown'])
    const old = await newCode()
    await rig.service.store.raw(`update pairing_code set created_at = now() - interval '601 seconds'`)
    const late = await begin(bridge, old, SHOP)
    expect([late.status, codeOf(late)]).toEqual([410, 'pairing_code_expired'])
    const foreign = await begin(bridge, await newCode('https://shop2.example.com'), SHOP)
    expect([foreign.status, codeOf(foreign)]).toEqual([409, 'pairing_code_other_site'])
    expect(foreign.json).toMatchObject({ error: { message: expect.stringContaining('shop2.example.com') } })
    expect((await begin(bridge, await newCode(SHOP), `${SHOP}/`)).status).toBe(200)
  })

  it('takes no proof but the site’s own, and gives a code five tries', async () => {
    const code = await newCode()
    const begun = await begin(bridge, code, SHOP)
    // The bridge's own proof, sent back to it.
    expect(codeOf(await finish(bridge, begun, 'bridge'))).toBe('pairing_code_unknown')
    // Whatever comes later, the offer is gone.
    expect(codeOf(await finish(bridge, begun))).toBe('pairing_code_unknown')
    for (let tries = 2; tries < 5; tries += 1) expect((await begin(bridge, code, SHOP)).status).toBe(200)
    expect(codeOf(await begin(bridge, code, SHOP))).toBe('pairing_code_spent')
    // Another offer's id under this code.
    const [one, other] = [await begin(bridge, await newCode(), SHOP), await begin(bridge, await newCode(), SHOP)] // prettier-ignore
    expect(codeOf(await finish(bridge, { ...one, offer: other.offer }))).toBe('pairing_code_unknown')
  })

  it('lets an address wait that tries many codes, also with a right one', async () => {
    const answers = []
    for (let tries = 0; tries < 20; tries += 1)
      answers.push((await begin(bridge, newPairingCode(), SHOP)).status)
    expect(new Set(answers)).toEqual(new Set([404]))
    expect((await begin(bridge, await newCode(), SHOP)).status).toBe(429)
  })

  it('names what is wrong with a request, and takes only JSON of a few lines', async () => {
    const start = () => supertest(bridge).post(`${API_PREFIX}/pairing/start`)
    const { status, body } = await start().send({ codeName: 'x', site: 'y', nonce: 'z', more: 1 })
    expect(status).toBe(400)
    expect(body.error.issues.map((issue: { path: string[] }) => issue.path.join('.'))).toEqual(
      expect.arrayContaining(['body.codeName', 'body.site', 'body.nonce', 'body.pluginVersion', 'body']),
    )
    expect((await start().set('content-type', 'application/json').send('{')).status).toBe(400)
    expect((await start().send({ more: 'x'.repeat(5_000) })).status).toBe(413)
    expect((await start()).status).toBe(400)
  })

  it('replaces what was paired before at the same address', async () => {
    const [former, now] = [await pairSite(bridge, await newCode(), SHOP), await pairSite(bridge, await newCode(), SHOP)] // prettier-ignore
    const { items } = await rig.client('owner').pairing.sites()
    expect(items.filter(({ url }) => url === SHOP).map(({ id }) => id)).toEqual([now.id])
    expect((await send(former, { path: '/me' })).status).toBe(401)
    expect((await send(now, { path: '/me' })).status).toBe(200)
  })

  it('is the business of one workspace: another one sees no site and removes none', async () => {
    const site = await pairSite(bridge, await newCode(), SHOP)
    const stranger = rig.client('stranger').pairing
    expect((await stranger.sites()).items).toEqual([])
    await expect(stranger.removeSite({ params: { siteId: site.id } })).rejects.toMatchObject({ status: 404 })
    const theirs = await pairSite(bridge, await newCode(undefined, 'stranger'), SHOP)
    expect((await send(theirs, { path: '/me' })).body).toMatchObject({ workspaceId: rig.otherWorkspaceId })
    expect((await send(site, { path: '/me' })).body).toMatchObject({ workspaceId: rig.workspaceId })
    await stranger.removeSite({ params: { siteId: theirs.id } })
  })

  it('ends when the owner removes the site', async () => {
    const site = await pairSite(bridge, await newCode(), SHOP)
    const { pairing, access } = rig.client('owner')
    expect(await pairing.removeSite({ params: { siteId: site.id } })).toEqual({ removed: true })
    expect((await send(site, { path: '/me' })).status).toBe(401)
    expect((await access.audit()).items[0]).toMatchObject({ action: 'site.removed', subject: site.id })
    await expect(pairing.removeSite({ params: { siteId: site.id } })).rejects.toMatchObject({ status: 404 })
  })
})

describe('signed requests', () => {
  let site: TestSite
  beforeEach(async () => {
    site = await pairSite(bridge, await newCode(), SHOP)
  })
  const person = { email: 'anna@example.com' }
  const create = { method: 'POST', path: '/privacy/export', body: JSON.stringify(person) }

  it('act for a user of the site, in the role the site says, and are noted as such', async () => {
    expect((await send(site, { path: '/me' })).body).toEqual({
      workspaceId: rig.workspaceId,
      role: 'owner',
      actor: `${site.id}/7`,
    })
    expect((await send(site, create)).status).toBe(200)
    const [entry] = (await rig.client('owner').access.audit()).items
    expect(entry).toMatchObject({ action: 'person.exported', actor: `${site.id}/7` })
    const { items } = await rig.client('owner').pairing.sites()
    expect(items.find(({ id }) => id === site.id)?.lastSeenAt).not.toBeNull()
  })

  it('do no more than their role', async () => {
    for (const role of ['viewer', 'operator'] as const) {
      const { status, body } = await send(site, { ...create, role })
      expect([status, body.error?.code]).toEqual([403, 'forbidden'])
    }
    expect((await send(site, { path: '/flows?limit=5', role: 'viewer' })).status).toBe(200)
  })

  it('let nobody in who would stay when the site is gone', async () => {
    const post = (path: string, body: object = {}) => ({ method: 'POST', path, body: JSON.stringify(body) })
    for (const of of [
      post('/access-keys', { name: 'From the shop', role: 'owner' }),
      post('/people/invitations', { email: 'bo@example.com', role: 'owner' }),
      post('/people/acct_00000000000000000000/renew'),
      post('/pairing/codes'),
      { path: '/people' },
    ]) {
      const { status, body } = await send(site, of)
      expect([status, body.error?.message], of.path).toEqual([403, expect.stringMatching(/not done from a paired site/)]) // prettier-ignore
    }
    const other = await pairSite(bridge, await newCode(), 'https://other.example.com')
    const remove = (id: string) => send(site, { method: 'DELETE', path: `/pairing/sites/${id}` })
    expect((await remove(other.id)).status).toBe(403)
    expect((await remove(site.id)).status).toBe(200)
  })

  it('end with the site, and so do codes its maker left behind', async () => {
    const { id, key } = await rig.client('owner').access.createKey({ body: { name: 'left', role: 'owner' } })
    const answer = await fetch(`${bridge}${API_PREFIX}/pairing/codes`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: '{}',
    })
    const { code } = (await answer.json()) as { code: string }
    await rig.client('owner').access.removeKey({ params: { keyId: id } })
    expect((await begin(bridge, code, SHOP)).status).toBe(404)
  })

  it('are taken once', async () => {
    const headers = signed(site, create)
    expect((await send(site, create, headers)).status).toBe(200)
    expect((await send(site, create, headers)).status).toBe(401)
    const get = { path: '/me' }
    const twice = signed(site, get)
    const answers = await Promise.all([send(site, get, twice), send(site, get, twice)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
  })

  it('are taken within five minutes of the bridge’s clock, and told apart from wrong ones', async () => {
    for (const ahead of [295, -295]) expect((await send(site, { path: '/me', ahead })).status).toBe(200)
    for (const [ahead, words] of [[310, '5 minutes ahead of'], [-900, '15 minutes behind']] as const) {
      const { status, body } = await send(site, { path: '/me', ahead })
      expect([status, body.error?.code]).toEqual([401, 'clock_differs'])
      expect(body.error?.message).toContain(words)
    } // prettier-ignore
    const wrong = { ...site, key: Buffer.alloc(32) }
    expect((await send(wrong, { path: '/me', ahead: 900 })).body.error?.code).toBe('unauthorized')
  })

  it('are refused when anything of them is not what was signed', async () => {
    const refused = async (of: SignedRequest, headers: Record<string, string>, what: string) =>
      expect((await send(site, of, headers)).status, what).toBe(401)
    const { authorization = '' } = signed(site, create)
    const changed = (from: RegExp, to: string) => ({
      authorization: authorization.replace(from, to),
      'content-type': 'application/json',
    })
    await refused(create, changed(/user=7/, 'user=8'), 'user')
    await refused({ ...create, body: JSON.stringify({ email: 'bo@example.com' }) }, changed(/$/, ''), 'body')
    await refused({ ...create, body: '' }, changed(/$/, ''), 'no body')
    await refused(create, changed(/nonce=./, 'nonce=0'), 'nonce')
    await refused({ ...create, path: '/privacy/export?x=1' }, changed(/$/, ''), 'query')
    await refused({ path: '/me' }, signed(site, { method: 'POST', path: '/me' }), 'method')
    await refused(create, changed(/, signature=.*/, ''), 'no signature')
    await refused(create, changed(/signature=../, 'signature='), 'short signature')
    await refused(create, changed(/signature=/, 'signature=0, signature='), 'two signatures')
    await refused(create, changed(/user=7/, 'user=7, user=8'), 'two users')
  })

  it('are not taken for a site that nobody paired, nor with another site’s key', async () => {
    const other = await pairSite(bridge, await newCode(undefined, 'stranger'), SHOP)
    for (const wrong of [
      { ...site, id: 'site_none' },
      { ...site, key: other.key },
      { ...other, id: site.id },
    ]) {
      expect((await send(wrong, { path: '/me' })).status).toBe(401)
    }
  })

  it('are refused when the master key that sealed the site’s key is gone', async () => {
    const { vault } = rig.service
    rig.service.vault = createVault(Buffer.alloc(32, 9))
    expect((await send(site, { path: '/me' })).status).toBe(401)
    rig.service.vault = vault
    expect((await send(site, { path: '/me' })).status).toBe(200)
  })

  it('make an address wait that sends many wrong ones', async () => {
    const wrong = { ...site, key: Buffer.alloc(32) }
    for (let tries = 0; tries < 20; tries += 1) {
      expect((await send(wrong, { path: '/me' })).status).toBe(401)
    }
    expect((await send(site, { path: '/me' })).status).toBe(429)
  })
})
