import {
  ConnectorError,
  type CheckReport,
  type Conversation,
  type Finding,
  type Reply,
} from '../sdk/index.ts'
import { readAccount } from './account.ts'
import type { HubSpotContext, HubSpotFacts } from './facts.ts'
import { OBJECT_NAMES, OBJECT_TYPES, type ObjectName } from './object-types.ts'
import { accountPath, objectsPath } from './paths.ts'
import { OBJECT_SCOPES } from './scopes.ts'

const RECONNECT = 'Connect HubSpot again, or put in a key that is in force.'

/** What a failed account call means for the person who connects. Failures that pass by themselves go on as errors. */
function accountFinding(error: ConnectorError): Finding | undefined {
  const finding = (id: string, text: string, remedy: string): Finding => ({
    id,
    state: 'failed',
    text,
    remedy,
    blocking: true,
  })
  if (error.kind === 'forbidden') {
    return finding(
      'account-scope',
      'The key may not read which HubSpot account it belongs to.',
      'Give it the scope oauth, or make a new key.',
    )
  }
  if (error.kind !== 'unauthorized') return undefined
  if (error.vendorCode === 'EXPIRED_AUTHENTICATION') {
    return finding('expired', 'The HubSpot access has expired.', RECONNECT)
  }
  return finding('wrong-token', 'HubSpot does not know this key.', RECONNECT)
}

/** Calls per ten seconds the account grants, as its answers tell; null where one does not. */
function rateLimitMax(reply: Reply): number | null {
  const interval = reply.headers['x-hubspot-ratelimit-interval-milliseconds'] ?? '10000'
  const max = Number(reply.headers['x-hubspot-ratelimit-max'])
  return interval === '10000' && Number.isInteger(max) && max > 0 ? max : null
}

/** Reads one record of an object: true when the key may, false when it may not or the account has no such object. */
function* mayRead(
  object: ObjectName,
  context: HubSpotContext,
): Conversation<{ may: boolean; max: number | null }> {
  try {
    const reply = yield { path: objectsPath(context, object), query: { limit: '1' } }
    return { may: true, max: rateLimitMax(reply) }
  } catch (error) {
    if (error instanceof ConnectorError && (error.kind === 'forbidden' || error.kind === 'not_found')) {
      return { may: false, max: null }
    }
    throw error
  }
}

/**
 * Findings on objects: orders go to deals or to orders, so one of the two is enough; without companies, orders of
 * businesses go to their contact alone.
 */
function objectFindings(objects: Readonly<Record<ObjectName, boolean>>): Finding[] {
  const hasDocument = objects.deals || objects.orders
  return OBJECT_NAMES.map((object) => {
    const { plural } = OBJECT_TYPES[object]
    if (objects[object]) {
      return { id: `read-${object}`, state: 'ok', text: `Can read ${plural}.`, remedy: '', blocking: false }
    }
    const optional = object === 'companies' || ((object === 'deals' || object === 'orders') && hasDocument)
    return {
      id: `read-${object}`,
      state: optional ? 'warning' : 'failed',
      text: `Cannot read ${plural}: the scope ${OBJECT_SCOPES[object].read} is missing.`,
      remedy: `Give the key the scopes ${[...new Set([OBJECT_SCOPES[object].read, OBJECT_SCOPES[object].write])].join(' and ')}, then connect again.`,
      blocking: !optional,
    }
  })
}

/**
 * The connect check: which account the key belongs to, and which objects it may read. Reads only.
 * @throws ConnectorError for failures that are not the key's (limits, an unavailable HubSpot)
 */
export function* check(context: HubSpotContext): Conversation<CheckReport> {
  let reply: Reply
  try {
    reply = yield { path: accountPath(context) }
  } catch (error) {
    const finding = error instanceof ConnectorError ? accountFinding(error) : undefined
    if (finding === undefined) throw error
    return { findings: [finding], origin: '', account: '', facts: context.facts }
  }
  const account = readAccount(reply)
  let max = rateLimitMax(reply)
  const objects = {} as Record<ObjectName, boolean>
  for (const object of OBJECT_NAMES) {
    const probe = yield* mayRead(object, context)
    objects[object] = probe.may
    max = probe.max ?? max
  }
  const facts: HubSpotFacts = {
    ...context.facts,
    ...account,
    objects,
    ...(max === null ? {} : { rateLimitMax: max }),
  }
  const signedIn: Finding = {
    id: 'account',
    state: 'ok',
    text: `Connected to HubSpot account ${account.portalId}.`,
    remedy: '',
    blocking: false,
  }
  return {
    findings: [signedIn, ...objectFindings(objects)],
    origin: `hubspot:${account.portalId}`,
    account: `HubSpot ${account.portalId}${account.accountType === undefined ? '' : ` (${account.accountType.toLowerCase().replaceAll('_', ' ')})`}`,
    facts: facts as CheckReport['facts'],
  }
}
