import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_PREFIX, contract, pathOf, type Endpoint } from '@crosswalk/shared/contract'
import { invitePerson } from '../person.ts'
import { until } from '../processes.ts'
import { buy, orderFlow, type FlowView, type Scene } from '../scene.ts'
import { pairSite } from '../../../bridge-service/src/pairing/testing.ts'
import { openTenants, type Tenant } from './tenant.ts'

const endpoints = Object.entries(contract).flatMap(([group, of]) =>
  Object.entries(of).map(([verb, one]) => ({ name: `${group}.${verb}`, endpoint: one as Endpoint })),
)
type Place = 'params' | 'query' | 'body'
const namesIn = (endpoint: Endpoint, place: Place): string[] =>
  Object.keys((endpoint[place] as { shape?: object } | undefined)?.shape ?? {})
const isId = (name: string): boolean => /Ids?$/.test(name)
const idsIn = (endpoint: Endpoint, place: Place): string[] => namesIn(endpoint, place).filter(isId)
/** Endpoints that are told a record of ours by its id, in the path or the body. */
const asking = endpoints.filter(
  ({ endpoint }) => [...idsIn(endpoint, 'params'), ...idsIn(endpoint, 'body')].length > 0,
)
const filtering = endpoints.filter(({ endpoint }) => idsIn(endpoint, 'query').length > 0)
const plain = endpoints.filter(
  ({ endpoint }) => endpoint.method === 'GET' && !/:(?!entity)/.test(endpoint.path),
)

let scene: Scene
let theirs: Tenant
let flow: FlowView
/** What A has, by the names that ids go by in the contract. */
let ids: Record<string, string>
/** Ids of the same form that nobody has. */
const nobodys: Record<string, string> = {
  flowId: 'flow_none', connectionId: 'conn_none', sourceConnectionId: 'conn_none', targetConnectionId: 'conn_none',
  runId: 'run_none', lookupId: 'look_none', keyId: 'key_none', externalId: '99999999', attemptId: '99999999', targetId: '99999999', alarmId: 'alarm_none', siteId: 'site_none',
  accountId: 'acct_none', sessionId: 'sess_none', invitationId: 'inv_none',
} // prettier-ignore

beforeAll(async () => {
  ;({ ours: scene, theirs } = await openTenants({
    env: { HUBSPOT_CLIENT_ID: 'client', HUBSPOT_CLIENT_SECRET: 'hush' },
  }))
  flow = await orderFlow(scene, { missingProducts: 'fail' })
  const { api } = scene.service
  // No product of it in HubSpot: it fails.
  const id = buy(scene, 'anna@example.com')
  const failed = await flow.becomes(id, 'failed')
  const run = await api.runs.start({ params: { flowId: flow.id }, body: { kind: 'backfill' } })
  const lookup = await api.lookups.save({ params: { name: 'taxes' }, body: { entries: [{ from: '21', to: 'HIGH' }], fallback: null } }) // prettier-ignore
  const key = await api.access.createKey({ body: { name: 'Till', role: 'viewer' } })
  const person = await invitePerson(scene.service, {
    email: 'olga@example.com',
    name: 'Olga',
    role: 'viewer',
  })
  const { account } = await person.api.accounts.own()
  const sessions = await person.api.accounts.sessions()
  const invitation = await api.accounts.invite({ body: { email: 'paul@example.com', role: 'owner' } })
  // Its failure is told once the service has looked.
  const alarm = await until(
    'an alarm of A',
    async () => (await api.alarms.list({ query: {} })).items[0],
    90_000,
  )
  const { code } = await api.pairing.createCode({ body: {} })
  ids = {
    siteId: (await pairSite(scene.service.url, code, 'https://shop.example.com')).id,
    alarmId: alarm.id,
    flowId: flow.id,
    connectionId: scene.ends.shopId,
    sourceConnectionId: scene.ends.shopId,
    targetConnectionId: scene.ends.crmId,
    runId: run.id,
    lookupId: lookup.id,
    keyId: key.id,
    accountId: account?.id ?? '',
    sessionId: sessions.items[0]?.id ?? '',
    invitationId: invitation.id,
    externalId: String(id),
    attemptId: String(failed.history[0]?.id),
    targetId: '99999999',
  }
})
afterAll(async () => {
  await theirs.close()
  await scene.close()
})

/** The rest of a body that is in order, for endpoints that look at it before they look at ids. */
const BODIES: Record<string, object> = {
  'connections.rename': { name: 'x' },
  'connections.reconnect': { credentials: { consumerKey: `ck_${'1'.repeat(40)}`, consumerSecret: `cs_${'1'.repeat(40)}` } }, // prettier-ignore
  'connections.oauthStart': { connector: 'hubspot' },
  'flows.create': { entity: 'order', document: 'order' },
  'flows.update': { name: 'x' },
  'flows.move': { to: 'paused' },
  'mappings.save': { document: { parts: {} } },
  'connections.moved': { as: 'moved' },
  'mappings.try': { document: { parts: {} } },
  'mappings.check': { document: { parts: {} } },
  'mappings.preview': { limit: 1 },
  'runs.start': { kind: 'backfill' },
  'accounts.changeRole': { role: 'viewer' },
  'failures.ignore': { note: 'x' },
  'failures.edit': { values: [{ part: 'document', field: 'x', value: 'x' }] },
  'matches.decide': { ids: ['match_none'], as: 'candidate' },
}

/** Asks as B for what `known` names. */
async function ask(name: string, endpoint: Endpoint, known: Record<string, string>) {
  const valueOf = (id: string): unknown => {
    const value = known[id] ?? (id.endsWith('Ids') ? known[id.slice(0, -1)] : undefined)
    if (value === undefined) throw new Error(`${name} takes ${id}, of which this test has none: give it one`)
    return id.endsWith('Ids') ? [value] : value
  }
  const given = (place: Place) => Object.fromEntries(idsIn(endpoint, place).map((id) => [id, valueOf(id)]))
  const query = {
    ...(name === 'mappings.diff' ? { from: 1, to: 1 } : {}),
    ...(name === 'connections.volume' ? { entity: 'order' } : {}),
    ...given('query'),
  }
  const path = pathOf(endpoint, {
    params: { version: 1, name: 'taxes', day: '2026-01-01', ...given('params') },
    query,
  })
  const answer = await fetch(`${scene.service.url}${API_PREFIX}${path}`, {
    method: endpoint.method,
    headers: { authorization: `Bearer ${theirs.key}`, 'content-type': 'application/json' },
    ...(endpoint.body === undefined ? {} : { body: JSON.stringify({ ...BODIES[name], ...given('body') }) }),
  })
  return { status: answer.status, text: await answer.text() }
}

/** What A has and what was done in it, without the times that move by themselves. */
async function ofA() {
  const { api } = scene.service
  const { id } = flow
  return {
    flows: (await api.flows.list()).items.map(({ state, settings, mappingVersion, name }) => ({ state, settings, mappingVersion, name })), // prettier-ignore
    connections: (await api.connections.list()).items.map(({ name, state, credentials }) => ({ name, state, hint: credentials.hint })), // prettier-ignore
    keys: (await api.access.keys()).items.map((key) => key.id),
    people: await api.accounts.people(),
    lookups: (await api.lookups.list()).items,
    asked: (await api.runs.list({ query: { flowId: id } })).items.filter((run) => run.requestedBy !== null).map((run) => run.id), // prettier-ignore
    failed: (await api.failures.list({ query: {} })).items.map((record) => [record.externalId, record.tries]),
    audit: (await api.access.audit({ query: {} })).items.map((entry) => entry.id),
  }
}

describe('G1 what one business has is not there for another', () => {
  it('G1 knows the endpoints that take ids', () => {
    expect(asking.length).toBeGreaterThan(25)
    expect(filtering.map(({ name }) => name)).toEqual(expect.arrayContaining(['records.list', 'runs.list', 'failures.list'])) // prettier-ignore
  })

  it('G1 every endpoint answers 404 to an id of another business, in the very words of one that nobody has', async () => {
    const before = await ofA()
    const wrong: string[] = []
    for (const { name, endpoint } of asking) {
      const other = await ask(name, endpoint, ids)
      const none = await ask(name, endpoint, nobodys)
      if (other.status !== 404) wrong.push(`${name} answers ${other.status}: ${other.text}`)
      if (JSON.stringify(other) !== JSON.stringify(none))
        wrong.push(`${name} tells one from the other: ${none.text}`)
    }
    expect(wrong).toEqual([])
    expect(await ofA()).toEqual(before)
  })

  it.each(filtering)('G1 $name lists nothing by an id of another business', async ({ name, endpoint }) => {
    const other = await ask(name, endpoint, ids)
    expect(other).toEqual(await ask(name, endpoint, nobodys))
    expect(JSON.parse(other.text)).toEqual({ items: [], next: null })
  })

  it.each(plain)('G1 $name shows nothing of another business', async ({ name, endpoint }) => {
    const { status, text } = await ask(
      name,
      { ...endpoint, path: endpoint.path.replace(':entity', 'order'), query: undefined },
      {},
    )
    expect(status).toBe(200)
    for (const id of Object.values(ids).filter((one) => one.includes('_'))) expect(text).not.toContain(id)
    expect(text).not.toContain((await scene.service.api.access.me()).workspaceId)
  })

  it('G1 counts of another business are not in the overview, and its run is not streamed', async () => {
    const { flows, failures, openRuns, days } = await theirs.service.api.overview.get({ query: {} })
    expect({ flows, failures, openRuns, days }).toEqual({ flows: [], failures: 0, openRuns: 0, days: [] })
    const { status } = await fetch(`${scene.service.url}${API_PREFIX}/runs/${ids['runId']}/events`, {
      headers: { authorization: `Bearer ${theirs.key}` },
    })
    expect(status).toBe(404)
  })

  it('G1 a lookup table of the same name is a table of its own', async () => {
    await theirs.service.api.lookups.save({
      params: { name: 'taxes' },
      body: { entries: [], fallback: { to: 'NONE' } },
    })
    expect((await scene.service.api.lookups.list()).items).toMatchObject([
      { entries: [{ from: '21', to: 'HIGH' }] },
    ])
    expect((await theirs.service.api.lookups.list()).items).toMatchObject([{ fallback: { to: 'NONE' } }])
  })
})
