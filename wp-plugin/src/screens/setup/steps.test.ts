import { describe, expect, it } from 'vitest'
import { madeUpConnector, sampleConnection, sampleFlow, sampleRun } from '../../testing/samples.ts'
import { chosenOf, nextOf, type SetupFacts, stepsOf, unfinished } from './steps.ts'

const pair = (source: string, target: string, entities: readonly string[]) => ({
  source,
  target,
  flows: entities.map((entity) => ({ entity: entity as 'order', document: 'deal', label: 'Deals' })),
  missing: [],
})
const facts = (of: Partial<SetupFacts> = {}): SetupFacts => ({
  connectors: [
    madeUpConnector({ id: 'woocommerce', label: 'WooCommerce' }),
    madeUpConnector({ id: 'hubspot', label: 'HubSpot' }),
    madeUpConnector(),
  ],
  pairs: [pair('woocommerce', 'hubspot', ['order']), pair('moonbase', 'hubspot', ['order']), pair('hubspot', 'woocommerce', [])],
  connections: [],
  flows: [],
  runs: [],
  ...of,
}) // prettier-ignore
const shop = sampleConnection()
const crm = sampleConnection({ id: 'conn_2', connector: 'hubspot', connectorLabel: 'HubSpot' })
const at = (of: SetupFacts, query = {}): string | undefined =>
  nextOf(stepsOf(of, chosenOf(of, query), unfinished(of)))?.id

describe('the steps of the set-up', () => {
  it('begin with the choice of systems, where there is one', () => {
    expect(chosenOf(facts(), {})).toEqual({ from: '', to: '' })
    expect(at(facts())).toBe('systems')
    expect(at(facts(), { from: 'moonbase', to: 'hubspot' })).toBe('from')
    // What cannot work is not chosen.
    expect(chosenOf(facts(), { from: 'hubspot', to: 'woocommerce' })).toEqual({ from: '', to: '' })
    const one = facts({ pairs: [pair('woocommerce', 'hubspot', ['order'])] })
    expect(at(one)).toBe('from')
  })

  it('go by what the bridge says, so that they can be left and gone on with', () => {
    const query = { from: 'woocommerce', to: 'hubspot' }
    expect(at(facts({ connections: [shop] }), query)).toBe('to')
    const both = { connections: [shop, crm] }
    expect(at(facts(both))).toBe('flows')
    const flow = sampleFlow({ state: 'draft' })
    const drafted = (more: object, runs: SetupFacts['runs'] = []) =>
      facts({ ...both, flows: [{ ...flow, ...more }], runs })
    expect(at(drafted({}))).toBe('questions')
    expect(at(drafted({ settingsVersion: 2 }))).toBe('match')
    expect(at(drafted({ settingsVersion: 2 }, [sampleRun({ kind: 'match' })]))).toBe('preview')
    expect(at(drafted({ state: 'previewed' }))).toBe('live')
    expect(unfinished(drafted({ state: 'active' }))).toBeUndefined()
  })

  it('do not count a connection that is refused or ended', () => {
    const query = { from: 'woocommerce', to: 'hubspot' }
    for (const state of ['unauthorized', 'disconnected', 'paused'] as const)
      expect(at(facts({ connections: [{ ...shop, state }, crm] }), query)).toBe('from')
  })

  it('are about the flow that is not live yet', () => {
    const flows = [sampleFlow(), sampleFlow({ id: 'flow_2', state: 'draft' })]
    expect(unfinished({ flows })?.id).toBe('flow_2')
  })
})
