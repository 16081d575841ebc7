import express from 'express'
import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { reachedAt, type Reached } from './reached.ts'

async function reached(at: {
  host: string
  publicUrl?: string
  headers?: Record<string, string>
  trust?: boolean
}): Promise<Reached> {
  const app = express()
  app.set('trust proxy', at.trust === true ? 1 : 0)
  app.get('/', (request, response) => void response.json(reachedAt(request, at.publicUrl ?? null)))
  const { body } = await supertest(app)
    .get('/')
    .set({ ...at.headers, host: at.host })
  return body as Reached
}

const HTTPS = { name: '__Host-crosswalk', secure: true }
const PUBLIC = 'https://bridge.example.com'

describe('F3 the cookie that fits where the console is open', () => {
  it.each([
    ['the public https address', { host: 'bridge.example.com', publicUrl: PUBLIC }],
    ['a page of it behind a proxy that changes the host', { host: '127.0.0.1:8787', publicUrl: PUBLIC, headers: { origin: PUBLIC } }],
    ['a trusted proxy that says https', { host: 'bridge.example.com', trust: true, headers: { 'x-forwarded-proto': 'https' } }],
  ])('F3 %s: only over https', async (_name, at) => {
    expect((await reached(at)).cookie).toEqual(HTTPS)
  }) // prettier-ignore

  it.each([
    ['localhost:8787', 'crosswalk-8787'],
    ['127.0.0.1:9000', 'crosswalk-9000'],
    ['[::1]:9001', 'crosswalk-9001'],
    ['localhost', 'crosswalk-80'],
  ])('F3 %s, on this machine: a name of its own, for cookies do not tell ports apart', async (host, name) => {
    expect(await reached({ host })).toEqual({ cookie: { name, secure: false }, origins: [`http://${host}`] })
    expect((await reached({ host, publicUrl: PUBLIC })).cookie).toEqual({ name, secure: false })
  })

  it.each([
    ['192.168.1.20:8787', {}],
    ['localhost.example.com', {}],
    ['127.0.0.1.example.com', {}],
    ['bridge.example.com', { 'x-forwarded-proto': 'https' }],
  ])('F3 %s over plain http, with a header nobody vouches for: none', async (host, headers) => {
    expect((await reached({ host, headers })).cookie).toBeNull()
  })
})
