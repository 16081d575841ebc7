import type { Call, Conversation, PartInput, Reply, ResolvedRef } from '../sdk/index.ts'
import { ConnectorError } from '../sdk/index.ts'
import { classify } from './classify.ts'
import type { HubSpotContext, HubSpotFacts } from './facts.ts'
import { HubSpotSettings } from './settings.ts'

/** For this folder's tests: contexts, inputs, and conversations led with made-up answers. */
export const testContext = (facts: HubSpotFacts = {}): HubSpotContext => ({
  settings: HubSpotSettings.parse({}),
  facts: facts as HubSpotContext['facts'],
  origin: 'hubspot:42',
  now: new Date('2026-11-21T20:00:00Z'),
})

export const reply = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  body,
  headers,
})

export const part = (
  trace: string,
  draft: PartInput['draft'],
  more: { key?: string | null; id?: string | null; refs?: readonly ResolvedRef[] } = {},
): PartInput => ({ trace, draft, key: null, id: null, refs: [], ...more })

/**
 * Leads a conversation: each call is answered by `answer`. A status that is neither good nor accepted goes into it as
 * the error the runtime would make of it.
 */
export function lead<T>(
  conversation: Conversation<T>,
  answer: (call: Call) => Reply,
): { result: T; calls: Call[] } {
  const calls: Call[] = []
  let state = conversation.next()
  while (state.done !== true) {
    const call = state.value
    calls.push(call)
    const given = answer(call)
    if (given.status < 300 || call.accept?.includes(given.status) === true) {
      state = conversation.next(given)
      continue
    }
    const failure = classify(given, call)
    if (failure === undefined) throw new Error(`no reading of status ${given.status}`)
    state = conversation.throw(new ConnectorError({ ...failure, status: given.status, body: given.body }))
  }
  return { result: state.value, calls }
}

export const association = (
  role: 'company' | 'contact' | 'document',
  object: string,
  id: string,
  typeId: number,
) => ({ role, object, id, as: { kind: 'association', category: 'HUBSPOT_DEFINED', typeId } }) as const
