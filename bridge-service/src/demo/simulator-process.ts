import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A simulator that runs as a process of its own. */
export interface SimulatorProcess {
  /** Origin without a slash at the end, such as `http://127.0.0.1:40123`. */
  url: string
  /** What the simulator printed of itself: its address, and keys where it has any. */
  told: Readonly<Record<string, unknown>>
  /** `host:port` as the service's list of callable hosts holds it. */
  host: string
  /** Settles when the process is gone, for whatever reason. */
  ended: Promise<void>
  stop: () => Promise<void>
}

/** Time for a simulator to tell its address, and to end when it is asked to. */
const START_MS = 20_000
const STOP_MS = 3_000

/**
 * Starts a simulator's `run.ts` with this program's own Node. The child gets no environment but `NODE_ENV`, and ends by
 * itself when its standard input closes: however this process goes, nothing stays behind.
 * @throws Error with what the child said when it ends or stays silent
 */
export async function startSimulatorProcess(
  script: URL,
  options: readonly string[],
): Promise<SimulatorProcess> {
  const child = spawn(process.execPath, [fileURLToPath(script), ...options, '--parent-stdin'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { NODE_ENV: 'production' },
    detached: false,
  })
  // A child that is gone closes its end; that is told by `exit`.
  child.stdin.on('error', () => undefined)
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => (complaint = `${complaint}${String(chunk)}`.slice(-500)))
  const ended = once(child, 'exit').then(
    () => undefined,
    () => undefined,
  )
  const stop = async (): Promise<void> => {
    child.stdin.end()
    child.kill('SIGTERM')
    const hard = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await ended
    clearTimeout(hard)
  }
  try {
    const told = await firstLine(child.stdout, ended)
    const url = String(told['url'])
    return { url, told, host: new URL(url).host, ended, stop }
  } catch (error) {
    await stop()
    const said = complaint === '' ? '' : ` It said: ${complaint.trim()}`
    throw new Error(`${(error as Error).message}${said}`, { cause: error })
  }
}

async function firstLine(
  output: NodeJS.ReadableStream,
  ended: Promise<void>,
): Promise<Record<string, unknown>> {
  const lines = createInterface({ input: output })
  const signal = AbortSignal.timeout(START_MS)
  const line = await Promise.race([
    once(lines, 'line', { signal }).then(
      ([text]) => String(text),
      () => 'silent' as const,
    ),
    ended.then(() => 'ended' as const),
  ])
  if (line === 'silent') throw new Error('A simulator did not start in time.')
  if (line === 'ended') throw new Error('A simulator ended right after its start.')
  return JSON.parse(line) as Record<string, unknown>
}
