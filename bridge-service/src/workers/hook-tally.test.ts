import { expect, it } from 'vitest'
import { createHookTally } from './hook-tally.ts'

it('says the first of a kind at once, and those of a minute as a number', () => {
  const said: unknown[] = []
  let now = 0
  const say = (fields: unknown) => void said.push(fields)
  const note = createHookTally({ warn: say, info: say } as never, { now: () => now })
  for (let i = 0; i < 500; i++) note('warn', 'conn_a', 'webhook refused', 'unsigned')
  note('warn', 'conn_b', 'webhook refused', 'unsigned')
  expect(said).toEqual([
    { connection: 'conn_a', why: 'unsigned', count: 1 },
    { connection: 'conn_b', why: 'unsigned', count: 1 },
  ])
  now = 60_000
  note('warn', 'conn_a', 'webhook refused', 'unsigned')
  expect(said.at(-1)).toEqual({ connection: 'conn_a', why: 'unsigned', count: 500 })
  expect(said).toHaveLength(3)
})
