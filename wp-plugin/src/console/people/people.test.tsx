import { screen, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { fakeBridge, show } from '../../testing/bridge.tsx'
import { PeoplePage } from './PeoplePage.tsx'

const AT = '2026-11-04T12:00:00.000Z'
const person = (id: string, name: string, of: object = {}) => ({
  id, name, email: `${name.toLowerCase()}@example.com`, role: 'operator', secondFactor: false, you: false, createdAt: AT, seenAt: null, ...of,
}) // prettier-ignore
const link = (of: object = {}) => ({
  id: 'inv_1', kind: 'invite', email: 'carl@example.com', role: 'operator', createdAt: AT, expiresAt: AT, code: 'c0de', ...of,
}) // prettier-ignore
const anna = person('acct_1', 'Anna', { role: 'owner', you: true, secondFactor: true, seenAt: AT })
const berta = person('acct_2', 'Berta')
const bridgeWith = (items: unknown[] = [anna, berta], invitations: unknown[] = []) =>
  fakeBridge({ 'GET /people': { items, invitations } })
const press = async (name: string) => userEvent.click(await screen.findByRole('button', { name }))
const bodyOf = (bridge: ReturnType<typeof fakeBridge>, call: string) =>
  bridge.asked.find((one) => one.call === call)?.body

describe('the page of people', () => {
  it('says who may come in, as what, and when they were here', async () => {
    show(<PeoplePage />, bridgeWith())
    const table = await screen.findByRole('table', { name: 'Who has an account' })
    const rows = within(table)
      .getAllByRole('row')
      .slice(1)
      .map((row) => row.textContent)
    expect(rows[0]).toMatch(/^Anna · youanna@example.comownerOn/)
    expect(rows[1]).toMatch(/^Bertaberta@example.comoperatorOffnot signed in/)
  })

  it('makes a link to pass on, shown this once, and withdraws one', async () => {
    const bridge = bridgeWith()
    bridge.answers['POST /people/invitations'] = link()
    show(<PeoplePage />, bridge)
    await screen.findByRole('table')
    await userEvent.type(screen.getByLabelText('E-mail address'), 'carl@example.com')
    await userEvent.click(screen.getByRole('radio', { name: /viewer/ }))
    const { code: _code, ...open } = link()
    bridge.answers['GET /people'] = { items: [anna, berta], invitations: [open] }
    await press('Make a link')
    const field = (await screen.findByLabelText('Link')) as HTMLInputElement
    expect(field.value).toBe(`${location.origin}/#invitation=c0de`)
    expect(document.activeElement).toBe(field)
    expect(bodyOf(bridge, 'POST /people/invitations')).toEqual({ email: 'carl@example.com', role: 'viewer' })
    bridge.answers['DELETE /people/invitations/inv_1'] = { removed: true }
    await press('Withdraw the link for carl@example.com')
    expect(
      (await screen.findAllByText('The link for carl@example.com does not work any more.')).length,
    ).toBeGreaterThan(0)
  })

  it('changes a role, and says why the last owner stays one', async () => {
    const bridge = bridgeWith()
    show(<PeoplePage />, bridge)
    await press('Change the role of Berta…')
    const dialog = within(await screen.findByRole('dialog', { name: 'What may Berta do?' }))
    await userEvent.click(dialog.getByRole('radio', { name: /owner/ }))
    bridge.answers['PATCH /people/acct_2'] = { ...berta, role: 'owner' }
    await userEvent.click(dialog.getByRole('button', { name: 'Save the role' }))
    expect((await screen.findAllByText('The role of Berta is “owner” now.')).length).toBeGreaterThan(0)
    expect(bodyOf(bridge, 'PATCH /people/acct_2')).toEqual({ role: 'owner' })

    await press('Remove Anna…')
    const other = within(await screen.findByRole('dialog', { name: 'Remove Anna?' }))
    await userEvent.click(other.getByRole('button', { name: 'Remove Anna' }))
    // The bridge's own words; nothing is lost.
    expect((await screen.findAllByText('No DELETE /people/acct_1 here.')).length).toBeGreaterThan(0)
    await userEvent.click(other.getByRole('button', { name: 'Leave it as it is' }))
    expect(screen.getByRole('table')).toBeTruthy()
  })

  it('makes a link for who lost the password', async () => {
    const bridge = bridgeWith()
    bridge.answers['POST /people/acct_2/renew'] = link({ kind: 'renew', email: 'berta@example.com' })
    show(<PeoplePage />, bridge)
    await press('New password link for Berta…')
    await press('Make the link')
    expect(await screen.findByRole('heading', { name: 'A link for berta@example.com' })).toBeTruthy()
  })

  it('says what to do while nobody has an account', async () => {
    show(<PeoplePage />, bridgeWith([]))
    expect(await screen.findByText('Nobody has an account yet.')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Make a link' })).toBeTruthy()
  })
})
