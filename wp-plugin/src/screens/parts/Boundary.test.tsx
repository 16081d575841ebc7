import { render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'
import { Boundary } from './Boundary.tsx'

afterEach(() => vi.restoreAllMocks())

it('a page that breaks says so, has details for support, and can be tried again', async () => {
  // React and jsdom tell the console of every error that is thrown.
  vi.spyOn(console, 'error').mockImplementation(() => {})
  let isBroken = true
  const Page = () => {
    if (isBroken) throw new Error('no such thing')
    return <p>All is well.</p>
  }
  render(
    <Boundary>
      <Page />
    </Boundary>,
  )
  expect(screen.getByRole('heading', { name: 'This page could not be shown' })).toBeTruthy()
  await userEvent.click(screen.getByText('Technical details'))
  expect(screen.getByText(/no such thing/)).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Copy for support' })).toBeTruthy()
  isBroken = false
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(screen.getByText('All is well.')).toBeTruthy()
})
