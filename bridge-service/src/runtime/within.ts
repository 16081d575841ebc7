/**
 * What `work` gives, or `late` where it takes longer than `ms`. The work itself goes on; how it ends then is nobody's
 * business here.
 * @throws what `work` throws in time
 */
export async function within<T, L>(ms: number, work: Promise<T>, late: L): Promise<T | L> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<L>((done) => (timer = setTimeout(() => done(late), ms)))
  try {
    return await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}
