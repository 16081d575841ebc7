import { afterEach, expect, it, vi } from 'vitest'

afterEach(() => vi.resetModules())

it('gives every style element the nonce of the answer, and nothing else one', async () => {
  document.head.innerHTML = '<meta name="style-nonce" content="abc" />'
  await import('./style-nonce.ts')
  expect(document.createElement('style').nonce).toBe('abc')
  expect(document.createElement('script').nonce ?? '').toBe('')
})
