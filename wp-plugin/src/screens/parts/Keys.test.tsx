import { screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { fakeBridge, show } from '../../testing/bridge.tsx'
import { sampleFlow, sampleRecord } from '../../testing/samples.ts'
import { Screens } from '../Screens.tsx'

const items = ['1', '2', '3'].map((id) => sampleRecord({ externalId: id, label: `#${id}` }))
const bridge = () =>
  fakeBridge({
    'GET /records': { items, next: null },
    'GET /flows': { items: [sampleFlow()] },
    'GET /overview': new Error('of no matter here'),
  })
const line = (id: string) => screen.getByRole('link', { name: `Order #${id}` })
const open = async () => {
  history.replaceState(null, '', '/#/activity')
  show(<Screens />, bridge())
  await screen.findByRole('table')
}

describe('keys', () => {
  it('go through a list, and back to the line that was opened', async () => {
    await open()
    await userEvent.keyboard('jj')
    expect(document.activeElement).toBe(line('2'))
    await userEvent.keyboard('{ArrowDown}k')
    expect(document.activeElement).toBe(line('2'))
    await userEvent.keyboard('{Enter}')
    await screen.findByRole('link', { name: '‹ All activity' })
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(document.activeElement).toBe(line('2')))
  })

  it('are letters while something is typed', async () => {
    await open()
    const search = screen.getByRole('searchbox')
    await userEvent.keyboard('/')
    expect(document.activeElement).toBe(search)
    await userEvent.keyboard('jk?')
    expect([(search as HTMLInputElement).value, screen.queryByRole('dialog')]).toEqual(['jk?', null])
  })

  it('are listed, and single letters can be switched off for good', async () => {
    await open()
    await userEvent.keyboard('?')
    await userEvent.click(await screen.findByRole('checkbox', { name: 'Use keys that are a single letter' }))
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
    const before = document.activeElement
    await userEvent.keyboard('j')
    expect(document.activeElement).toBe(before)
    expect(localStorage.getItem('crosswalk keys')).toBe('off')
  })
})
