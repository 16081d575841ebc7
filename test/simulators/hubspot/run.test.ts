import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const post = async (url: string, body: unknown): Promise<unknown> =>
  (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).json()

describe('the simulator as a process', () => {
  it('prints its address, obeys the control routes and stops on SIGTERM', async () => {
    const options = [
      '--no-limits',
      '--no-record',
      '--search-lag',
      '0',
      '--port',
      '0',
      '--client',
      'app-1,s,https://bridge.example.test/cb',
    ]
    const child = spawn(process.execPath, [join(import.meta.dirname, 'run.ts'), ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
    const { url } = JSON.parse(line) as { url: string }
    const verb = (name: string, body: unknown) => post(`${url}/__sim/${name}`, body)

    const order = (await verb('createRecord', {
      objectType: 'orders',
      properties: { hs_external_order_id: '1' },
    })) as { id: string }
    await verb('createRecord', { objectType: 'orders', properties: { hs_external_order_id: '1' } })
    const association = {
      to: { id: order.id },
      types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 514 }],
    }
    await verb('createRecord', {
      objectType: 'line_items',
      properties: { name: 'x' },
      associations: [association],
    })
    await verb('createRecord', { objectType: 'line_items', properties: { name: 'alone' } })
    expect(await verb('summary', { options: { duplicatesBy: { orders: 'hs_external_order_id' } } })).toEqual({
      counts: { orders: 2, line_items: 2 },
      archived: {},
      lineItemsPerOrder: { '0': 1, '1': 1 },
      orphanLineItems: 1,
      ordersWithoutContact: 2,
      duplicates: { orders: { property: 'hs_external_order_id', values: ['1'] } },
    })
    expect(await verb('all', { objectType: 'orders' })).toHaveLength(2)
    const code = await verb('issueCode', {
      clientId: 'app-1',
      redirectUri: 'https://bridge.example.test/cb',
      scopes: [],
    })
    expect(code).toMatch(/^na1-/)

    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
  })
})
