import { cleanup, configure } from '@testing-library/react'
import { afterEach, beforeEach } from 'vitest'
import { setFormats } from '../screens/parts/format.ts'

// jsdom has no layout; what only measures or scrolls may do nothing.
window.scrollTo = () => {}
Element.prototype.scrollIntoView = () => {}
// What is only spoken is not on the page.
configure({ defaultIgnore: 'script, style, .a11y-speak-region' })
globalThis.ResizeObserver = class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

beforeEach(() => setFormats({ locale: 'en-GB', timeZone: 'UTC' }))
afterEach(() => {
  cleanup()
  sessionStorage.clear()
  localStorage.clear()
  history.replaceState(null, '', '/')
})
