import { readFileSync } from 'node:fs'
import { builtinModules, createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listFiles, readSources, readText, ROOT } from './source-tree.ts'

interface Manifest {
  name: string
  license?: string
  workspaces?: string[]
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
}

interface Lock {
  packages: Record<string, { resolved?: string; link?: boolean; version?: string }>
}

const json = (path: string): unknown => JSON.parse(readText(path) ?? 'null')
const root = json('package.json') as Manifest
const lock = json('package-lock.json') as Lock
const workspaces = root.workspaces ?? []
const sources = readSources()

/** `zod` for `zod/v4`, `@scope/name` for `@scope/name/part`; undefined for paths and what Node brings. */
function packageOf(name: string): string | undefined {
  if (name.startsWith('.') || name.startsWith('node:') || builtinModules.includes(name)) return undefined
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
}

/** What a file may import: its workspace's own list; tests, and files outside any workspace, also the root's tools. */
function declaredFor(path: string): Set<string> {
  const workspace = workspaces.find((name) => path.startsWith(`${name}/`))
  const own = workspace === undefined ? undefined : (json(`${workspace}/package.json`) as Manifest)
  const isTool = workspace === undefined || workspace === 'test' || /\.test\.tsx?$|\/testing\//.test(path)
  return new Set(
    [
      ...Object.keys(own?.dependencies ?? {}),
      ...Object.keys(own?.peerDependencies ?? {}),
      ...(isTool ? Object.keys({ ...own?.devDependencies, ...root.devDependencies }) : []),
      own?.name,
    ].filter((name) => name !== undefined),
  )
}

describe('the lock file', () => {
  it('names no registry, so that any mirror can serve it', () => {
    const resolved = Object.entries(lock.packages).flatMap(([path, entry]) =>
      entry.resolved === undefined || workspaces.includes(entry.resolved)
        ? []
        : [`${path}: ${entry.resolved}`],
    )
    expect(resolved).toEqual([])
  })

  it('holds every workspace', () => {
    expect(Object.keys(lock.packages)).toEqual(expect.arrayContaining(workspaces))
  })
})

describe('React', () => {
  // WordPress ships 18.3.1; with a second copy, the hooks of a component would be those of another React.
  it.each(['react', 'react-dom'])('is installed once, as WordPress has it: %s', (name) => {
    const copies = Object.entries(lock.packages).filter(([path]) => path.endsWith(`node_modules/${name}`))
    expect(copies.map(([path, { version }]) => `${path} ${version}`)).toEqual([`node_modules/${name} 18.3.1`])
    for (const workspace of ['wp-plugin', 'hubspot-app', 'node_modules/@wordpress/components']) {
      const found = createRequire(join(ROOT, workspace, 'package.json')).resolve(`${name}/package.json`)
      expect((JSON.parse(readFileSync(found, 'utf8')) as { version: string }).version, workspace).toBe(
        '18.3.1',
      )
    }
  })
})

describe('package manifests', () => {
  it('declare every package that is imported', () => {
    const undeclared = sources.flatMap(({ path, imports }) => {
      const declared = declaredFor(path)
      const packages = [...new Set(imports.map(packageOf))].filter((name) => name !== undefined)
      return packages.filter((name) => !declared.has(name)).map((name) => `${path}: ${name}`)
    })
    expect(undeclared).toEqual([])
  })

  it('pin versions exactly', () => {
    const loose = ['package.json', ...workspaces.map((name) => `${name}/package.json`)].flatMap((path) => {
      const { dependencies, devDependencies } = json(path) as Manifest
      return Object.entries({ ...dependencies, ...devDependencies })
        .filter(
          ([name, version]) =>
            !name.startsWith('@crosswalk/') && !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version),
        )
        .map(([name, version]) => `${path}: ${name} ${version}`)
    })
    expect(loose).toEqual([])
  })

  it('carry the licence of the repository', () => {
    for (const path of ['package.json', ...workspaces.map((name) => `${name}/package.json`)]) {
      expect((json(path) as Manifest).license, path).toBe('GPL-2.0-or-later')
    }
    expect(readText('LICENSE')).toContain(
      'GNU GENERAL PUBLIC LICENSE\n                       Version 2, June 1991',
    )
  })
})

describe('the repository', () => {
  it('has a README that names the commands to install, start and test', () => {
    const readme = readText('README.md') ?? ''
    for (const command of ['npm ci', 'npm start', 'npm test']) expect(readme).toContain(command)
  })

  it('has a README in every workspace that is not built yet', () => {
    for (const workspace of ['wp-plugin', 'hubspot-app']) {
      expect(readText(`${workspace}/README.md`), workspace).toContain('@crosswalk/shared')
    }
  })

  it('holds no path of a developer’s machine and no private key', () => {
    // Recorded answers are not ours to reword; they are checked where they are recorded.
    const ours = listFiles().filter(
      (path) => !path.startsWith('test/fixtures/') && path !== 'package-lock.json',
    )
    const found = ours.flatMap((path) => {
      const text = readText(path) ?? ''
      return FORBIDDEN.flatMap((pattern) => {
        const match = pattern.exec(text)
        return match === null ? [] : [`${path}: ${match[0]}`]
      })
    })
    expect(found).toEqual([])
  })
})

/** In pieces, so that this file does not find itself. */
const FORBIDDEN = [
  // The home folder of the `node` user is that of the official container image.
  new RegExp(`(?<![\\w.~-])/${'home'}/(?!node\\b)[a-z][\\w-]*/`),
  new RegExp(`(?<![\\w.~-])/${'Users'}/[A-Za-z][\\w-]*/`),
  new RegExp(`(?<![\\w.~-])/${'work'}/(?:main|shared)\\b`),
  new RegExp(`(?<![\\w.~-])/${'root'}/`),
  new RegExp(`[A-Z]:\\\\${'Users'}\\\\`),
  new RegExp(`-----BEGIN (?:[A-Z]+ )?${'PRIVATE'} KEY-----`),
]
