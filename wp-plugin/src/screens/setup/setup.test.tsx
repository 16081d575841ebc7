import { act, configure, screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { Flow, PreviewResult } from '@crosswalk/shared/contract'
import type { CallerRole } from '@crosswalk/shared/contract'
import { fakeBridge, show } from '../../testing/bridge.tsx'
import { madeUpConnector, sampleConnection, sampleField, sampleFlow, sampleRecord, sampleRun } from '../../testing/samples.ts' // prettier-ignore
import { Screens } from '../Screens.tsx'

// Whole pages are slow to show where many tests run side by side.
configure({ asyncUtilTimeout: 8_000 })

const draft = (of: Partial<Flow> = {}): Flow => sampleFlow({ state: 'draft', settings: { startDate: '2026-11-04' }, ...of }) // prettier-ignore
const counted = (count: number | null, warning: string | null = null) => ({ count, atMost: false, warning })
const FLOW = '/flows/flow_1'

/** A bridge with a shop and a HubSpot that are connected. */
function bridge(flows: Flow[], more: Record<string, unknown> = {}) {
  return fakeBridge({
    'GET /overview': { connections: [], flows: [], days: [], failures: 0, alarms: 0, openRuns: 0, now: '2026-11-04T14:02:40.000Z' },
    'GET /connectors': {
      connectors: [madeUpConnector({ id: 'woocommerce', label: 'WooCommerce' }), madeUpConnector({ id: 'hubspot', label: 'HubSpot' }), madeUpConnector()],
      pairs: [
        {
          source: 'woocommerce',
          target: 'hubspot',
          flows: [
            { entity: 'order', document: 'deal', label: 'Deals' },
            { entity: 'order', document: 'order', label: 'Orders' },
            { entity: 'customer', document: 'contact', label: 'Contacts' },
          ],
          missing: [{ entity: 'stock', why: 'HubSpot takes no stock levels from other systems.' }],
        },
        { source: 'moonbase', target: 'hubspot', flows: [{ entity: 'order', document: 'deal', label: 'Deals' }], missing: [] },
        { source: 'moonbase', target: 'woocommerce', flows: [], missing: [{ entity: 'order', why: 'WooCommerce takes no orders from other systems.' }] },
      ],
    },
    'GET /connections': { items: [sampleConnection(), sampleConnection({ id: 'conn_2', connector: 'hubspot', connectorLabel: 'HubSpot' })] },
    'GET /flows': { items: flows },
    'GET /runs': { items: [], next: null },
    'GET /connections/conn_1/volume': ({ query }: { query: URLSearchParams }) => (query.get('entity') === 'order' ? counted(2_418) : counted(null, 'It does not tell.')),
    [`GET ${FLOW}/volume`]: ({ query }: { query: URLSearchParams }) => counted(query.get('from') === null ? 2_418 : 38),
    [`GET ${FLOW}/matches`]: { items: [], next: null, warning: null },
    ...more,
  }) // prettier-ignore
}
const open = (path: string, on: ReturnType<typeof fakeBridge>, role?: CallerRole) => {
  history.replaceState(null, '', `/#${path}`)
  return show(<Screens />, on, role)
}
const button = (name: string | RegExp) => screen.findByRole('button', { name })
const isOff = (element: HTMLElement): boolean => element.getAttribute('aria-disabled') === 'true'

describe('the choice of systems', () => {
  it('goes on only with a pair that can work, and says why the other cannot', async () => {
    open('/setup/systems', bridge([]))
    await userEvent.selectOptions(await screen.findByRole('combobox', { name: 'Read from' }), 'Moonbase')
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Keep level in' }), 'WooCommerce (connected)')
    expect((await screen.findAllByText('WooCommerce takes no orders from other systems.')).length).toBeGreaterThan(0)
    expect(isOff(await button('Continue'))).toBe(true)
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Keep level in' }), 'HubSpot (connected)')
    await userEvent.click(await button('Continue'))
    expect(location.hash).toBe('#/setup/connect/moonbase?from=moonbase&to=hubspot')
    expect(await screen.findByRole('textbox', { name: 'Crater *' })).toBeTruthy()
  }) // prettier-ignore
})

describe('the choice of what travels', () => {
  it('tells the volume of each, also where nobody knows it, and makes the flows that were chosen', async () => {
    const on = bridge([], { 'POST /flows': draft() })
    open('/setup/flows', on)
    const orders = await screen.findByRole('checkbox', { name: 'Orders' })
    expect(await screen.findByText('2,418 records')).toBeTruthy()
    expect(await screen.findByText('It does not tell.')).toBeTruthy()
    expect(screen.getByText('HubSpot takes no stock levels from other systems.')).toBeTruthy()
    await userEvent.click(orders)
    const none = await button('Continue with 0 flows')
    expect([isOff(none), screen.getByText('Choose at least one.')]).toEqual([true, expect.anything()])
    await userEvent.click(orders)
    await userEvent.click(screen.getByRole('radio', { name: 'Orders' }))
    await userEvent.click(await button('Continue with 1 flow'))
    await waitFor(() => expect(location.hash).toBe('#/setup/flow_1/questions'))
    expect(on.asked.find(({ call }) => call === 'POST /flows')?.body).toMatchObject({ entity: 'order', document: 'order' })
  }) // prettier-ignore

  it('is told to be for others where the key may only look', async () => {
    open('/setup/flows', bridge([]), 'viewer')
    expect(isOff(await button('Continue with 1 flow'))).toBe(true)
    expect(screen.getByText('Your key may only look.')).toBeTruthy()
  })
})

describe('the questions of a flow', () => {
  const fields = [
    sampleField('guests', { title: 'Guests' }),
    sampleField('startDate', { title: 'Start date', widget: 'date', nullable: true }),
    sampleField('stages', { title: 'Stage of each status', widget: 'table', keysFrom: 'source.statuses', optionsFrom: 'target.stages', default: {} }),
    // A setting that nobody here has heard of.
    sampleField('gravity', { title: 'Gravity', required: true }),
  ] // prettier-ignore
  const answers = {
    'GET /flow-settings/order': { fields, defaults: { stages: {} } },
    [`GET ${FLOW}/options`]: {
      options: { 'source.statuses': [{ value: 'packed', label: 'Packed' }], 'target.stages': [{ value: 'won', label: 'Won' }] }, // prettier-ignore
      warning: null,
    },
  }

  it('come first where they are open, a new one too; the rest is folded; the start date is asked later', async () => {
    open('/setup/flow_1/questions', bridge([draft()], answers))
    expect(await screen.findByText(/0 of 2 questions are answered\./)).toBeTruthy()
    const shown = [...document.querySelectorAll('[data-field]')].map((place) =>
      place.getAttribute('data-field'),
    )
    expect(shown).toEqual(['stages', 'gravity', 'guests'])
    const folded = document.querySelector('[data-field=guests]')?.closest('details')
    expect(folded?.open).toBe(false)
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Packed' }), 'Won')
    expect(await screen.findByText(/1 of 2 questions is answered|1 of 2 questions are answered/)).toBeTruthy()
  })

  it('are saved whole, with what the form does not show, and problems come to their field', async () => {
    const on = bridge([draft()], { ...answers, [`PATCH ${FLOW}`]: draft({ settingsVersion: 2 }) })
    open('/setup/flow_1/questions', on)
    await userEvent.click(await button('Save and continue'))
    expect(await screen.findByRole('link', { name: 'Gravity: This is needed.' })).toBeTruthy()
    await userEvent.type(screen.getByRole('textbox', { name: 'Gravity *' }), '1.6')
    await userEvent.click(await button('Save and continue'))
    await waitFor(() => expect(location.hash).toBe('#/setup/flow_1/match'))
    expect(on.asked.find(({ call }) => call === `PATCH ${FLOW}`)?.body).toEqual({
      settings: { startDate: '2026-11-04', stages: {}, gravity: '1.6', guests: undefined },
    })
  })
})

describe('the match report', () => {
  const row = { role: 'contact', object: 'contacts', objectLabel: 'Contacts', total: 1_284, matched: 1_012, matchedBy: [], create: 247, ambiguous: 19, noKey: 6, absent: 0, unknown: 0 } // prettier-ignore
  const oneCase = {
    id: 'match_1', role: 'contact', object: 'contacts', objectLabel: 'Contact', label: 'Anna Jansen', externalId: '1042', waiting: 0, records: 3,
    candidates: [{ id: '201', by: 'E-mail', label: 'A. Jansen', url: 'https://app.example.com/201' }, { id: '877', by: 'Phone', label: null, url: null }],
    decision: null, createdAt: '2026-11-04T14:02:40.000Z',
  } // prettier-ignore

  it('begins when somebody wants it, and shows sums that add up', async () => {
    const run = sampleRun({ kind: 'match', state: 'succeeded', done: 500, total: 500 })
    const on = bridge([draft({ settingsVersion: 2 })], {
      [`POST ${FLOW}/runs`]: run,
      'GET /runs/run_1/match': { run, rows: [row] },
      'GET /runs/run_1': run,
    })
    open('/setup/flow_1/match', on)
    await userEvent.click(await button('Look at the newest 500'))
    expect(on.asked.find(({ call }) => call === `POST ${FLOW}/runs`)?.body).toEqual({ kind: 'match', scope: { last: 500 } }) // prettier-ignore
    const table = await screen.findByRole('table', { name: 'What is there already. Nothing was written.' })
    const cells = within(table).getAllByRole('cell').map((cell) => cell.textContent) // prettier-ignore
    expect(cells).toEqual(['Contacts', '1,284', '1,012', '247', '19', '6'])
  })

  it('asks what is meant and takes the answer; others may start meanwhile', async () => {
    const on = bridge([draft({ settingsVersion: 2 })], {
      [`GET ${FLOW}/matches`]: { items: [oneCase], next: null, warning: null },
      [`POST ${FLOW}/matches/decide`]: { decided: 1, sent: 3, more: false },
    })
    open('/setup/flow_1/match', on)
    const decide = await button('Decide “Anna Jansen”')
    expect(isOff(decide)).toBe(true)
    await userEvent.click(screen.getByRole('radio', { name: 'in HubSpot: A. Jansen (same e-mail, id 201)' }))
    on.answers[`GET ${FLOW}/matches`] = { items: [], next: null, warning: null }
    await userEvent.click(decide)
    expect(on.asked.find(({ call }) => call.endsWith('/decide'))?.body).toEqual({ ids: ['match_1'], as: 'candidate', targetId: '201' }) // prettier-ignore
    await waitFor(() => expect(screen.queryByRole('radio', { name: /A\. Jansen/ })).toBeNull())
    expect(screen.getByRole('link', { name: 'Continue: preview' }).getAttribute('href')).toBe('#/setup/flow_1/preview') // prettier-ignore
  })
})

describe('the preview', () => {
  const fields = [
    { target: 'dealstage', before: 'paid', after: 'won', changed: true },
    { target: 'amount', before: '54.45', after: '54.45', changed: false },
  ]
  const record = { externalId: '1041', label: '#1041', action: 'update' as const, reason: null, parts: [{ part: 'document', role: 'document', object: 'deals', id: '9', foundBy: 'link', action: 'update' as const, fields, problem: null }], trace: [] } // prettier-ignore
  const result = (counts: Partial<PreviewResult['counts']> = {}): PreviewResult => ({
    counts: { create: 0, update: 1, unchanged: 0, skip: 0, fail: 0, ...counts },
    records: [record],
  })

  it('shows now and after, only what differs unless all is wanted, and goes on', async () => {
    const on = bridge([draft({ settingsVersion: 2 })], { [`POST ${FLOW}/preview`]: result(), [`POST ${FLOW}/state`]: draft({ state: 'previewed' }) }) // prettier-ignore
    open('/setup/flow_1/preview', on)
    const table = await screen.findByRole('table', { name: 'deal: would be changed' })
    expect(within(table).getAllByRole('row').slice(1).map((row) => row.textContent)).toEqual(['dealstagepaidwon changed']) // prettier-ignore
    await userEvent.click(screen.getByRole('checkbox', { name: 'Only differences' }))
    expect(within(screen.getByRole('table', { name: 'deal: would be changed' })).getAllByRole('row')).toHaveLength(3) // prettier-ignore
    await userEvent.click(await button('These are right: continue'))
    await waitFor(() => expect(location.hash).toBe('#/setup/flow_1/live'))
    expect(on.asked.find(({ call }) => call === `POST ${FLOW}/state`)?.body).toEqual({ to: 'previewed' })
  })

  it('does not go on where every record would fail', async () => {
    open('/setup/flow_1/preview', bridge([draft()], { [`POST ${FLOW}/preview`]: result({ update: 0, fail: 1 }) })) // prettier-ignore
    expect(
      await screen.findByText('Every record would fail. Change the answers or the rules first.'),
    ).toBeTruthy()
    expect(isOff(await button('These are right: continue'))).toBe(true)
  })
})

describe('going live', () => {
  const live = { [`POST ${FLOW}/state`]: sampleFlow(), 'GET /records': { items: [], next: null } }

  it('begins with today, unless earlier ones are asked for, whose number stands on the button', async () => {
    const on = bridge([draft({ state: 'previewed' })], live)
    open('/setup/flow_1/live', on)
    expect(await button('Go live')).toBeTruthy()
    await userEvent.click(await screen.findByRole('radio', { name: 'All there are: 2,418 records' }))
    expect(await button('Go live and bring 2,418 records')).toBeTruthy()
    await userEvent.click(screen.getByRole('radio', { name: 'Also those since a day: 38 records' }))
    const day = screen.getByLabelText('Since')
    await userEvent.clear(day)
    expect(screen.getByText('Choose a day first.')).toBeTruthy()
    await userEvent.type(day, '2026-01-01')
    await userEvent.click(await button('Go live and bring 38 records'))
    await waitFor(() => expect(location.hash).toBe('#/setup/flow_1/bring'))
    expect(on.asked.find(({ call }) => call === `POST ${FLOW}/state`)?.body).toEqual({
      to: 'active',
      history: { from: '2026-01-01T00:00:00Z' },
    })
  })

  it('brings nothing earlier by default', async () => {
    const on = bridge([draft({ state: 'previewed' })], live)
    open('/setup/flow_1/live', on)
    await userEvent.click(await button('Go live'))
    await waitFor(() => expect(on.asked.find(({ call }) => call === `POST ${FLOW}/state`)?.body).toEqual({ to: 'active', history: null })) // prettier-ignore
  })

  it('goes without a number where the source cannot count, and not before the preview', async () => {
    const on = bridge([draft()], { [`GET ${FLOW}/volume`]: counted(null, 'It does not tell.') })
    open('/setup/flow_1/live', on)
    await userEvent.click(await screen.findByRole('radio', { name: 'All there are: It does not tell.' }))
    expect(isOff(await button('Go live and bring earlier records'))).toBe(true)
    expect(screen.getByText('Look at a preview first.')).toBeTruthy()
  })

  it('waits for the first record where nothing earlier is brought, and says how to try it', async () => {
    const on = bridge([sampleFlow()], { 'GET /records': { items: [], next: null } })
    open('/setup/flow_1/bring', on)
    expect((await screen.findAllByText(/Place a test order in shop\.example\.com/)).length).toBeGreaterThan(0)
    expect(screen.queryByRole('status', { name: 'Loading' })).toBeNull()
  })

  it('tells the first record that is there, with how long it took', async () => {
    const record = sampleRecord({ sourceModifiedAt: '2026-11-04T14:02:31.000Z' })
    const on = bridge([sampleFlow()], {
      'GET /records': { items: [record], next: null },
      'GET /runs': { items: [sampleRun({ state: 'paused' })], next: null },
    })
    open('/setup/flow_1/bring', on)
    expect((await screen.findAllByText(/Order #1042 was in HubSpot after 9 s\./)).length).toBeGreaterThan(0)
    expect(await screen.findByRole('heading', { name: 'Bringing earlier orders' })).toBeTruthy()
    await act(async () => {})
  })
})
