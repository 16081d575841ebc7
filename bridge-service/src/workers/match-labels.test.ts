import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConnectorError } from '@crosswalk/connectors/sdk'
import { memoryFlow, pipelineDeps, shopOrder } from '../pipeline/testing.ts'
import { crm, orders, place, store, sync, useWorld } from '../pipeline/testing-world.ts'
import { listCases } from '../store/match-cases.ts'
import { candidateName, matchLabels } from './match-labels.ts'
import { placeFlow } from './testing.ts'

useWorld({ beforeAll, beforeEach, afterAll })
beforeAll(() => placeFlow(store))

const labels = async () => {
  const rows = await listCases(store.db, { flowId: 'flow_1', limit: 50 })
  const flow = memoryFlow(orders, crm)
  return { rows, read: await matchLabels(flow, rows, AbortSignal.timeout(20_000), pipelineDeps(store)) }
}

describe('words for what people decide', () => {
  it('are read from both sides, and from neither where it does not answer', async () => {
    const ids = ['A. Jansen', 'Anna'].map((name) => crm.put('people', { email: 'buyer1@example.com', name }))
    place(shopOrder('1'))
    await sync('1')
    const { rows, read } = await labels()
    expect(read.cases.get(rows[0]?.id ?? '')).toMatch(/^Jo Jansen · buyer1@example\.com/)
    expect(ids.map((id) => read.candidates.get(candidateName('people', id))?.label)).toEqual(['A. Jansen', 'Anna']) // prettier-ignore
    expect(read.warning).toBeNull()
    crm.fail((op) => {
      if (op === 'read') throw new ConnectorError({ kind: 'unavailable', publicMessage: 'It is busy.' })
    })
    const half = (await labels()).read
    expect([half.cases.size, half.candidates.size, half.warning]).toEqual([1, 0, 'It is busy.'])
  })
})
