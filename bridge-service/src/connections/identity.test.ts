import { describe, expect, it } from 'vitest'
import type { ConnectionRow, ConnectionState } from '../store/schema.ts'
import { BRIDGE_FACTS, type BridgeFacts } from './bridge-facts.ts'
import { identityChange, reasonToAsk } from './identity.ts'

const AT = '2026-11-04T12:00:00.000Z'
const row = (facts: Partial<BridgeFacts>, state: ConnectionState = 'active') =>
  ({
    state,
    facts: { [BRIDGE_FACTS]: { identity: 'shop.example.com', ...facts } },
  }) as unknown as ConnectionRow
const asked = (of: Partial<BridgeFacts['moved'] & object> = {}) => ({
  to: 'test.example.com', since: AT, toldBy: 'account' as const, answer: null, ...of,
}) // prettier-ignore
const change = (of: ConnectionRow, told: string | null, person = false) =>
  identityChange(of, told, AT, person)

describe('what an account calls itself', () => {
  it('is kept when it is told first, and says nothing where it is as ever or not told', () => {
    expect(change(row({ identity: null }), 'shop.example.com')).toEqual({ facts: { identity: 'shop.example.com' } }) // prettier-ignore
    expect(change(row({}), 'shop.example.com')).toBeNull()
    expect(change(row({}), null)).toBeNull()
    expect(change(row({ moved: asked() }, 'paused'), null, true)).toBeNull()
  })

  it('pauses the connection where it is another address, once', () => {
    const first = change(row({}), 'test.example.com')
    expect(first).toMatchObject({ facts: { moved: asked() }, state: 'paused' })
    expect(first?.stateReason).toBe(
      'This account calls itself test.example.com now; it was connected as shop.example.com. Say whether it has moved or is a copy.',
    )
    expect(change(row({ moved: asked() }, 'paused'), 'test.example.com')).toBeNull()
  })

  it('asks anew for a third address, also where the second was said to be a copy', () => {
    const copy = row({ moved: asked({ answer: 'copy' }) }, 'paused')
    expect(change(copy, 'test.example.com', true)).toBeNull()
    expect(change(copy, 'third.example.com')?.facts.moved).toMatchObject({ to: 'third.example.com', answer: null }) // prettier-ignore
  })

  it('leaves a sign-in that is refused as it is, and asks all the same', () => {
    const refused = change(row({}, 'unauthorized'), 'test.example.com')
    expect(refused).toEqual({ facts: { moved: asked() } })
  })

  it('lets it go on when it is the address it had, unless somebody called it a copy', () => {
    expect(change(row({ moved: asked() }, 'paused'), 'shop.example.com')).toEqual({ facts: { moved: null }, state: 'active', stateReason: null }) // prettier-ignore
    const copy = row({ moved: asked({ answer: 'copy' }) }, 'paused')
    expect(change(copy, 'shop.example.com')).toBeNull()
    expect(change(copy, 'shop.example.com', true)?.state).toBe('active')
  })

  it('knows a copy that only sent a message again, where the account is the one it was', () => {
    const doubted = row({ moved: asked({ toldBy: 'message' }), copies: ['a.example.com'] }, 'paused')
    expect(change(doubted, 'shop.example.com')).toEqual({
      facts: { moved: null, copies: ['a.example.com', 'test.example.com'] },
      state: 'active',
      stateReason: null,
    })
    expect(change(doubted, 'test.example.com')?.facts.moved).toMatchObject({ toldBy: 'account', since: AT })
  })

  it('says why the connection stands still', () => {
    expect(reasonToAsk(row({}))).toBeNull()
    expect(reasonToAsk(row({ moved: asked() }))).toContain('Say whether')
    expect(reasonToAsk(row({ moved: asked({ answer: 'copy' }) }))).toBe('It is a copy (test.example.com): nothing is taken from it.') // prettier-ignore
  })
})
