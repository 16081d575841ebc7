import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Root of the repository. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** A process of a test, with what it printed. */
export interface TestProcess {
  pid: number
  child: ChildProcess
  /** Lines of stdout and stderr so far. */
  lines: string[]
  /** Sends a signal and waits for the end. @returns the exit code, null when a signal ended it */
  end(signal?: NodeJS.Signals): Promise<number | null>
  exited: Promise<number | null>
}

/** Run first in every process: it ends when its standard input does, so it never outlives us, however we end. */
const ENDS_WITH_US = `data:text/javascript,${encodeURIComponent(
  `process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL')).resume().unref()`,
)}`

/**
 * Starts a script of the repository and waits for the first line of its output that `ready` makes something of.
 * With `readsInput` what its standard input says is left to it, and so is its end.
 * @throws with the output when it ends before
 */
export async function startScript<T>(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  ready: (line: string) => T | undefined,
  options: { readsInput?: boolean } = {},
): Promise<TestProcess & { ready: T }> {
  const child = spawn(
    process.execPath,
    [...(options.readsInput ? [] : ['--import', ENDS_WITH_US]), script, ...args],
    {
      cwd: ROOT,
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  )
  const lines: string[] = []
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  const made = await new Promise<T>((done, failed) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line)
        const value = ready(line)
        if (value !== undefined) done(value)
      })
    }
    void exited.then((code) => failed(new Error(`${script} ended with ${code}:\n${lines.join('\n')}`)))
  })
  return {
    pid: child.pid as number,
    child,
    lines,
    exited,
    ready: made,
    end: async (signal = 'SIGTERM') => {
      child.kill(signal)
      return exited
    },
  }
}

/** Waits until `look` gives something, or fails saying what was waited for. Looks every 50 ms. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | null | false>,
  timeoutMs = 120_000,
): Promise<T> {
  const end = Date.now() + timeoutMs
  for (;;) {
    const value = await look()
    if (value !== undefined && value !== null && value !== false) return value
    if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms in vain for: ${what}`)
    await new Promise((done) => setTimeout(done, 50))
  }
}
