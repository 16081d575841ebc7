import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { hashOfSources, ROOT } from './sources.ts'
import { withLock } from './lock.ts'

/** The faces the screens are built for. */
export const FACES = ['wp-admin', 'console'] as const
export type Face = (typeof FACES)[number]

const PLUGIN = join(ROOT, 'wp-plugin')
/** What is built, a folder per face. */
export const BUILD = join(PLUGIN, 'build')
/** In each build: the sources it was made of. */
const STAMP = 'sources.sha256'
/** Files of the console that need no building. */
const CONSOLE_FILES = ['index.html', 'icon.svg']

/** The build could not be made; the message ends with what the tool said. */
export class BuildFailed extends Error {
  override readonly name = 'BuildFailed'
}

/** True when what is built comes from the sources as they are. */
export function isFresh(face: Face, hash = hashOfSources()): boolean {
  const stamp = join(BUILD, face, STAMP)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hash
}

/**
 * Builds one face's screens where its sources have moved, else does nothing. Only one process builds at a time; what is
 * built appears whole or not at all, and an old build is gone from the first moment. Throws `BuildFailed`.
 * @param told called before a build begins
 */
export async function ensureBuilt(face: Face, told: () => void = () => {}): Promise<void> {
  if (isFresh(face)) return
  mkdirSync(BUILD, { recursive: true })
  await withLock(join(BUILD, `${face}.lock`), async () => {
    const hash = hashOfSources()
    if (isFresh(face, hash)) return
    told()
    rmSync(join(BUILD, face), { recursive: true, force: true })
    await build(face, hash)
  })
}

async function build(face: Face, hash: string): Promise<void> {
  const out = join(BUILD, `${face}.new`)
  rmSync(out, { recursive: true, force: true })
  await runWebpack(face, out)
  if (face === 'console') addConsoleFiles(out, hash)
  writeFileSync(join(out, STAMP), hash)
  renameSync(out, join(BUILD, face))
}

function addConsoleFiles(out: string, hash: string): void {
  const from = join(PLUGIN, 'src/console')
  for (const file of CONSOLE_FILES) cpSync(join(from, file), join(out, file))
  const page = join(out, 'index.html')
  // With the version in their address, browsers may keep the files for good.
  writeFileSync(page, readFileSync(page, 'utf8').replaceAll('%VERSION%', hash.slice(0, 12)))
}

function runWebpack(face: Face, out: string): Promise<void> {
  const script = createRequire(join(PLUGIN, 'package.json')).resolve('@wordpress/scripts/bin/wp-scripts.js')
  const child = spawn(
    process.execPath,
    [script, 'build', '--config', 'webpack.config.cjs', '--config-name', face, '--env', `out=${out}`],
    { cwd: PLUGIN, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_ENV: 'production' } },
  )
  let said = ''
  const keep = (chunk: string): void => void (said = (said + chunk).slice(-8_000))
  child.stdout.setEncoding('utf8').on('data', keep)
  child.stderr.setEncoding('utf8').on('data', keep)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0
        ? resolve()
        : reject(new BuildFailed(`The screens for ${face} could not be built.\n${said}`)),
    )
  })
}
