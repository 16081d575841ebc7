/** A queue of events by time, as a binary heap in plain arrays: tens of millions of events go through it. */
export function createEvents() {
  const times: number[] = []
  const kinds: number[] = []
  const subjects: number[] = []

  const swap = (a: number, b: number): void => {
    for (const list of [times, kinds, subjects]) {
      const kept = list[a] as number
      list[a] = list[b] as number
      list[b] = kept
    }
  }
  const time = (n: number): number => times[n] ?? Infinity

  return {
    get size(): number {
      return times.length
    },
    next: (): number => time(0),
    push(at: number, kind: number, subject: number): void {
      let n = times.push(at) - 1
      kinds.push(kind)
      subjects.push(subject)
      while (n > 0) {
        const parent = (n - 1) >> 1
        if (time(parent) <= at) break
        swap(n, parent)
        n = parent
      }
    },
    /** Takes the earliest event. Not to be called when there is none. */
    pop(): { at: number; kind: number; subject: number } {
      const first = { at: time(0), kind: kinds[0] as number, subject: subjects[0] as number }
      swap(0, times.length - 1)
      times.pop()
      kinds.pop()
      subjects.pop()
      for (let n = 0; ;) {
        const left = 2 * n + 1
        const least = time(left + 1) < time(left) ? left + 1 : left
        if (time(least) >= time(n)) break
        swap(n, least)
        n = least
      }
      return first
    },
  }
}
