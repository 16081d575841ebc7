import { describe, expect, it } from 'vitest'
import { ApiError, contract, createClient, pathOf } from './index.ts'

const state = { state: 'off', text: '', connections: [], flowId: null }

describe('the client', () => {
  it('sends what the endpoint asks for and gives what it answers', async () => {
    const sent: unknown[] = []
    const client = createClient(contract, async (request) => {
      sent.push(request)
      return { status: 200, json: { accepted: 1, runs: [] } }
    })
    const body = { flowId: 'flow_1', externalIds: ['7'] }
    expect(await client.failures.retry({ body })).toEqual({ accepted: 1, runs: [] })
    expect(sent).toEqual([{ method: 'POST', path: '/failures/retry', body }])
  })

  it('fills in paths and queries, whatever is in them', () => {
    expect(pathOf(contract.records.get, { params: { flowId: 'flow_1', externalId: 'a/b?c#d' } })).toBe(
      '/flows/flow_1/records/a%2Fb%3Fc%23d',
    )
    expect(pathOf(contract.records.list, { query: { search: 'a&b=c', limit: 5, cursor: undefined } })).toBe(
      '/records?search=a%26b%3Dc&limit=5',
    )
  })

  it('throws what the service said, and something plain where it said nothing of the kind', async () => {
    const answering = (status: number, json: unknown) =>
      createClient(contract, async () => ({ status, json })).demo.get()
    const issues = [{ path: ['body', 'kind'], message: 'no', expected: 'yes' }]
    await expect(
      answering(400, { error: { code: 'bad_request', message: 'no', issues } }),
    ).rejects.toMatchObject({ name: 'ApiError', status: 400, code: 'bad_request', issues })
    await expect(answering(502, '<html>')).rejects.toThrow('The bridge answered with status 502.')
    await expect(answering(502, '<html>')).rejects.toBeInstanceOf(ApiError)
  })

  it('takes no answer that breaks its schema, and drops what is not in it', async () => {
    const answering = (json: unknown) =>
      createClient(contract, async () => ({ status: 200, json })).demo.get()
    await expect(answering({ ...state, state: 'odd' })).rejects.toThrow()
    expect(await answering({ ...state, secret: 'x' })).toEqual(state)
  })
})

describe('the contract', () => {
  it('has no two endpoints on one method and path', () => {
    const places = Object.values(contract).flatMap((group) =>
      Object.values(group).map((one) => `${one.method} ${one.path.replace(/:\w+/g, ':x')}`),
    )
    expect(new Set(places).size).toBe(places.length)
  })

  it('has a schema for every parameter in a path', () => {
    for (const group of Object.values(contract)) {
      for (const { path, params } of Object.values(group)) {
        const names = [...path.matchAll(/:(\w+)/g)].map((match) => match[1])
        expect(Object.keys(params?.shape ?? {}).sort(), path).toEqual(names.sort())
      }
    }
  })
})
