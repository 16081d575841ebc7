import { screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { fakeBridge, show } from '../../testing/bridge.tsx'
import { sampleField } from '../../testing/samples.ts'
import AlarmSettings from './AlarmSettings.tsx'

const view = (of: object = {}) => ({
  settings: { siren: 'loud' },
  fields: [sampleField('siren', { title: 'Siren' })],
  defaults: {},
  version: 3,
  hookSecret: { set: false, setAt: null },
  mail: { ready: false, text: 'This bridge cannot send mail yet.' },
  ...of,
})
const button = (name: string) => screen.findByRole('button', { name })

describe('the settings of alarms', () => {
  it('are those that the bridge describes, and say what the operator has to do', async () => {
    const on = fakeBridge({ 'GET /alarm-settings': view(), 'PUT /alarm-settings': view({ version: 4 }) })
    show(<AlarmSettings />, on)
    expect((await screen.findAllByText('This bridge cannot send mail yet.')).length).toBeGreaterThan(0)
    await userEvent.type(screen.getByRole('textbox', { name: 'Siren' }), 'er')
    await userEvent.click(await button('Save the alarms'))
    await waitFor(() => expect(on.asked.at(-1)?.body).toEqual({ settings: { siren: 'louder' }, basedOn: 3 }))
    expect((await screen.findAllByText('Saved.')).length).toBeGreaterThan(0)
  })

  it('are tried, and each way says how it fared', async () => {
    const results = [
      { channel: 'mail', to: 'owner@example.com', ok: true, text: 'Sent.' },
      { channel: 'hook', to: null, ok: false, text: 'It does not answer.' },
    ]
    show(<AlarmSettings />, fakeBridge({ 'GET /alarm-settings': view(), 'POST /alarm-settings/test': { results } }))
    await userEvent.click(await button('Send a test message'))
    expect(await screen.findByText('owner@example.com: Sent.')).toBeTruthy()
    expect(screen.getByText('It does not answer.')).toBeTruthy()
  }) // prettier-ignore

  it('show a new secret once', async () => {
    show(<AlarmSettings />, fakeBridge({ 'GET /alarm-settings': view(), 'POST /alarm-settings/hook-secret': { secret: 'cwh_abc', beforeCountsUntil: null } })) // prettier-ignore
    await userEvent.click(await button('Make a new secret'))
    expect(await screen.findByText('cwh_abc')).toBeTruthy()
  })

  it('are not asked for by who may not see them', async () => {
    const on = fakeBridge({})
    show(<AlarmSettings />, on, 'viewer')
    expect((await screen.findAllByText(/Ask an owner for the right/)).length).toBeGreaterThan(0)
    expect(on.asked).toEqual([])
  })
})
