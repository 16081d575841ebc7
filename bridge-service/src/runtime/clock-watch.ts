/** A clock that was set differs at once by at least this; drift and a busy process stay below it. */
const SET_MS = 3_000

/**
 * Tells when this machine's clock was set: when it went on by another time than has passed. Also after the machine slept.
 * @param onSet gets by how much, in ms; negative: it was put back
 * @returns ends the watch
 */
export function watchClock(
  onSet: (byMs: number) => void,
  { everyMs = 1_000, now = Date.now, passed = () => performance.now() } = {},
): () => void {
  let wall = now()
  let since = passed()
  const timer = setInterval(() => {
    const [wallNow, passedNow] = [now(), passed()]
    const byMs = Math.round(wallNow - wall - (passedNow - since))
    wall = wallNow
    since = passedNow
    if (Math.abs(byMs) >= SET_MS) onSet(byMs)
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
