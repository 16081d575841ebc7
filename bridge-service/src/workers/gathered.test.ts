import { expect, it } from 'vitest'
import { createGathered } from './gathered.ts'

/** A look that ends when told. */
function slowLook() {
  const looks: { keys: readonly string[]; end: (error?: Error) => void }[] = []
  const look = (keys: readonly string[]) =>
    new Promise<Map<string, string>>((done, failed) =>
      looks.push({
        keys,
        end: (error) => (error ? failed(error) : done(new Map(keys.filter((key) => key !== 'none').map((key) => [key, `${key}!`])))),
      }),
    ) // prettier-ignore
  return { looks, look }
}

it('looks at once while few ask, and gathers a flood into the next look', async () => {
  const { looks, look } = slowLook()
  const ask = createGathered(look)
  const first = ['a', 'b', 'c', 'd'].map((key) => ask(key))
  const flood = Array.from({ length: 600 }, (_, i) => ask(i % 2 === 0 ? 'none' : `k${i}`))
  expect(looks.map((one) => one.keys)).toEqual([['a'], ['b'], ['c'], ['d']])
  looks[0]?.end()
  expect(await first[0]).toBe('a!')
  await expect.poll(() => looks.length).toBe(5)
  expect(looks[4]?.keys).toHaveLength(251)
  for (let at = 1; at < 5; at++) looks[at]?.end()
  await expect.poll(() => looks.length).toBe(6)
  looks[5]?.end()
  const answers = await Promise.all(flood)
  expect(answers.slice(0, 4)).toEqual([undefined, 'k1!', undefined, 'k3!'])
  expect(answers.at(-1)).toBe('k599!')
})

it('tells an error to those who asked for that look, and goes on', async () => {
  const { looks, look } = slowLook()
  const ask = createGathered(look)
  const failing = ask('a')
  looks[0]?.end(new Error('the store is away'))
  await expect(failing).rejects.toThrow('away')
  const later = ask('a')
  looks[1]?.end()
  expect(await later).toBe('a!')
})
