import { syncBuiltinESMExports } from 'node:module'
import { vi } from 'vitest'

/** Turns of the event loop between two steps: what a step set going gets to its end, or at least a good way on. */
const TURNS = 6
const realImmediate = setImmediate
const realTimeout = setTimeout
const turn = (): Promise<void> => new Promise((done) => realImmediate(done))
/** For what is done outside the event loop: files, other processes. */
const moment = (): Promise<void> => new Promise((done) => realTimeout(done, 1))

/**
 * Time of this process that passes as fast as its work is done: `stepMs` at a time, with turns of the event loop in
 * between. All that runs in the process lives in it, also the embedded store, whose `now()` is the process's own. A
 * machine under load makes time pass slower, never the work.
 */
export function startFastTime(stepMs: number) {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  // Modules that import `sleep` from node:timers/promises get the made one as well.
  syncBuiltinESMExports()
  let step = stepMs
  let ended = false
  const running = (async () => {
    while (!ended) {
      await vi.advanceTimersByTimeAsync(step)
      for (let i = 0; i < TURNS; i += 1) await turn()
      await moment()
    }
  })()
  const waitTo = async (time: number): Promise<void> => {
    while (Date.now() < time) await moment()
  }
  return {
    /** From now on so much passes at a time: little where every call counts, much where nothing happens. */
    steps: (ms: number): void => void (step = ms),
    pass: (ms: number): Promise<void> => waitTo(Date.now() + ms),
    /** Waits until `look` gives true. @returns the milliseconds it took @throws after `limitMs` of them */
    until: async (what: string, look: () => boolean | Promise<boolean>, limitMs: number): Promise<number> => {
      const began = Date.now()
      while (!(await look())) {
        if (Date.now() - began > limitMs) throw new Error(`waited ${limitMs} ms in vain for: ${what}`)
        await waitTo(Date.now() + 100)
      }
      return Date.now() - began
    },
    end: async (): Promise<void> => {
      ended = true
      await running
      vi.useRealTimers()
      syncBuiltinESMExports()
    },
  }
}
export type FastTime = ReturnType<typeof startFastTime>
