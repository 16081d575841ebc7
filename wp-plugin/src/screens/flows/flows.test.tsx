import { configure, screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { Flow } from '@crosswalk/shared/contract'
import { fakeBridge, show } from '../../testing/bridge.tsx'
import { sampleField, sampleFlow, sampleRun } from '../../testing/samples.ts'
import FlowList from './FlowList.tsx'
import FlowPage from './FlowPage.tsx'

// Whole pages are slow to show where many tests run side by side.
configure({ asyncUtilTimeout: 8_000 })

const health = (of: object = {}) => ({
  id: 'flow_1', name: 'Orders → deals', state: 'active', health: 'good', text: '', lastSyncedAt: null, reconcile: null,
  records: { linked: 312, skipped: 6, failed: 0, pending: 0, deleted: 0 }, ...of,
}) // prettier-ignore
const overview = (flows: object[]) => ({ connections: [], flows, days: [], failures: 0, alarms: 0, openRuns: 0, now: '2026-11-04T14:02:40.000Z' }) // prettier-ignore
const bridge = (flow: Flow, more: Record<string, unknown> = {}) =>
  fakeBridge({
    'GET /flows': { items: [flow] },
    'GET /flows/flow_1': flow,
    'GET /overview': overview([health()]),
    'GET /runs': { items: [sampleRun({ state: 'succeeded' })], next: null },
    'GET /flows/flow_1/matches': { items: [], next: null, warning: null },
    // A setting that nobody here has heard of.
    'GET /flow-settings/order': { fields: [sampleField('gravity', { title: 'Gravity' })], defaults: {} },
    'GET /flows/flow_1/options': { options: {}, warning: 'HubSpot does not answer.' },
    ...more,
  })
const button = (name: string | RegExp) => screen.findByRole('button', { name })

describe('the list of flows', () => {
  it('offers the first one where there is none', async () => {
    show(<FlowList />, fakeBridge({ 'GET /flows': { items: [] }, 'GET /overview': overview([]) }))
    expect((await screen.findByRole('link', { name: 'Set up the first flow' })).getAttribute('href')).toBe('#/setup') // prettier-ignore
  })

  it.each([
    ['active', 'good', 'Live'],
    ['active', 'warning', 'Needs attention'],
    ['paused', 'off', 'Paused'],
    ['draft', 'off', 'Not set up yet'],
    ['previewed', 'off', 'Ready to go live'],
  ] as const)('tells that a flow is %s (%s) in words: %s', async (state, good, word) => {
    const flow = sampleFlow({ state })
    show(<FlowList />, bridge(flow, { 'GET /overview': overview([health({ state, health: good })]) }))
    expect((await screen.findByRole('listitem')).textContent).toContain(word)
  })
})

describe('a flow', () => {
  it('is paused only once that is meant, and set going again', async () => {
    const on = bridge(sampleFlow(), { 'POST /flows/flow_1/state': sampleFlow({ state: 'paused' }) })
    show(<FlowPage id="flow_1" />, on)
    await userEvent.click(await button('Pause…'))
    const dialog = await screen.findByRole('dialog', { name: 'Pause “Orders → deals”?' })
    expect(dialog.textContent).toContain('Changes are kept meanwhile; none is lost.')
    on.answers['GET /flows/flow_1'] = sampleFlow({ state: 'paused' })
    await userEvent.click(within(dialog).getByRole('button', { name: 'Pause this flow' }))
    await userEvent.click(await button('Switch it on'))
    expect(on.asked.filter(({ call }) => call.endsWith('/state')).map(({ body }) => body)).toEqual([{ to: 'paused' }, { to: 'active' }]) // prettier-ignore
  })

  it('that cannot be switched on says why', async () => {
    const on = bridge(sampleFlow({ state: 'paused', stateReason: 'Its stage is gone.' }))
    const refuse = { error: { code: 'conflict', message: '“Example” is paused. Put it right first.' } }
    const transport: typeof on.transport = (request) =>
      request.path.endsWith('/state') ? Promise.resolve({ status: 409, json: refuse }) : on.transport(request)
    show(<FlowPage id="flow_1" />, { transport })
    expect((await screen.findAllByText('Its stage is gone.')).length).toBeGreaterThan(0)
    await userEvent.click(await button('Switch it on'))
    expect((await screen.findAllByText('“Example” is paused. Put it right first.')).length).toBeGreaterThan(0)
  })

  it('has its settings as the bridge describes them, a new one too, and keeps answers where a list is missing', async () => {
    const on = bridge(sampleFlow({ settings: { gravity: '1.6', unknown: 7 } }), { 'PATCH /flows/flow_1': sampleFlow({ settingsVersion: 2, settings: { gravity: '1.62', unknown: 7 } }) }) // prettier-ignore
    show(<FlowPage id="flow_1" />, on)
    expect((await screen.findAllByText('HubSpot does not answer.')).length).toBeGreaterThan(0)
    const field = screen.getByRole('textbox', { name: 'Gravity' })
    await userEvent.type(field, '2')
    await userEvent.click(await button('Save the settings'))
    await waitFor(() => expect(on.asked.find(({ call }) => call === 'PATCH /flows/flow_1')?.body).toEqual({ settings: { gravity: '1.62', unknown: 7 } })) // prettier-ignore
    expect((await screen.findAllByText('Saved. It counts from the next record on.')).length).toBeGreaterThan(
      0,
    )
  })

  it('shows its runs, and brings earlier records with their number first', async () => {
    const on = bridge(sampleFlow(), {
      'GET /flows/flow_1/volume': { count: 2_418, atMost: true, warning: null },
      'POST /flows/flow_1/runs': sampleRun(),
    })
    show(<FlowPage id="flow_1" />, on)
    const table = await screen.findByRole('table', { name: 'Runs of this flow, newest first' })
    expect(table.textContent).toContain('Earlier records brought')
    await userEvent.click(await button('Bring earlier records…'))
    await userEvent.click(await button('Bring at most 2,418 records'))
    expect(on.asked.find(({ call }) => call === 'POST /flows/flow_1/runs')?.body).toEqual({ kind: 'backfill', from: null }) // prettier-ignore
  })

  it('is only looked at by who may only look', async () => {
    show(<FlowPage id="flow_1" />, bridge(sampleFlow()), 'viewer')
    const save = await button('Save the settings')
    expect(save.getAttribute('aria-disabled')).toBe('true')
    expect(screen.queryByRole('button', { name: 'Pause…' })).toBeNull()
  })
})
