import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readText, ROOT } from './source-tree.ts'

const text = (path: string): string => readText(path) ?? ''
const dockerfile = text('Dockerfile')
const unit = text('deploy/crosswalk.service')

/** Names the service reads, as its only file that does so has them; and what Node itself reads. */
const known = new Set([
  ...[...text('bridge-service/src/config.ts').matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(([, name]) => name),
  'NODE_COMPILE_CACHE',
])

interface Service {
  environment?: Record<string, string>
  volumes?: string[]
  depends_on?: Record<string, unknown> | string[]
}
const compose = parse(text('compose.yaml')) as {
  services: Record<string, Service>
  volumes: Record<string, unknown>
}
const services = Object.entries(compose.services)

it('knows the settings of the service', () => {
  expect([...known]).toEqual(expect.arrayContaining(['PORT', 'DATABASE_URL', 'MASTER_KEY', 'TRUST_PROXY']))
})

describe('the container', () => {
  const copies = [...dockerfile.matchAll(/^COPY ((?:--\S+ )*)(.+)$/gm)].map(([, flags = '', paths = '']) => ({
    flags,
    from: paths.trim().split(/\s+/).slice(0, -1),
  }))

  it('copies what is there', () => {
    const own = copies.filter(({ flags }) => flags === '').flatMap(({ from }) => from)
    expect(own.length).toBeGreaterThan(10)
    expect(own.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })

  it('has the manifest of every workspace before it installs', () => {
    const { workspaces } = JSON.parse(text('package.json')) as { workspaces: string[] }
    for (const workspace of workspaces) expect(dockerfile).toContain(`COPY ${workspace}/package.json`)
  })

  it('runs on the Node that the repository names', () => {
    const { devDependencies } = JSON.parse(text('package.json')) as {
      devDependencies: Record<string, string>
    }
    expect(/^ARG NODE=(\S+)$/m.exec(dockerfile)?.[1]).toBe(devDependencies['node'])
    expect(text('.nvmrc').trim()).toBe(devDependencies['node'])
  })

  it('sets what the service knows, and ends as a user without rights', () => {
    const names = [...dockerfile.matchAll(/^(?:ENV| {4}) ?([A-Z_]+)=/gm)].map(([, name]) => name)
    expect(names).toContain('DATA_DIR')
    expect(names.filter((name) => !known.has(name ?? ''))).toEqual([])
    expect([...dockerfile.matchAll(/^USER (\S+)$/gm)].map(([, user]) => user)).toEqual(['node'])
  })
})

describe('compose.yaml', () => {
  it('sets what the service knows', () => {
    const names = Object.keys(compose.services['bridge']?.environment ?? {})
    expect(names).toContain('PUBLIC_URL')
    expect(names.filter((name) => !known.has(name))).toEqual([])
  })

  it('declares its volumes, and waits for services it has', () => {
    const used = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]))
    expect([...used].sort()).toEqual(Object.keys(compose.volumes).sort())
    for (const [, { depends_on: waits = [] }] of services)
      for (const name of Array.isArray(waits) ? waits : Object.keys(waits))
        expect(Object.keys(compose.services)).toContain(name)
  })

  it('asks for nothing that the example of settings leaves out, and the other way round', () => {
    const asked = new Set([...text('compose.yaml').matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name))
    const given = [...text('deploy/crosswalk.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name)
    expect(given.sort()).toEqual([...asked].sort())
  })
})

describe('the unit of systemd', () => {
  it('starts a file that is there, with settings the service knows', () => {
    const script = /^ExecStart=\S+ (\S+)$/m.exec(unit)?.[1] ?? ''
    expect(existsSync(join(ROOT, script))).toBe(true)
    const names = [...unit.matchAll(/^Environment=([A-Z_]+)=/gm)].map(([, name]) => name)
    expect(names.length).toBeGreaterThan(1)
    expect(names.filter((name) => !known.has(name ?? ''))).toEqual([])
  })
})
