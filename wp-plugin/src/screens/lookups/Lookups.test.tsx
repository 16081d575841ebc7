import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { fakeBridge, Refusal, show } from '../../testing/bridge.tsx'
import ListPage from './ListPage.tsx'
import ListsPage from './ListsPage.tsx'

const AT = '2026-11-04T14:02:40.000Z'
const table = (entries: { from: string; to: string | number | null }[], more: object = {}) => ({ id: 'look_1', name: 'Tax codes', version: 3, updatedAt: AT, entries, fallback: null, ...more }) // prettier-ignore
const page = (more: object = {}) => ({
  name: 'Tax codes',
  table: table([
    { from: '21', to: '05' },
    { from: '9', to: 6 },
  ]),
  uses: [{ flowId: 'flow_1', flowName: 'Orders → invoices', part: 'document', target: 'code', label: 'Tax code' }], // prettier-ignore
  gaps: [
    { value: '25', count: 2, examples: [{ flowId: 'flow_1', externalId: '1038', label: '#1038' }] },
    { value: null, count: 1, examples: [] },
  ],
  answers: [
    { value: '05', label: 'Sales high' },
    { value: '6', label: 'Sales low' },
  ],
  values: [{ value: '0', label: 'None' }],
  warning: null,
  ...more,
})
const PATH = '/lookups/Tax%20codes'
const bridgeWith = (more: Record<string, unknown> = {}, of: object = {}) =>
  fakeBridge({ [`GET ${PATH}`]: page(of), ...more })
const open = async (bridge = bridgeWith(), role: 'owner' | 'viewer' = 'owner') => {
  show(<ListPage name="Tax codes" />, bridge, role)
  await screen.findByText('Anything else')
  return bridge
}
const lines = () => screen.getAllByRole('row').slice(1)
const answer = (value: string) => screen.getByRole('combobox', { name: `Tax code for ${value}` })
const saved = (bridge: ReturnType<typeof fakeBridge>) => bridge.asked.filter(({ call }) => call === `PUT ${PATH}`).at(-1)?.body // prettier-ignore

describe('a list', () => {
  it('has first what records wait for, with the records', async () => {
    await open()
    expect(lines()[0]?.textContent).toMatch(/^25.*2 records wait: #1038/)
    expect(screen.getByText('3 records wait')).toBeTruthy()
    expect(screen.getByText(/1 more record waits for a value that may name a person/)).toBeTruthy()
    expect(screen.getByRole('link', { name: 'Orders → invoices, Tax code' }).getAttribute('href')).toBe('#/flows/flow_1/mapping?part=document&field=code') // prettier-ignore
    expect(screen.getByRole('radio', { name: /Stop and ask me/ })).toHaveProperty('checked', true)
  })

  it('is saved with how much changes and who goes on, and keeps what was not touched as it was', async () => {
    const bridge = await open(bridgeWith({ [`PUT ${PATH}`]: { ...table([]), version: 4, retried: 2 } }))
    await userEvent.selectOptions(answer('25'), 'Sales high')
    expect(screen.getByText('Changes apply from the next record; 2 waiting records are tried again.')).toBeTruthy() // prettier-ignore
    await userEvent.click(screen.getByRole('button', { name: 'Save 1 change' }))
    await screen.findByText('1 change is saved. 2 waiting records are tried again.')
    expect(saved(bridge)).toEqual({ entries: [{ from: '25', to: '05' }, { from: '21', to: '05' }, { from: '9', to: 6 }], fallback: null, basedOn: 3 }) // prettier-ignore
  })

  it('takes no answer that the other system does not know', async () => {
    await open(bridgeWith({}, { table: table([{ from: '21', to: 'gone' }]) }))
    await userEvent.selectOptions(answer('25'), 'Sales low')
    expect(screen.getByText(/This is not one of the values of “Tax code”/)).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Save 1 change' }).getAttribute('aria-disabled')).toBe('true')
  })

  it('takes codes that are typed where the other system’s list cannot be read', async () => {
    await open(bridgeWith({}, { answers: null, warning: '“Visma” is disconnected.' }))
    await userEvent.type(screen.getByRole('textbox', { name: 'Tax code for 25' }), '07')
    expect(screen.getByText(/could not be read: “Visma” is disconnected/)).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Save 1 change' }).getAttribute('aria-disabled')).toBeNull()
  })

  it('takes a table from a spreadsheet, after it said what that does', async () => {
    await open()
    await userEvent.click(screen.getByRole('button', { name: 'Paste from a spreadsheet' }))
    const question = within(screen.getByRole('dialog'))
    await userEvent.click(question.getByRole('textbox'))
    await userEvent.paste('25\tSales high\n0\t05\n9\t05\nnonsense')
    expect(question.getByText('2 new, 1 changed, 0 as they are, 1 not understood')).toBeTruthy()
    expect(question.getByText('Line 4: two columns are needed (nonsense).')).toBeTruthy()
    await userEvent.click(question.getByRole('button', { name: 'Take 3 lines' }))
    expect(screen.getByRole('button', { name: 'Save 3 changes' })).toBeTruthy()
  })

  it('is not overwritten where somebody saved it meanwhile, unless that is wanted', async () => {
    const bridge = await open(bridgeWith({ [`PUT ${PATH}`]: new Refusal(409, 'conflict', 'changed') }))
    await userEvent.selectOptions(answer('25'), 'Sales high')
    await userEvent.click(screen.getByRole('button', { name: 'Save 1 change' }))
    await screen.findByText(/Somebody else saved this list meanwhile/)
    bridge.answers[`GET ${PATH}`] = page({ table: { ...table([]), version: 8 } })
    bridge.answers[`PUT ${PATH}`] = { ...table([]), version: 9, retried: 0 }
    await userEvent.click(screen.getByRole('button', { name: 'Keep mine and save' }))
    await waitFor(() => expect(saved(bridge)).toMatchObject({ basedOn: 8 }))
  })

  it('of a thousand lines is shown a page at a time, and searched', async () => {
    const entries = Array.from({ length: 1000 }, (_, at) => ({ from: `rate ${at}`, to: '05' }))
    await open(bridgeWith({}, { table: table(entries), gaps: [] }))
    expect(lines()).toHaveLength(50)
    expect(screen.getByRole('table').getAttribute('aria-rowcount')).toBe('1001')
    const next = screen.getByRole('button', { name: 'Next ›' })
    await userEvent.click(next)
    expect(screen.getByText('51 to 100 of 1,000')).toBeTruthy()
    expect(document.activeElement).toBe(next)
    await userEvent.type(screen.getByRole('searchbox'), 'rate 99')
    expect(lines()).toHaveLength(11)
  })

  it('that is not there yet is made with its first line', async () => {
    const bridge = fakeBridge({ [`PUT ${PATH}`]: { ...table([{ from: 'a', to: 'b' }]), retried: 0 } })
    await open(bridge)
    await userEvent.click(screen.getByRole('button', { name: 'Add a line' }))
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Value' }))
    await userEvent.keyboard('a')
    await userEvent.type(screen.getByRole('textbox', { name: /for a$/ }), 'b')
    await userEvent.click(screen.getByRole('button', { name: 'Save 1 change' }))
    await waitFor(() => expect(saved(bridge)).toEqual({ entries: [{ from: 'a', to: 'b' }], fallback: null, basedOn: 0 })) // prettier-ignore
  })

  it('can only be looked at by viewers', async () => {
    await open(bridgeWith(), 'viewer')
    expect(screen.queryByRole('button', { name: /Save|Add|Remove|Paste/ })).toBeNull()
    expect(lines()[1]?.textContent).toContain('Sales high')
  })
})

describe('all lists', () => {
  it('have those first that records wait for', async () => {
    const items = [
      { name: 'Accounts', rows: 4, updatedAt: AT, flows: ['Orders'], waiting: 0 },
      { name: 'Tax codes', rows: null, updatedAt: null, flows: ['Orders', 'Invoices'], waiting: 3 },
    ]
    show(<ListsPage />, fakeBridge({ 'GET /lookup-summaries': { items } }))
    await screen.findByRole('table')
    expect(lines().map((row) => row.textContent)).toEqual([expect.stringMatching(/^Tax codesnot made yetOrders, Invoices.*3 records wait$/), expect.stringMatching(/^Accounts4.*Nothing is missing$/)]) // prettier-ignore
  })

  it('say what a list is for where there is none', async () => {
    show(<ListsPage />, fakeBridge({ 'GET /lookup-summaries': { items: [] } }))
    await screen.findByText('There is no list yet.')
    await userEvent.click(screen.getByRole('button', { name: 'New list' }))
    await userEvent.type(screen.getByRole('textbox', { name: 'Name' }), 'Terms{Enter}')
    expect(location.hash).toBe('#/lists/Terms')
  })
})
