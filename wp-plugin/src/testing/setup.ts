import { cleanup } from '@testing-library/react'
import { afterEach, beforeEach } from 'vitest'
import { setFormats } from '../screens/parts/format.ts'

// jsdom has no layout; what only measures or scrolls may do nothing.
window.scrollTo = () => {}
globalThis.ResizeObserver = class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

beforeEach(() => setFormats({ locale: 'en-GB', timeZone: 'UTC' }))
afterEach(() => {
  cleanup()
  history.replaceState(null, '', '/')
})
