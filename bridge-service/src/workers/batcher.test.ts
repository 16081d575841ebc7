import { describe, expect, it } from 'vitest'
import { createBatcher } from './batcher.ts'

describe('a batcher', () => {
  it('carries out calls that come together in one go and gives each its own result', async () => {
    const batches: number[][] = []
    const double = createBatcher<number, number>(
      async (inputs) => {
        batches.push([...inputs])
        return inputs.map((input) => input * 2)
      },
      5,
      64,
    )
    expect(await Promise.all([double(1), double(2), double(3)])).toEqual([2, 4, 6])
    expect(batches).toEqual([[1, 2, 3]])
  })

  it('does not wait when a batch is full', async () => {
    const never = 1_000_000
    const sizes: number[] = []
    const work = createBatcher<number, number>(
      async (inputs) => (sizes.push(inputs.length), inputs),
      never,
      2,
    )
    await Promise.all([work(1), work(2), work(3), work(4)])
    expect(sizes).toEqual([2, 2])
  })

  it('tells every caller of a failure, and goes on with the next', async () => {
    let broken = true
    const work = createBatcher<number, number>(
      async (inputs) => {
        if (broken) throw new Error('no')
        return inputs
      },
      1,
      64,
    )
    const both = await Promise.allSettled([work(1), work(2)])
    expect(both.map((result) => result.status)).toEqual(['rejected', 'rejected'])
    broken = false
    expect(await work(3)).toBe(3)
  })
})
