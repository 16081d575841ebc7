import { screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import type { ReconcileDay } from '@crosswalk/shared/contract'
import { fakeBridge, show } from '../../testing/bridge.tsx'
import { sampleFlow, sampleRecord } from '../../testing/samples.ts'
import { differenceOf, isLevel, isRounding, totalsOf } from './days.ts'
import ReconcilePage from './ReconcilePage.tsx'

const AT = '2026-11-04T14:02:40.000Z'
const day = (of: Partial<ReconcileDay> = {}): ReconcileDay => ({
  day: '2026-11-04', currency: 'EUR', source: { count: 3, amount: '30.00' }, target: { count: 3, amount: '30.00' },
  missing: 0, incomplete: 0, differing: 0, failed: 0, examples: [], checkedAt: AT, ...of,
}) // prettier-ignore
const OFF = day({ day: '2026-11-03', target: { count: 1, amount: '9.90' }, missing: 1, failed: 1 })
const run = (state: string, more: object = {}) => ({ id: 'run_1', flowId: 'flow_1', kind: 'reconcile', state, total: null, done: 0, counts: { created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 }, rate: null, remainingSeconds: null, reason: null, requestedBy: null, createdAt: AT, startedAt: null, finishedAt: null, ...more }) // prettier-ignore

const bridgeWith = (days: unknown[], more: Record<string, unknown> = {}) =>
  fakeBridge({
    'GET /flows': { items: [sampleFlow()] },
    'GET /flows/flow_1/reconcile': { items: days },
    'GET /runs': { items: [], next: null },
    ...more,
  })
const rows = (part: 'tbody' | 'tfoot') => [...document.querySelectorAll(`${part} tr`)].map((row) => row.textContent) // prettier-ignore

describe('both sides compared', () => {
  it('stand day by day with their difference, and the totals of each currency', async () => {
    const dollars = day({ currency: 'USD', source: { count: 1, amount: '5.00' }, target: { count: 1, amount: '5.00' } }) // prettier-ignore
    show(<ReconcilePage />, bridgeWith([day(), dollars, OFF]))
    await screen.findByRole('table', { name: 'Both sides by day, newest first' })
    expect(rows('tbody')).toEqual([
      expect.stringMatching(/^4 Nov3EUR.30\.003EUR.30\.00–/),
      expect.stringMatching(/^4 Nov1USD.5\.001USD.5\.00–/),
      expect.stringMatching(/^3 Nov3EUR.30\.001EUR.9\.90−2 · −EUR.20\.102 only in WooCommerce, 3 Nov$/),
    ])
    expect(rows('tfoot')).toEqual([
      expect.stringMatching(/^Total EUR6EUR.60\.004EUR.39\.90−2/),
      expect.stringMatching(/^Total USD1/),
    ])
    expect(screen.getByText('1 day differs')).toBeTruthy()
    await userEvent.click(screen.getByRole('checkbox', { name: 'Only days with differences' }))
    await waitFor(() => expect(rows('tbody')).toHaveLength(1))
  })

  it('open the records behind a difference, each with its sentence and remedy', async () => {
    const items = [
      { externalId: '7', what: 'missing', source: '10.00', target: null, currency: 'EUR', record: sampleRecord({ externalId: '7', label: '#7' }) }, // prettier-ignore
      { externalId: '8', what: 'failed', source: '10.10', target: null, currency: 'EUR', record: sampleRecord({ externalId: '8', label: '#8', state: 'failed', target: null, error: { code: 'x', message: 'No stage for Packed.', part: null, field: null, match: null } }) }, // prettier-ignore
      { externalId: '9', what: 'differing', source: '10.00', target: '9.90', currency: 'EUR', record: sampleRecord({ externalId: '9', label: '#9' }) }, // prettier-ignore
    ]
    show(<ReconcilePage />, bridgeWith([OFF], { 'GET /flows/flow_1/reconcile/2026-11-03': { items } }))
    await userEvent.click(await screen.findByRole('button', { name: /2 only in WooCommerce/ }))
    const records = await screen.findByRole('region', { name: 'What differs on 3 Nov' })
    expect(document.activeElement).toBe(records)
    const cells = await within(records).findAllByRole('row')
    expect(cells.slice(1).map((row) => row.textContent)).toEqual([
      expect.stringMatching(/Order #7.*sent again and is there now\. Nothing to do\./),
      expect.stringMatching(/Order #8.*No stage for Packed\. Open it to see what to do.*Failed/),
      expect.stringMatching(
        /Order #9.*EUR.10\.00 at its source, EUR.9\.90 in HubSpot\. Nothing was changed\./,
      ),
    ])
  })

  it('are compared now, as a run with progress', async () => {
    const bridge = bridgeWith([day()], { 'POST /flows/flow_1/runs': run('running', { done: 1209, total: 2418 }), 'GET /runs/run_1': run('running', { done: 1209, total: 2418 }) }) // prettier-ignore
    show(<ReconcilePage />, bridge)
    await userEvent.click(await screen.findByRole('button', { name: 'Compare now' }))
    await screen.findByText('Comparing: 1,209 of 2,418')
    expect(bridge.asked.find(({ call }) => call === 'POST /flows/flow_1/runs')?.body).toEqual({ kind: 'reconcile' }) // prettier-ignore
  })

  it('say when the first comparison comes, and what is needed for one', async () => {
    show(<ReconcilePage />, bridgeWith([])).unmount()
    show(<ReconcilePage />, bridgeWith([]))
    await screen.findByText('“Orders → deals” was never compared.')
    document.body.replaceChildren()
    show(<ReconcilePage />, bridgeWith([], { 'GET /flows': { items: [sampleFlow({ state: 'draft' })] } }))
    await screen.findByText('No flow has been live yet, so there is nothing to compare.')
  })

  it('of a thousand days are all there', async () => {
    const days = Array.from({ length: 1000 }, (_, at) => day({ day: new Date(Date.UTC(2026, 0, 1) - at * 86_400_000).toISOString().slice(0, 10) })) // prettier-ignore
    show(<ReconcilePage />, bridgeWith(days))
    const table = await screen.findByRole('table')
    expect(table.getAttribute('aria-rowcount')).toBe('1001')
    expect(rows('tfoot')[0]).toMatch(/^Total EUR3,000EUR.30,000\.00/)
  })
})

describe('the sums', () => {
  it('name rounding as such, and hide nothing', () => {
    const cent = day({ target: { count: 3, amount: '29.99' } })
    expect([differenceOf(cent), isLevel(cent), isRounding(differenceOf(cent))]).toEqual([{ count: 0, amount: '0.01' }, false, true]) // prettier-ignore
    expect(isRounding({ count: 0, amount: '-0.06' })).toBe(false)
    expect(isRounding({ count: 1, amount: '0.01' })).toBe(false)
  })

  it('are exact to the last digit, and of mixed currencies never added', () => {
    const many = Array.from({ length: 10 }, () => day({ source: { count: 1, amount: '0.1' }, target: { count: 1, amount: null } })) // prettier-ignore
    expect(totalsOf([...many, day({ currency: 'KWD' })])).toMatchObject([{ currency: 'EUR', source: { count: 10, amount: '1' }, target: { amount: null } }, { currency: 'KWD' }]) // prettier-ignore
  })
})
