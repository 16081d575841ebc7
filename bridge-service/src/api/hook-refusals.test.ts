import { expect, it } from 'vitest'
import { createHookRefusals } from './hook-refusals.ts'

it('lets an address be refused a hundred times a minute, and then has it wait', async () => {
  const refuse = createHookRefusals()
  for (let i = 0; i < 100; i++) expect(await refuse('192.0.2.1')).toBeNull()
  const wait = await refuse('192.0.2.1')
  expect(wait).toBeGreaterThan(0)
  expect(wait).toBeLessThanOrEqual(60)
  expect(await refuse('192.0.2.2')).toBeNull()
})
