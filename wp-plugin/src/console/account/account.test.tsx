import { screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { fakeBridge, show } from '../../testing/bridge.tsx'
import { AccountPage } from './AccountPage.tsx'
import { browserName } from './browser-name.ts'

const AT = '2026-11-04T12:00:00.000Z'
const account = (of: object = {}) => ({
  account: { id: 'acct_1', email: 'anna@example.com', name: 'Anna', role: 'owner', secondFactor: false, recoveryCodesLeft: 0, passwordSetAt: AT, ...of },
}) // prettier-ignore
const session = (id: string, current: boolean, agent: string) => ({ id, current, agent, createdAt: AT, seenAt: AT, expiresAt: AT }) // prettier-ignore
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1'
const EDGE =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0'

const bridgeWith = (of: object = {}, items = [session('sess_1', true, FIREFOX)]) =>
  fakeBridge({ 'GET /account': account(of), 'GET /account/sessions': { items } })
const press = async (name: string | RegExp) => userEvent.click(await screen.findByRole('button', { name }))
const bodyOf = (bridge: ReturnType<typeof fakeBridge>, call: string) =>
  bridge.asked.find((one) => one.call === call)?.body

describe('one’s own account', () => {
  it('changes the password and says who was signed out by it', async () => {
    const bridge = bridgeWith()
    bridge.answers['POST /account/password'] = { endedSessions: 2 }
    show(<AccountPage />, bridge)
    await userEvent.type(await screen.findByLabelText('Your password now'), 'old one')
    await userEvent.type(screen.getByLabelText('New password'), 'a quiet lake')
    await press('Change the password')
    expect(
      (await screen.findAllByText('Your password is changed, and 2 other browsers are signed out.')).length,
    ).toBeGreaterThan(0)
    expect(bodyOf(bridge, 'POST /account/password')).toEqual({ current: 'old one', password: 'a quiet lake' })
    expect((screen.getByLabelText('New password') as HTMLInputElement).value).toBe('')
  })

  it('shows a password when one asks for it', async () => {
    show(<AccountPage />, bridgeWith())
    const field = await screen.findByLabelText('Your password now')
    expect(field.getAttribute('type')).toBe('password')
    const [button] = screen.getAllByRole('button', { name: 'Show the password' })
    await userEvent.click(button as HTMLElement)
    expect([field.getAttribute('type'), button?.getAttribute('aria-pressed')]).toEqual(['text', 'true'])
  })

  it('sets the second step up: password, picture and letters, first code, recovery codes shown once', async () => {
    const bridge = bridgeWith()
    Object.assign(bridge.answers, {
      'POST /account/second-factor': { secret: 'ABCDEFGH', uri: 'otpauth://x', qr: '<svg></svg>' },
      'POST /account/second-factor/confirm': { recoveryCodes: ['aaaa-bbbb', 'cccc-dddd'] },
    })
    show(<AccountPage />, bridge)
    await press('Set up the second step…')
    await userEvent.type(await screen.findByLabelText('Your password, once more'), 'mine')
    await press('Go on')
    const picture = await screen.findByRole('img', { name: /QR code/ })
    expect(picture.getAttribute('src')).toBe(`data:image/svg+xml;base64,${btoa('<svg></svg>')}`)
    expect(screen.getByText('ABCD EFGH')).toBeTruthy()
    await userEvent.type(screen.getByLabelText('Code'), '123456')
    bridge.answers['GET /account'] = account({ secondFactor: true, recoveryCodesLeft: 2 })
    await press('Switch it on')
    expect((await screen.findByRole('region', { name: 'Recovery codes' })).textContent).toBe(
      'aaaa-bbbb\ncccc-dddd',
    )
    await press('I have kept them')
    expect(screen.queryByRole('region', { name: 'Recovery codes' })).toBeNull()
    // Few are left: that is told as a warning.
    expect((await screen.findAllByText('2 recovery codes are left.')).length).toBeGreaterThan(0)
    await press('Switch the second step off…')
    await press('Leave it as it is')
    expect(screen.getByRole('button', { name: 'Make new recovery codes…' })).toBeTruthy()
  })

  it('shows where one is signed in, and signs out elsewhere', async () => {
    const bridge = bridgeWith({}, [session('sess_1', true, FIREFOX), session('sess_2', false, SAFARI)])
    bridge.answers['DELETE /account/sessions/sess_2'] = { removed: true }
    show(<AccountPage />, bridge)
    expect((await screen.findByText('Firefox, Linux')).closest('li')?.textContent).toContain('this browser')
    expect(screen.queryByRole('button', { name: 'Sign out Firefox, Linux' })).toBeNull()
    bridge.answers['GET /account/sessions'] = { items: [session('sess_1', true, FIREFOX)] }
    await press('Sign out Safari, iOS')
    await expect.poll(() => screen.queryByText('Safari, iOS')).toBeNull()
    expect(screen.queryByRole('button', { name: 'Sign out everywhere else' })).toBeNull()
  })
})

it.each([
  [FIREFOX, 'Firefox, Linux'],
  [SAFARI, 'Safari, iOS'],
  [EDGE, 'Edge, Windows'],
  ['curl/8.0', 'A browser or program'],
  ['<img src=x>', 'A browser or program'],
])('tells browsers apart: %s', (agent, name) => expect(browserName(agent)).toBe(name))
