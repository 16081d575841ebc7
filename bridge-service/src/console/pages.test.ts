import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import helmet from 'helmet'
import supertest from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CONTENT_POLICY, consolePages } from './pages.ts'

let root = ''
const visit = (folder: string) =>
  supertest(
    express()
      .use(helmet({ contentSecurityPolicy: CONTENT_POLICY }))
      .use(consolePages(join(root, folder))),
  )

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'crosswalk-pages-'))
  await mkdir(join(root, 'built'))
  await writeFile(join(root, 'built', 'index.html'), '<meta name="style-nonce" content="%NONCE%" />')
  await writeFile(join(root, 'built', 'console.js'), `// ${'x'.repeat(4_000)}`)
})
afterAll(() => rm(root, { recursive: true, force: true }))

describe('the console', () => {
  it('has a new nonce for its styles in every answer, and never one for code', async () => {
    const seen = new Set<string>()
    for (let turn = 0; turn < 2; turn++) {
      const { text, headers } = await visit('built').get('/').expect(200)
      const policy = headers['content-security-policy'] ?? ''
      const nonce = /style-src 'self' 'nonce-([\w+/=]{22,})'/.exec(policy)?.[1] ?? ''
      expect(text).toContain(`content="${nonce}"`)
      expect(policy).toMatch(/script-src 'self'(;|$)/)
      expect(policy).not.toContain('unsafe')
      expect(headers['cache-control']).toBe('no-store')
      seen.add(nonce)
    }
    expect(seen.size).toBe(2)
  })

  it('sends its files small, and to be kept where they have their version in their address', async () => {
    const { headers } = await visit('built').get('/console.js?v=1').expect(200)
    expect(headers['content-encoding']).toBe('gzip')
    expect(headers['cache-control']).toContain('immutable')
    expect(headers['content-security-policy']).toMatch(/style-src 'self'(;|$)/)
    const { headers: bare } = await visit('built').get('/console.js').expect(200)
    expect(bare['cache-control']).not.toContain('immutable')
  })

  it('says that it is being built until it is there, and looks again by itself', async () => {
    const { text, headers } = await visit('missing').get('/').expect(200)
    expect(text).toContain('The console is being built')
    expect(headers['cache-control']).toBe('no-store')
    const { text: script } = await visit('missing').get('/building/building.js').expect(200)
    expect(script).toContain('location.reload()')
    await visit('missing').get('/console.js').expect(404)
  })
})
