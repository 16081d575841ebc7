const STOP = 'stop:'

/**
 * Ends the process without warning when it passes a named point for the n-th time: `name` or `name@n`; with `stop:` before
 * it the process only stands still, until somebody lets it go on. Only tests set it; without a point the function does
 * nothing.
 */
export function killAt(point: string | null): (name: string) => void {
  if (point === null) return () => undefined
  const signal = point.startsWith(STOP) ? 'SIGSTOP' : 'SIGKILL'
  const [wanted, count = '1'] = point.slice(signal === 'SIGSTOP' ? STOP.length : 0).split('@')
  let left = Number(count)
  return (name) => {
    if (name !== wanted) return
    left -= 1
    if (left === 0) process.kill(process.pid, signal)
  }
}
