import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { spawn, type ChildProcess } from 'node:child_process'
import { chmod, chown } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ensureBuilt } from '../../scripts/screens/build.ts'
import { ROOT } from './processes.ts'

/** The user of the container, here the one that owns nothing. */
const NOBODY = 65_534
const asRoot = process.getuid?.() === 0
const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
/** What the last stage of the Dockerfile does. */
const stage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))

interface Locked {
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  link?: boolean
}
const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, Locked>
}

/** Folders of node_modules that `npm ci --omit=dev` leaves for the workspaces the Dockerfile names. */
function installed(): string[] {
  const workspaces = [...dockerfile.matchAll(/--workspace (\S+)/g)].map(([, name]) => name as string)
  const found = new Set<string>()
  const visit = (place: string): void => {
    const { dependencies = {}, optionalDependencies = {} } = packages[place] ?? {}
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      // The nearest one, as Node looks for it.
      let base = place
      while (base !== '' && !packages[`${base}/node_modules/${name}`]) base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/'))) // prettier-ignore
      const path = base === '' ? `node_modules/${name}` : `${base}/node_modules/${name}`
      if (found.has(path) || packages[path]?.link || !existsSync(join(ROOT, path))) continue
      found.add(path)
      visit(path)
    }
  }
  for (const workspace of workspaces) visit(workspace)
  return [...found].filter((path) => !/node_modules\/.*\/node_modules\//.test(path))
}

let place = ''
let child: ChildProcess | undefined

beforeAll(async () => {
  await ensureBuilt('console')
  place = mkdtempSync(join(tmpdir(), 'crosswalk-install-'))
  await chmod(place, 0o755)
  const app = join(place, 'app')
  for (const path of installed()) cpSync(join(ROOT, path), join(app, path), { recursive: true, dereference: true }) // prettier-ignore
  for (const [, flags = '', paths = ''] of stage.matchAll(/^COPY ((?:--\S+ )*)(.+)$/gm)) {
    const names = paths.trim().split(/\s+/)
    const to = names.pop() as string
    for (const name of names) {
      const path = flags === '' ? name : name.replace(/^\/app\//, '')
      if (path === 'node_modules') continue
      const target = to.endsWith('/') ? join(app, to, path.split('/').at(-1) as string) : join(app, to)
      mkdirSync(dirname(target), { recursive: true })
      const own = (from: string): boolean => !from.includes('node_modules')
      cpSync(join(ROOT, path), target, { recursive: true, filter: own })
    }
  }
  mkdirSync(join(app, 'node_modules/@crosswalk'), { recursive: true })
  for (const name of ['shared', 'connectors', 'bridge-service'])
    symlinkSync(`../../${name}`, join(app, 'node_modules/@crosswalk', name))
  cpSync(process.execPath, join(place, 'node'))
  await chmod(join(place, 'node'), 0o755)
  mkdirSync(join(place, 'data'))
  if (asRoot) await chown(join(place, 'data'), NOBODY, NOBODY)
})
afterAll(() => {
  child?.kill('SIGKILL')
  rmSync(place, { recursive: true, force: true })
})

/** Variables of the Dockerfile. */
const environment = [...stage.matchAll(/^(?:ENV| {4}) ?([A-Z_]+)=(\S+)/gm)].map(([, name = '', value = '']) => [name, value] as const) // prettier-ignore

it('the files of the container are enough to start, as a user who may write to the data alone', async () => {
  const lines: string[] = []
  const data = join(place, 'data')
  // With the data where the volume would be.
  const env = Object.fromEntries(environment.map(([name, value]) => [name, value.replace(/^\/data/, data)]))
  expect(Object.keys(env)).toEqual(expect.arrayContaining(['DATA_DIR', 'HOST', 'PORT', 'NODE_ENV']))
  child = spawn(join(place, 'node'), ['bridge-service/src/start.mjs'], {
    cwd: join(place, 'app'),
    env: { PATH: process.env['PATH'], ...env, HOST: '127.0.0.1', PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(asRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  })
  const ended = new Promise<never>((_, failed) => child?.once('exit', (code) => failed(new Error(`it ended with ${code}:\n${lines.join('\n')}`)))) // prettier-ignore
  const listening = new Promise<string>((found) => {
    for (const stream of [child?.stdout, child?.stderr]) {
      if (!stream) continue
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line)
        if (line.includes('"listening"')) found((JSON.parse(line) as { url: string }).url)
      })
    }
  })
  ended.catch(() => undefined)
  const url = await Promise.race([listening, ended])
  expect((await fetch(`${url}/readyz`)).status).toBe(200)
  const page = await (await fetch(url)).text()
  // The console itself, not the page that says it is being built.
  expect(page).toContain('id="app"')
  expect(existsSync(join(data, 'store/pg'))).toBe(true)
  expect(existsSync(join(data, 'store.key'))).toBe(true)
  const left = new Promise<number | null>((done) => child?.once('exit', done))
  child.kill('SIGTERM')
  expect(await left).toBe(0)
})
