import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Home } from './service.ts'
import { ROOT } from './processes.ts'

/** Runs a command of the repository on the store of a home, to its end. @returns its exit code and what it printed */
export async function runOn(
  home: Home,
  script: 'backup' | 'restore',
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [`scripts/${script}.ts`, ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'test', ...home.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  const [code] = (await once(child, 'close')) as [number]
  return { code, output }
}
