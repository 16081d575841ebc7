import { screen, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { fakeBridge, show } from '../../testing/bridge.tsx'
import { SitesPage } from './SitesPage.tsx'

const AT = '2026-11-04T12:00:00.000Z'
const shop = {
  id: 'site_1',
  url: 'https://shop.example.com',
  pluginVersion: '0.1.0',
  createdAt: AT,
  lastSeenAt: null,
}
const bridgeWith = (...items: unknown[]) => fakeBridge({ 'GET /pairing/sites': { items } })
const press = async (name: string) => userEvent.click(await screen.findByRole('button', { name }))

describe('the page of WordPress sites', () => {
  it('makes a code and shows it with the address of the bridge', async () => {
    const bridge = bridgeWith()
    bridge.answers['POST /pairing/codes'] = { code: '7K4M-2QXP-9HTB-3WVE', expiresAt: AT }
    show(<SitesPage />, bridge)
    expect(await screen.findByText('No WordPress site is paired yet.')).toBeTruthy()
    await press('Make a code')
    const field = (await screen.findByLabelText('Code')) as HTMLInputElement
    expect(field.value).toBe('7K4M-2QXP-9HTB-3WVE')
    expect(document.activeElement).toBe(field)
    expect((screen.getByLabelText('Address of the bridge') as HTMLInputElement).value).toBe(location.origin)
  })

  it('lists the sites, and removes one after asking', async () => {
    const bridge = bridgeWith(shop)
    show(<SitesPage />, bridge)
    const table = await screen.findByRole('table', { name: 'Paired sites' })
    expect(within(table).getAllByRole('row')[1]?.textContent).toMatch(
      /^https:\/\/shop\.example\.com0\.1\.0.*not yet/,
    )
    bridge.answers['DELETE /pairing/sites/site_1'] = { removed: true }
    await press('Remove https://shop.example.com…')
    bridge.answers['GET /pairing/sites'] = { items: [] }
    await press('Remove https://shop.example.com')
    expect(await screen.findByText('No WordPress site is paired yet.')).toBeTruthy()
    expect(
      screen.getAllByText('https://shop.example.com cannot reach this bridge any more.').length,
    ).toBeGreaterThan(0)
  })

  it('says why a code could not be made', async () => {
    show(<SitesPage />, bridgeWith())
    await press('Make a code')
    expect((await screen.findAllByText('No POST /pairing/codes here.')).length).toBeGreaterThan(0)
    expect(screen.queryByLabelText('Code')).toBeNull()
  })
})
