import { describe, expect, it } from 'vitest'
import type { Call, Reply } from '../sdk/index.ts'
import type { HubSpotFacts } from './facts.ts'
import { prepare } from './prepare.ts'
import { PROPERTIES } from './properties.ts'
import { lead, reply, testContext } from './test-replies.ts'

type Definition = { name: string; hasUniqueValue?: boolean } & Record<string, unknown>
interface Rules {
  /** A reading of a create, before it is carried out. */
  refuse?: (definition: Definition, object: string) => Reply | undefined
  forbid?: (call: Call) => boolean
}

/** A portal's property store, as far as `prepare` uses it. */
function portal(rules: Rules = {}) {
  const groups = new Set<string>()
  const kept = new Map<string, Map<string, Definition>>()
  const of = (object: string) => {
    const store = kept.get(object) ?? new Map<string, Definition>()
    kept.set(object, store)
    if (object === 'products') store.set('hs_sku', { name: 'hs_sku', type: 'string', hasUniqueValue: true })
    return store
  }
  const create = (object: string, definition: Definition): Reply => {
    if (of(object).has(definition.name))
      return reply(409, { message: 'x already exists', category: 'CONFLICT' })
    const refused = rules.refuse?.(definition, object)
    if (refused) return refused
    of(object).set(definition.name, definition)
    return reply(201, definition)
  }
  const answer = (call: Call): Reply => {
    if (rules.forbid?.(call)) return reply(403, { category: 'MISSING_SCOPES', message: 'x' })
    const [, , api, , object = '', ...rest] = call.path.split('/')
    if (api === 'pipelines') {
      const metadata = object === 'deals' ? { probability: '1.0' } : { state: 'CLOSED' }
      return reply(200, {
        results: [{ id: 'p', label: 'Pipe', stages: [{ id: 's', label: 'Done', metadata }] }],
      })
    }
    if (rest[0] === 'groups') {
      if (call.method !== 'POST') return groups.has(object) ? reply(200, {}) : reply(404, {})
      groups.add(object)
      return reply(201, {})
    }
    if (call.method !== 'POST') return reply(200, { results: [...of(object).values()] })
    if (rest[0] !== 'batch') return create(object, call.body as Definition)
    const inputs = (call.body as { inputs: Definition[] }).inputs
    const bad = inputs.map((one) => rules.refuse?.(one, object)).find((one) => one !== undefined)
    if (bad) return bad
    for (const one of inputs) create(object, one)
    return reply(201, { results: [] })
  }
  return { answer, kept }
}

const facts = (given: unknown) => given as HubSpotFacts

describe('prepare', () => {
  it('makes the group and the missing properties, once', () => {
    const { answer, kept } = portal()
    const first = lead(prepare(testContext({ portalId: 42 })), answer)
    expect(first.result.findings).toEqual([])
    for (const [object, wanted] of Object.entries(PROPERTIES)) {
      for (const { name } of wanted)
        expect(kept.get(object)?.get(name)).toMatchObject({ groupName: 'crosswalk' })
    }
    const learned = facts(first.result.facts)
    expect(learned.portalId).toBe(42)
    expect(learned.unique).toEqual({
      contacts: true,
      companies: true,
      products: true,
      line_items: true,
      deals: true,
      orders: true,
    })
    expect(learned.pipelines?.deals?.[0]?.stages).toEqual([
      { id: 's', label: 'Done', closed: true, won: true },
    ])
    expect(learned.pipelines?.orders?.[0]?.stages).toEqual([
      { id: 's', label: 'Done', closed: true, won: null },
    ])
    const second = lead(prepare(testContext()), answer)
    expect(second.calls.filter(({ method }) => method === 'POST')).toEqual([])
  })

  it('makes a plain key where a unique one is refused, and says that search has to serve', () => {
    const { answer, kept } = portal({
      refuse: (definition, object) =>
        object === 'orders' && definition.hasUniqueValue
          ? reply(400, { category: 'VALIDATION_ERROR', message: 'orders already has 10 unique properties' })
          : undefined,
    })
    const { result } = lead(prepare(testContext()), answer)
    expect(facts(result.facts).unique).toMatchObject({ orders: false, deals: true })
    expect(kept.get('orders')?.get('crosswalk_key')).not.toHaveProperty('hasUniqueValue')
    expect(result.findings).toMatchObject([{ id: 'unique-orders', state: 'warning', blocking: false }])
  })

  it('accepts that another bridge was first', () => {
    const { answer } = portal()
    const racing = (call: Call): Reply => {
      if (!call.path.endsWith('/batch/create')) return answer(call)
      // The other one makes them all between our look and our create.
      answer(call)
      return reply(409, { category: 'CONFLICT', message: 'Property crosswalk_key already exists' })
    }
    const { result } = lead(prepare(testContext()), racing)
    expect(result.findings).toEqual([])
  })

  it('fails with the name of a property that is refused for another reason', () => {
    const { answer } = portal({
      refuse: ({ name }) =>
        name === 'crosswalk_vat_id' ? reply(400, { category: 'VALIDATION_ERROR', message: 'no' }) : undefined,
    })
    expect(() => lead(prepare(testContext()), answer)).toThrow(
      expect.objectContaining({ kind: 'invalid', fields: ['crosswalk_vat_id'] }),
    )
  })

  it('leaves out what the check found closed, and names missing scopes', () => {
    const { answer } = portal({
      forbid: (call) => call.method === 'POST' && call.path.includes('/line_items'),
    })
    const { result, calls } = lead(prepare(testContext({ objects: { companies: false } })), answer)
    expect(calls.some(({ path }) => path.includes('/companies'))).toBe(false)
    expect(result.findings).toMatchObject([
      { id: 'properties-line_items', blocking: true, remedy: expect.stringContaining('e-commerce') },
    ])
  })

  it('holds nobody up for deals while orders can be written', () => {
    const closed = (...objects: string[]): Rules => ({
      forbid: (call) => call.method === 'POST' && objects.some((object) => call.path.includes(`/${object}`)),
    })
    const blocking = (rules: Rules) =>
      lead(prepare(testContext()), portal(rules).answer).result.findings.map((finding) => finding.blocking)
    expect(blocking(closed('deals'))).toEqual([false])
    expect(blocking(closed('deals', 'orders'))).toEqual([true, true])
  })
})
