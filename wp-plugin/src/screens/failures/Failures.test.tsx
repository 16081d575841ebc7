import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { fakeBridge, show } from '../../testing/bridge.tsx'
import { sampleFailure, sampleGroup, sampleGroups, sampleRun } from '../../testing/failures.ts'
import { sampleFlow } from '../../testing/samples.ts'
import { Failures } from './Failures.tsx'

const second = sampleFailure({ externalId: '1037', label: '#1037', amount: null })
const bridgeWith = (groups: unknown, more: Record<string, unknown> = {}) =>
  fakeBridge({
    'GET /failures/groups': groups,
    'GET /failures': { items: [sampleFailure(), second], next: null },
    'GET /flows': { items: [sampleFlow()] },
    ...more,
  })
const sent = (bridge: ReturnType<typeof fakeBridge>, call: string) =>
  bridge.asked.filter((one) => one.call === call).map(({ body }) => body)
const button = (name: string | RegExp) => screen.findByRole('button', { name })

describe('failures', () => {
  it('say cause, numbers, remedy and where it is, the largest first', async () => {
    const missing = sampleGroup('email_missing', {}, { id: 'g2', count: 1, sums: [], flows: [{ id: 'flow_2', name: 'Customers', entity: 'customer', count: 1 }] }) // prettier-ignore
    const { told } = show(
      <Failures />,
      bridgeWith(sampleGroups([sampleGroup(), missing], { solvedByItself: 3 })),
    )
    expect(await screen.findByText('3 open, 2 causes · 3 solved by themselves today')).toBeTruthy()
    const groups = document.querySelectorAll('.cw-failure > details > summary')
    expect([...groups].map((one) => one.textContent)).toEqual([
      expect.stringMatching(
        /HubSpot has no stage for the status “packed”\. 2 orders · since .* · EUR.614\.06$/,
      ),
      expect.stringMatching(/The customer has no e-mail address\. 1 customer · since /),
    ])
    const remedy = await screen.findByRole('link', { name: 'Choose a stage' })
    expect(remedy.getAttribute('href')).toBe('#/flows/flow_1?field=stages')
    expect(remedy.className).toContain('is-primary')
    expect(screen.getAllByText('Until then a retry fails again.').length).toBeGreaterThan(0)
    expect(told).toEqual([3])
  })

  it('are tried again all at once, and tell what came of it', async () => {
    const run = sampleRun({ state: 'partial', done: 2, counts: { created: 1, updated: 0, unchanged: 0, skipped: 0, failed: 1 } }) // prettier-ignore
    const bridge = bridgeWith(sampleGroups([sampleGroup()]), { 'POST /failures/retry': { accepted: 2, runs: [run] } }) // prettier-ignore
    show(<Failures />, bridge)
    await userEvent.click(await button('Retry 2 orders'))
    expect(sent(bridge, 'POST /failures/retry')).toEqual([{ group: 'g1' }])
    expect((await screen.findAllByText('1 solved, 1 still failing.')).length).toBeGreaterThan(0)
    const asked = () => bridge.asked.filter(({ call }) => call === 'GET /failures/groups').length
    await waitFor(() => expect(asked()).toBe(2))
  })

  it('of more than twenty are asked about first, with the number', async () => {
    const bridge = bridgeWith(sampleGroups([sampleGroup('stage_missing', {}, { count: 1240 })]), { 'GET /failures': { items: [sampleFailure()], next: 'c' }, 'POST /failures/retry': { accepted: 1240, runs: [] } }) // prettier-ignore
    show(<Failures />, bridge)
    await userEvent.click(await button('Retry 1,240 orders'))
    const question = await screen.findByRole('dialog', { name: 'Retry 1,240 orders?' })
    expect(sent(bridge, 'POST /failures/retry')).toEqual([])
    await userEvent.click(within(question).getByRole('button', { name: 'Retry 1,240 orders' }))
    expect(sent(bridge, 'POST /failures/retry')).toEqual([{ group: 'g1' }])
    expect(await button('Show more (1 of 1,240 shown)')).toBeTruthy()
    const [list] = bridge.asked.filter(({ call }) => call === 'GET /failures')
    expect(list?.query.get('limit')).toBe('20')
  })

  it('that are chosen are retried alone', async () => {
    const bridge = bridgeWith(sampleGroups([sampleGroup()]), { 'POST /failures/retry': { accepted: 1, runs: [] } }) // prettier-ignore
    show(<Failures />, bridge)
    const box = await screen.findByRole('checkbox', { name: 'Choose Order #1037' })
    box.focus()
    await userEvent.keyboard(' ')
    await userEvent.click(await button('Retry 1 order'))
    expect(sent(bridge, 'POST /failures/retry')).toEqual([{ flowId: 'flow_1', externalIds: ['1037'] }])
    expect((await screen.findAllByText('1 record is being tried again.')).length).toBeGreaterThan(0)
  })

  it('are ignored with a note only', async () => {
    const bridge = bridgeWith(sampleGroups([sampleGroup()]), { 'POST /failures/ignore': { ignored: 2 } })
    show(<Failures />, bridge)
    await userEvent.click(await button('Ignore…'))
    const question = await screen.findByRole('dialog', { name: 'Ignore 2 orders?' })
    const act = within(question).getByRole('button', { name: 'Ignore 2 orders' })
    expect(act.getAttribute('aria-disabled')).toBe('true')
    await userEvent.type(within(question).getByRole('textbox', { name: 'Why?' }), ' Test orders ')
    await userEvent.click(act)
    expect(sent(bridge, 'POST /failures/ignore')).toEqual([{ group: 'g1', note: 'Test orders' }])
    expect((await screen.findAllByText('2 records are ignored.')).length).toBeGreaterThan(0)
  })

  it('are corrected and sent once, the refused field first', async () => {
    const field = { name: 'amount', label: 'Amount', type: 'text', group: '', help: '', required: false, readOnly: false, unique: false, maxLength: null, options: [], example: '' } // prettier-ignore
    const items = [
      { part: 'document', partLabel: 'Deal', field, value: 'many', failed: true },
      { part: 'document', partLabel: 'Deal', field: { ...field, name: 'dealname', label: 'Name' }, value: 'Order', failed: false }, // prettier-ignore
    ]
    const bridge = bridgeWith(sampleGroups([sampleGroup('value_refused', { field: 'amount' })]), {
      'GET /flows/flow_1/records/1040/edit': { items },
      'POST /flows/flow_1/records/1040/edit': { accepted: 1 },
    })
    show(<Failures />, bridge)
    await userEvent.click(await button('Edit and send Order #1040…'))
    const form = await screen.findByRole('form', { name: 'Edit and send Order #1040' })
    const input = within(form).getByRole('textbox', { name: 'Deal: Amount' })
    expect(document.activeElement).toBe(input)
    await userEvent.clear(input)
    await userEvent.type(input, '12.50{Enter}')
    expect(sent(bridge, 'POST /flows/flow_1/records/1040/edit')).toEqual([
      { values: [{ part: 'document', field: 'amount', value: '12.50' }] },
    ])
    expect(
      (await screen.findAllByText('Order #1040 is being sent with your values.')).length,
    ).toBeGreaterThan(0)
  })

  it('that wait show the time of the next try, and nothing to press', async () => {
    history.replaceState(null, '', '/#/failures?show=waiting')
    const waits = sampleGroup('system_silent', {}, { nextTryAt: '2026-11-04T14:07:00.000Z' })
    show(<Failures />, bridgeWith(sampleGroups([waits], { open: 0, waiting: 2 })))
    expect(await screen.findByText(/2 wait and are tried again by themselves/)).toBeTruthy()
    expect(document.querySelector('.cw-failure summary')?.textContent).toMatch(/next try .*14:07/)
    expect(screen.queryByRole('button', { name: 'Retry 2 orders' })).toBeNull()
  })

  it('that were ignored can be taken back', async () => {
    history.replaceState(null, '', '/#/failures?show=ignored')
    const ignored = sampleFailure({ state: 'ignored', note: 'Test order', closedAt: '2026-11-04T14:00:00.000Z' }) // prettier-ignore
    const bridge = bridgeWith(sampleGroups([], { ignored: 1 }), {
      'GET /failures': { items: [ignored], next: null },
      'POST /failures/restore': { restored: 1 },
    })
    show(<Failures />, bridge)
    expect(await screen.findByText(/Test order/)).toBeTruthy()
    await userEvent.click(await button('Take Order #1040 back'))
    expect(sent(bridge, 'POST /failures/restore')).toEqual([{ flowId: 'flow_1', externalIds: ['1040'] }])
  })

  it('that were solved say how', async () => {
    history.replaceState(null, '', '/#/failures?show=solved')
    const solved = sampleFailure({ state: 'ended', ended: 'itself', closedAt: '2026-11-04T14:00:00.000Z' })
    show(<Failures />, bridgeWith(sampleGroups([]), { 'GET /failures': { items: [solved], next: null } }))
    expect(await screen.findByText(/Solved by itself/)).toBeTruthy()
  })

  it('that are none say so, and when the last one was solved', async () => {
    show(<Failures />, bridgeWith({ ...sampleGroups([]), lastEndedAt: '2025-11-02T14:00:00.000Z' }))
    expect(await screen.findByText('Nothing is wrong.')).toBeTruthy()
    expect(screen.getByText('The last failure was solved 2 Nov 2025.')).toBeTruthy()
  })

  it('offer a viewer nothing to press', async () => {
    show(<Failures />, bridgeWith(sampleGroups([sampleGroup()])), 'viewer')
    await screen.findByText('Order #1040')
    expect(screen.queryByRole('button', { name: /Retry|Ignore|Edit/ })).toBeNull()
    expect(screen.queryByRole('checkbox')).toBeNull()
  })

  it('of an account that stands still are one line with its remedy', async () => {
    const standing = { connectionId: 'conn_2', flowId: null }
    const group = sampleGroup('sign_in_refused', {}, { count: 0, samples: [], sums: [], standing })
    show(<Failures />, bridgeWith(sampleGroups([group])))
    const link = await screen.findByRole('link', { name: 'Sign in again' })
    expect(link.getAttribute('href')).toBe('#/connections/conn_2?field=credentials')
    expect(screen.queryByRole('button', { name: /Retry/ })).toBeNull()
  })
})
