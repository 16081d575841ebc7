import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contract, handshake, signInContract } from '@crosswalk/shared/contract'
import { OPENAPI_FILE, openApiText } from '../scripts/generate-openapi.ts'

interface OpenApi {
  openapi: string
  paths: Record<string, Record<string, { operationId: string; responses: object }>>
  components: { schemas: Record<string, unknown> }
}

describe('the OpenAPI document', () => {
  const committed = readFileSync(OPENAPI_FILE, 'utf8')
  const document = JSON.parse(committed) as OpenApi

  it('is the one the contract gives; otherwise run: npm run generate', async () => {
    expect(
      committed === (await openApiText()),
      'bridge-service/openapi.json is stale; run: npm run generate',
    ).toBe(true)
  })

  it('holds every endpoint once', () => {
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
    const endpoints = Object.entries({ ...contract, handshake, ...signInContract }).flatMap(([group, of]) =>
      Object.keys(of).map((name) => `${group}.${name}`),
    )
    expect(operations.map((operation) => operation.operationId).sort()).toEqual(endpoints.sort())
  })

  it('has no reference that leads nowhere', () => {
    const names = [...committed.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
      (match) => match[1] as string,
    )
    expect(names.length).toBeGreaterThan(0)
    expect(names.filter((name) => document.components.schemas[name] === undefined)).toEqual([])
    expect(committed).not.toContain('#/$defs/')
  })
})
