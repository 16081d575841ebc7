import { act, screen, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fakeBridge, show } from '../../testing/bridge.tsx'
import { sampleFlow, sampleRecord } from '../../testing/samples.ts'
import { Activity } from './Activity.tsx'

const bridgeWith = (items: unknown[], next: string | null = null) =>
  fakeBridge({ 'GET /records': { items, next }, 'GET /flows': { items: [sampleFlow()] } })
const rows = () => within(screen.getByRole('table')).getAllByRole('row').slice(1)

afterEach(() => vi.useRealTimers())

describe('the list of activity', () => {
  it('says what became of each record, in words', async () => {
    const left = sampleRecord({ externalId: '7', label: '#7', state: 'skipped', reason: 'Only paid orders', target: null }) // prettier-ignore
    show(<Activity />, bridgeWith([sampleRecord(), left]))
    await screen.findByRole('table', { name: 'Records, last changed first' })
    expect(rows().map((row) => row.textContent)).toEqual([
      expect.stringMatching(/Order #1042deal 9021In HubSpot$/),
      expect.stringMatching(/Order #7Only paid ordersLeft out$/),
    ])
  })

  it('keeps what is searched for in the address, and asks for it', async () => {
    const bridge = bridgeWith([sampleRecord()])
    show(<Activity />, bridge)
    await userEvent.type(await screen.findByRole('searchbox', { name: 'Search' }), ' #1042{Enter}')
    await userEvent.selectOptions(await screen.findByRole('combobox', { name: 'State' }), 'Left out')
    expect(location.hash).toBe('#/?search=%231042&state=skipped')
    const last = bridge.asked.filter(({ call }) => call === 'GET /records').at(-1)
    expect([last?.query.get('search'), last?.query.get('state')]).toEqual(['#1042', 'skipped'])
  })

  it('goes to older records and back', async () => {
    const bridge = bridgeWith([sampleRecord()], 'c1')
    show(<Activity />, bridge)
    await userEvent.click(await screen.findByRole('button', { name: 'Older ›' }))
    expect(location.hash).toBe('#/?cursor=c1')
    await userEvent.click(await screen.findByRole('button', { name: '‹ Newer' }))
    expect(location.hash).toBe('#/')
  })

  it('keeps the focus where it is when the page or a filter changes', async () => {
    show(<Activity />, bridgeWith([sampleRecord()], 'c1'))
    const older = await screen.findByRole('button', { name: 'Older ›' })
    await userEvent.click(older)
    expect(location.hash).toBe('#/?cursor=c1')
    await screen.findByRole('table')
    expect(document.activeElement).toBe(older)
    const state = screen.getByRole('combobox', { name: 'State' })
    state.focus()
    await userEvent.selectOptions(state, 'Failed')
    await screen.findByRole('table')
    expect(location.hash).toBe('#/?state=failed')
    expect([state.isConnected, document.activeElement]).toEqual([true, state])
  })

  it('offers what is new instead of pushing it under the pointer', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const bridge = bridgeWith([sampleRecord()])
    show(<Activity />, bridge)
    await screen.findByRole('table')
    const newer = sampleRecord({ externalId: '1043', label: '#1043' })
    bridge.answers['GET /records'] = { items: [newer, sampleRecord()], next: null }
    await act(() => vi.advanceTimersByTimeAsync(10_500))
    expect(rows()).toHaveLength(1)
    await userEvent.click(await screen.findByRole('button', { name: 'Show 1 change' }))
    expect(rows()[0]?.textContent).toContain('#1043')
    expect(screen.queryByRole('button', { name: /^Show/ })).toBeNull()
  })

  it('tells nothing yet from nothing with these filters', async () => {
    show(<Activity />, bridgeWith([])).unmount()
    history.replaceState(null, '', '/#/activity?state=failed')
    show(<Activity />, bridgeWith([]))
    expect(await screen.findByText('No record fits these filters.')).toBeTruthy()
    expect(screen.getByRole('link', { name: 'Clear filters' })).toBeTruthy()
  })
})
