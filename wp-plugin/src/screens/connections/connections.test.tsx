import { configure, screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { Connection, Transport } from '@crosswalk/shared/contract'
import { fakeBridge, show } from '../../testing/bridge.tsx'
import { madeUpConnector, sampleConnection, sampleField, sampleFlow } from '../../testing/samples.ts'
import { ConnectForm } from './ConnectForm.tsx'
import ConnectionPage from './ConnectionPage.tsx'
import Connections from './Connections.tsx'

// Whole pages are slow to show where many tests run side by side.
configure({ asyncUtilTimeout: 8_000 })

const page = (connection: Connection, more: Record<string, unknown> = {}) =>
  fakeBridge({
    'GET /connections/conn_1': connection,
    'GET /connectors': { connectors: [madeUpConnector({ id: 'woocommerce', label: 'WooCommerce' })], pairs: [] },
    'GET /flows': { items: [sampleFlow()] },
    ...more,
  }) // prettier-ignore
const button = (name: string | RegExp) => screen.getByRole('button', { name })
const moved = (answer: 'copy' | null) =>
  sampleConnection({
    state: 'paused',
    stateReason: 'This account calls itself test.example.com now.',
    moved: { from: 'shop.example.com', to: 'test.example.com', since: '2026-11-04T12:00:00.000Z', answer },
  })

describe('the list of connections', () => {
  it('offers the first one where there is none', async () => {
    show(<Connections />, fakeBridge({ 'GET /connections': { items: [] } }))
    const link = await screen.findByRole('link', { name: 'Connect a system' })
    expect(link.getAttribute('href')).toBe('#/setup')
  })

  it('tells the state of each in words', async () => {
    const items = [
      sampleConnection(),
      { ...moved(null), id: 'conn_2' },
      sampleConnection({ id: 'conn_3', state: 'unauthorized', stateReason: 'The key was removed.' }),
    ]
    show(<Connections />, fakeBridge({ 'GET /connections': { items } }))
    const rows = within(await screen.findByRole('list')).getAllByRole('listitem')
    expect(rows.map((row) => row.textContent)).toEqual([
      expect.stringMatching(/It tells us of changes at once\.Connected$/),
      expect.stringMatching(/Moved, or a copy\?$/),
      expect.stringMatching(/The key was removed\.Sign-in refused$/),
    ])
  })
})

describe('a system that is new', () => {
  it('is connected by the form that the bridge describes, without a line written for it', async () => {
    const made: Connection[] = []
    const bridge = fakeBridge({ 'POST /connections': { connection: sampleConnection({ connector: 'moonbase' }), findings: [] } }) // prettier-ignore
    show(<ConnectForm connector={madeUpConnector()} done={(one) => made.push(one)} />, bridge)
    expect(screen.getAllByText('Built from public documentation, not certified.').length).toBeGreaterThan(0)
    await userEvent.click(button('Check and connect Moonbase'))
    expect(screen.getByRole('link', { name: /Crater: This is needed\./ })).toBeTruthy()
    expect(bridge.asked).toEqual([])
    await userEvent.type(screen.getByRole('textbox', { name: 'Crater *' }), 'Plato')
    await userEvent.type(screen.getByLabelText('Airlock code *'), 'x7 ')
    await userEvent.click(button('Check and connect Moonbase'))
    await waitFor(() => expect(made).toHaveLength(1))
    expect(bridge.asked[0]?.body).toEqual({
      connector: 'moonbase', method: 'keys', settings: { crater: 'Plato' }, credentials: { airlock: 'x7' },
    }) // prettier-ignore
  })

  it('names what is wrong at its field, and what the check found with its remedy', async () => {
    const refusal = { error: { code: 'bad_request', message: 'The keys are not right.', issues: [{ path: ['body', 'credentials', 'airlock'], message: 'Too short.', expected: 'Eight characters.' }] } } // prettier-ignore
    let status = 400
    const transport: Transport = async () => ({
      status,
      json: status === 400 ? refusal : { connection: null, findings: [{ id: 'k', state: 'failed', text: 'Moonbase refused this key.', remedy: 'Make a new one.', blocking: true }] },
    }) // prettier-ignore
    show(<ConnectForm connector={madeUpConnector()} done={() => expect.fail('it is not connected')} />, { transport }) // prettier-ignore
    await userEvent.type(screen.getByRole('textbox', { name: 'Crater *' }), 'Plato')
    await userEvent.type(screen.getByLabelText('Airlock code *'), 'x7')
    await userEvent.click(button(/^Check/))
    expect(
      await screen.findByRole('link', { name: 'Airlock code: Too short. Eight characters.' }),
    ).toBeTruthy()
    status = 200
    await userEvent.click(button(/^Check/))
    expect((await screen.findByText('Make a new one.')).closest('li')?.textContent).toContain('Not right: Moonbase refused this key.') // prettier-ignore
  })

  it('says why a way is not open on this bridge', () => {
    const [keys] = madeUpConnector().methods
    const there = { ...keys!, id: 'there', label: 'Sign in there', kind: 'oauth2' as const, fields: [], unavailable: 'Its operator has set up no app.', scopes: [{ scope: 'rocks.read', reason: 'Read rocks', optional: false }] } // prettier-ignore
    show(<ConnectForm connector={madeUpConnector({ methods: [there] })} done={() => {}} />, fakeBridge({}))
    expect(screen.getAllByText('Its operator has set up no app.').length).toBeGreaterThan(0)
    expect(screen.getByText('Read rocks (rocks.read)')).toBeTruthy()
    expect(screen.queryByRole('button', { name: /Sign in/ })).toBeNull()
  })

  it('has settings of its own on the sign-in there', () => {
    const [keys] = madeUpConnector().methods
    const there = { ...keys!, id: 'there', kind: 'oauth2' as const, fields: [] }
    const settings = [sampleField('dome', { title: 'Dome' })]
    show(<ConnectForm connector={madeUpConnector({ methods: [there], settings })} done={() => {}} />, fakeBridge({})) // prettier-ignore
    expect(screen.getByRole('textbox', { name: 'Dome' })).toBeTruthy()
    expect(button('Sign in at Moonbase')).toBeTruthy()
  })
})

describe('a connection', () => {
  it('is checked when somebody wants it, and tells what was found', async () => {
    const findings = [{ id: 'https', state: 'warning' as const, text: 'It is called over http.', remedy: 'Use https.', blocking: false }] // prettier-ignore
    const bridge = page(sampleConnection(), {
      'POST /connections/conn_1/check': { connection: sampleConnection({ findings }), findings },
    })
    show(<ConnectionPage id="conn_1" />, bridge)
    await userEvent.click(await screen.findByRole('button', { name: 'Check now' }))
    expect(await screen.findByText('Use https.')).toBeTruthy()
    expect(screen.getByText('Connected, with advice')).toBeTruthy()
    expect(screen.getByRole('link', { name: 'Orders → deals' }).getAttribute('href')).toBe('#/flows/flow_1')
  })

  it.each([
    ['moved', 'It moved: go on with test.example.com', 'Connected'],
    ['copy', 'It is a copy: keep it paused', 'Paused'],
  ])('that calls itself otherwise asks: %s', async (as, name, word) => {
    const after = as === 'moved' ? sampleConnection() : moved('copy')
    const bridge = page(moved(null), {
      'POST /connections/conn_1/moved': { connection: after, findings: [] },
    })
    show(<ConnectionPage id="conn_1" />, bridge)
    const [said] = await screen.findAllByText(/calls itself test\.example\.com instead of shop\.example\.com/)
    expect(said?.textContent).toContain('Its flows are paused')
    await userEvent.click(button(name))
    expect(bridge.asked.at(-1)).toMatchObject({ call: 'POST /connections/conn_1/moved', body: { as } })
    await waitFor(() => expect(document.querySelector('.cw-head .cw-chip')?.textContent).toBe(word))
  })

  it('tells somebody without the right who can answer', async () => {
    show(<ConnectionPage id="conn_1" />, page(moved(null)), 'operator')
    expect(await screen.findByText('An owner of the bridge can say what WooCommerce is now.')).toBeTruthy()
    expect(screen.queryByRole('button', { name: /It moved/ })).toBeNull()
  })

  it('is ended only once that is meant, with what stops and what stays', async () => {
    const ended = sampleConnection({ state: 'disconnected', stateReason: 'Disconnected by a user.' })
    const findings = [{ id: 'webhooks', state: 'warning' as const, text: 'Webhooks could not be removed.', remedy: 'Remove them by hand.', blocking: false }] // prettier-ignore
    const bridge = page(sampleConnection(), { 'POST /connections/conn_1/disconnect': { connection: ended, findings } }) // prettier-ignore
    show(<ConnectionPage id="conn_1" />, bridge)
    await userEvent.click(await screen.findByRole('button', { name: 'Disconnect…' }))
    const dialog = await screen.findByRole('dialog')
    expect(dialog.textContent).toContain('1 flow stops. Everything that was written stays where it is.')
    await userEvent.click(within(dialog).getByRole('button', { name: /^Disconnect/ }))
    expect(await screen.findByText('Remove them by hand.')).toBeTruthy()
    expect(screen.getByText('Disconnected')).toBeTruthy()
  })
})
