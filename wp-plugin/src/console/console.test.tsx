import { render, screen, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { API_PREFIX, CONSOLE_HEADER } from '@crosswalk/shared/contract'
import { Console } from './Console.tsx'

type Answer = { status: number; json: unknown }
type Answers = Record<string, Answer | ((body: unknown) => Answer)>

const NOBODY = { account: null, setUp: true, obstacle: null }
const ANNA = { id: 'acct_1', name: 'Anna Jansen', email: 'anna@example.com', role: 'owner' }
const ME: Answer = { status: 200, json: { workspaceId: 'ws_1', role: 'owner', actor: 'acct_1' } }
const good = (json: unknown): Answer => ({ status: 200, json })
const refusal = (status: number, code: string, message: string, field?: string): Answer => ({
  status,
  json: { error: { code, message, ...(field ? { issues: [{ path: ['body', field], message }] } : {}) } },
})

/** A bridge over `fetch`; what it was asked is kept. Whatever it does not know is a 404. */
function bridge(answers: Answers) {
  const asked: { call: string; headers: Record<string, string>; body: unknown }[] = []
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const call = `${init.method ?? 'GET'} ${path.replace(API_PREFIX, '').split('?')[0]}`
    const body: unknown = typeof init.body === 'string' ? JSON.parse(init.body) : undefined
    asked.push({ call, headers: init.headers as Record<string, string>, body })
    const answer = answers[call]
    const { status, json } =
      (typeof answer === 'function' ? answer(body) : answer) ?? refusal(404, 'not_found', `No ${call} here.`)
    return new Response(JSON.stringify(json), { status })
  })
  return { asked, answers, of: (call: string) => asked.filter((one) => one.call === call) }
}
const type = async (label: string, text: string) => userEvent.type(await screen.findByLabelText(label), text)
const press = async (name: string) => userEvent.click(await screen.findByRole('button', { name }))

beforeEach(() => sessionStorage.clear())
afterEach(() => vi.unstubAllGlobals())

describe('the way into the console', () => {
  it('asks for e-mail address and password, says what the bridge says, and opens the screens', async () => {
    const { answers, of, asked } = bridge({
      'GET /session': good(NOBODY),
      'GET /me': ME,
      'POST /session': refusal(401, 'unauthorized', 'This e-mail address and password do not go together.'),
    })
    render(<Console />)
    await type('E-mail address', 'anna@example.com')
    await type('Password', 'wrong')
    await press('Sign in')
    expect(
      (await screen.findAllByText('This e-mail address and password do not go together.')).length,
    ).toBeGreaterThan(0)
    answers['POST /session'] = good({ state: 'signed_in', recoveryCodesLeft: null })
    answers['GET /session'] = good({ ...NOBODY, account: ANNA })
    await press('Sign in')
    expect(await screen.findByText('Anna Jansen, owner')).toBeTruthy()
    expect(of('POST /session').at(-1)?.body).toEqual({ email: 'anna@example.com', password: 'wrong' })
    // By cookie: with the header that no other site can send, and without any secret of the page's own.
    for (const { headers } of asked)
      expect([headers[CONSOLE_HEADER], headers['authorization']]).toEqual(['1', undefined])
    expect(sessionStorage.length).toBe(0)
    const pages = within(screen.getByRole('navigation', { name: 'Pages of Crosswalk' }))
    expect(pages.getByRole('link', { name: 'People' })).toBeTruthy()
    expect(pages.getByRole('link', { name: 'Your account' })).toBeTruthy()
  })

  it('asks for a code where that is on, and goes back to the password', async () => {
    const { answers, of } = bridge({
      'GET /session': good(NOBODY),
      'GET /me': ME,
      'POST /session': good({ state: 'second_factor', ticket: 't1', expiresAt: '2026-11-04T12:05:00Z' }),
      'POST /session/second-factor': refusal(
        401,
        'unauthorized',
        'This code is not right, or was used already.',
      ),
    })
    render(<Console />)
    await type('E-mail address', 'anna@example.com')
    await type('Password', 'right')
    await press('Sign in')
    await type('Code', '123 456')
    await press('Sign in')
    expect(
      (await screen.findAllByText('This code is not right, or was used already.')).length,
    ).toBeGreaterThan(0)
    await press('Back')
    await screen.findByLabelText('Password')
    await type('E-mail address', 'anna@example.com')
    await type('Password', 'right')
    await press('Sign in')
    answers['POST /session/second-factor'] = good({ state: 'signed_in', recoveryCodesLeft: null })
    answers['GET /session'] = good({ ...NOBODY, account: ANNA })
    await type('Code', '123 456')
    await press('Sign in')
    await screen.findByText('Anna Jansen, owner')
    expect(of('POST /session/second-factor').at(-1)?.body).toEqual({ ticket: 't1', code: '123 456' })
  })

  it('takes the code of the printed link out of the address, and makes the owner with it', async () => {
    history.replaceState(null, '', '/#set-up=abc')
    const { answers, of } = bridge({
      'GET /session': good({ ...NOBODY, setUp: false }),
      'GET /me': ME,
      'POST /session/set-up': refusal(400, 'bad_request', 'Everybody tries this password first.', 'password'),
    })
    render(<Console />)
    expect(location.hash).toBe('#/')
    await type('Your name', 'Anna')
    await type('E-mail address', 'anna@example.com')
    await type('Password', 'password1')
    await press('Make the account')
    const field = await screen.findByLabelText('Password')
    expect(await screen.findByText('Everybody tries this password first.')).toBeTruthy()
    expect(field.getAttribute('aria-invalid')).toBe('true')
    expect(document.activeElement).toBe(field)
    answers['POST /session/set-up'] = { status: 201, json: { state: 'signed_in', recoveryCodesLeft: null } }
    answers['GET /session'] = good({ ...NOBODY, account: ANNA })
    await press('Make the account')
    await screen.findByText('Anna Jansen, owner')
    expect(of('POST /session/set-up').at(-1)?.body).toEqual({ code: 'abc', name: 'Anna', email: 'anna@example.com', password: 'password1' }) // prettier-ignore
  })

  it('says where the first account comes from, and why no password is taken over plain http', async () => {
    bridge({ 'GET /session': good({ ...NOBODY, setUp: false, obstacle: 'Signing in needs https.' }) })
    render(<Console />)
    expect((await screen.findAllByText('Signing in needs https.')).length).toBeGreaterThan(0)
    expect(screen.getAllByText(/Nobody has an account here yet/).length).toBeGreaterThan(0)
    expect(screen.queryByLabelText('Password')).toBeNull()
    expect(screen.getByLabelText('Access key')).toBeTruthy()
  })

  it('makes an account of an invitation, for the address it is for', async () => {
    history.replaceState(null, '', '/#invitation=xyz')
    const { answers, of } = bridge({
      'GET /session': good(NOBODY),
      'GET /me': ME,
      'POST /session/invitation': good({ kind: 'invite', email: 'berta@example.com', name: null, role: 'operator', expiresAt: '2026-11-11T12:00:00Z' }), // prettier-ignore
      'POST /session/invitation/accept': {
        status: 201,
        json: { state: 'signed_in', recoveryCodesLeft: null },
      },
    })
    render(<Console />)
    await screen.findByText('You are invited to this bridge with the role “operator”.')
    expect(location.hash).toBe('#/')
    expect((screen.getByLabelText('E-mail address') as HTMLInputElement).value).toBe('berta@example.com')
    await type('Your name', 'Berta')
    await type('Password', 'a quiet lake at dawn')
    answers['GET /session'] = good({ ...NOBODY, account: { ...ANNA, name: 'Berta' } })
    await press('Make the account')
    await screen.findByText('Berta, owner')
    expect(of('POST /session/invitation/accept')[0]?.body).toEqual({ code: 'xyz', name: 'Berta', password: 'a quiet lake at dawn' }) // prettier-ignore
  })

  it('says that a link does not work any more, and leads to the sign-in', async () => {
    history.replaceState(null, '', '/#invitation=old')
    bridge({
      'GET /session': good(NOBODY),
      'POST /session/invitation': refusal(404, 'not_found', 'This link was used already.'),
    })
    render(<Console />)
    expect((await screen.findAllByText('This link was used already.')).length).toBeGreaterThan(0)
    await press('Go to the sign-in')
    await screen.findByRole('heading', { name: 'Sign in to Crosswalk' })
  })

  it('takes an access key instead, and asks for another one when it is not known', async () => {
    const { asked } = bridge({
      'GET /session': good(NOBODY),
      'GET /me': refusal(401, 'unauthorized', 'Not known.'),
    })
    render(<Console />)
    await press('Use an access key instead')
    await type('Access key', 'hunter2')
    await press('Open the console')
    expect(await screen.findByText(/does not look like an access key/)).toBeTruthy()
    await userEvent.clear(screen.getByLabelText('Access key'))
    await type('Access key', 'cw_0123456789abcdef')
    await press('Open the console')
    expect((await screen.findAllByText(/This key is not known here/)).length).toBeGreaterThan(0)
    expect(screen.getByLabelText('Access key')).toBeTruthy()
    expect(asked.find(({ call }) => call === 'GET /me')?.headers['authorization']).toBe(
      'Bearer cw_0123456789abcdef',
    )
    expect(sessionStorage.length).toBe(0)
  })

  it('asks again when the session has ended, and when somebody signs out', async () => {
    const { answers, of } = bridge({
      'GET /session': good({ ...NOBODY, account: ANNA }),
      'GET /me': ME,
      'DELETE /session': good({ ended: true }),
    })
    const { unmount } = render(<Console />)
    await screen.findByText('Anna Jansen, owner')
    answers['GET /session'] = good(NOBODY)
    await press('Sign out')
    await screen.findByLabelText('Password')
    expect(of('DELETE /session')).toHaveLength(1)
    unmount()

    answers['GET /session'] = good({ ...NOBODY, account: ANNA })
    answers['GET /me'] = () => {
      answers['GET /session'] = good(NOBODY)
      return refusal(401, 'unauthorized', 'Your session has ended.')
    }
    render(<Console />)
    expect((await screen.findAllByText('Your session has ended. Sign in again.')).length).toBeGreaterThan(0)
    await screen.findByLabelText('Password')
  })

  it('shows a viewer no page of people', async () => {
    bridge({
      'GET /session': good({ ...NOBODY, account: { ...ANNA, role: 'viewer' } }),
      'GET /me': good({ workspaceId: 'ws_1', role: 'viewer', actor: 'acct_1' }),
    })
    history.replaceState(null, '', '/#/people')
    render(<Console />)
    await screen.findByText('Anna Jansen, viewer')
    expect(screen.queryByRole('link', { name: 'People' })).toBeNull()
    expect(screen.getByRole('heading', { name: 'There is no such page' })).toBeTruthy()
  })
})
