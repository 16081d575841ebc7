import { z } from 'zod'
import { ConnectionId, FlowId } from './common.ts'
import { endpoint } from './endpoint.ts'

export const DemoState = z
  .object({
    state: z.enum(['off', 'starting', 'running', 'failed']),
    /** What is going on, in plain words. */
    text: z.string(),
    connections: z.array(ConnectionId),
    flowId: FlowId.nullable(),
  })
  .meta({ id: 'DemoState' })
export type DemoState = z.infer<typeof DemoState>

export const demo = {
  start: endpoint({
    method: 'POST',
    path: '/demo',
    summary: 'Connect a made-up shop and CRM with some hundred orders',
    status: 202,
    role: 'owner',
    response: DemoState,
  }),
  get: endpoint({ method: 'GET', path: '/demo', summary: 'How the demo stands', response: DemoState }),
}
