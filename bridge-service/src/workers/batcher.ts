/**
 * Gathers calls that come within `waitMs` of each other, or `most` of them, into one. Each caller gets its own result; an
 * error of the whole reaches all of them.
 */
export function createBatcher<In, Out>(
  work: (inputs: readonly In[]) => Promise<readonly Out[]>,
  waitMs: number,
  most: number,
): (input: In) => Promise<Out> {
  let waiting: { input: In; done: (result: Out) => void; failed: (error: unknown) => void }[] = []
  let timer: NodeJS.Timeout | undefined

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    const batch = waiting
    waiting = []
    if (batch.length === 0) return
    work(batch.map((entry) => entry.input)).then(
      (results) => batch.forEach((entry, i) => entry.done(results[i] as Out)),
      (error: unknown) => batch.forEach((entry) => entry.failed(error)),
    )
  }

  return (input) =>
    new Promise<Out>((done, failed) => {
      waiting.push({ input, done, failed })
      if (waiting.length >= most) flush()
      else timer ??= setTimeout(flush, waitMs)
    })
}
