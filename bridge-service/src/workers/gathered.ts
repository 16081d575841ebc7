/** Looks kept going at once; what is asked meanwhile goes together in the next. */
const AT_ONCE = 4
const MOST = 500

/**
 * Looks keys up one by one while few are asked for, and many in one look while there is a flood: the first answer is as
 * quick as a look, and a flood of keys costs hardly more looks than a trickle. Each key's answer is its own; an error
 * reaches all keys of the look.
 * @param look answers for those keys that exist
 */
export function createGathered<T>(
  look: (keys: readonly string[]) => Promise<ReadonlyMap<string, T>>,
): (key: string) => Promise<T | undefined> {
  let looking = 0
  let waiting: { key: string; done: (value: T | undefined) => void; failed: (error: unknown) => void }[] = []

  function next(): void {
    if (looking >= AT_ONCE || waiting.length === 0) return
    const asked = waiting.slice(0, MOST)
    waiting = waiting.slice(MOST)
    looking += 1
    look([...new Set(asked.map((one) => one.key))])
      .then(
        (found) => asked.forEach((one) => one.done(found.get(one.key))),
        (error: unknown) => asked.forEach((one) => one.failed(error)),
      )
      .finally(() => {
        looking -= 1
        next()
      })
  }

  return (key) =>
    new Promise((done, failed) => {
      waiting.push({ key, done, failed })
      next()
    })
}
