import type { Conversation, Facts, Finding } from '../sdk/index.ts'
import { ConnectorError } from '../sdk/index.ts'
import { readPipelines, readProperties } from './account.ts'
import { readError } from './error-body.ts'
import { factsOf, type HubSpotContext, type PipelineFact, type PropertyFact } from './facts.ts'
import { KEY_PROPERTY, NATURAL_KEY, OBJECT_NAMES, OBJECT_TYPES, type ObjectName } from './object-types.ts'
import { pipelinesPath, propertiesPath } from './paths.ts'
import { PROPERTIES, PROPERTY_GROUP, type PropertyDefinition } from './properties.ts'
import { OBJECT_SCOPES } from './scopes.ts'

type Known = Record<string, PropertyFact>

/**
 * Makes our properties where they are missing and reads what the portal has: property definitions, which keys are
 * unique, pipelines. Repeatable; two bridges preparing one portal at once end the same.
 */
export function* prepare(
  context: HubSpotContext,
): Conversation<{ facts: Facts; findings: readonly Finding[] }> {
  const readable = factsOf(context).objects
  const properties: Partial<Record<ObjectName, Known>> = {}
  const unique: Partial<Record<ObjectName, boolean>> = {}
  const findings: Finding[] = []
  for (const object of OBJECT_NAMES) {
    if (readable?.[object] === false) continue
    const known = yield* prepareObject(object, context, findings)
    if (known === null) continue
    properties[object] = known
    unique[object] = isUnique(object, known)
    findings.push(...keyFindings(object, known))
  }
  const pipelines: { deals?: PipelineFact[]; orders?: PipelineFact[] } = {}
  for (const object of ['deals', 'orders'] as const) {
    if (properties[object] === undefined) continue
    pipelines[object] = readPipelines(yield { path: pipelinesPath(context, object) })
  }
  return {
    facts: { ...context.facts, properties, unique, pipelines },
    findings: oneDocumentIsEnough(findings, properties),
  }
}

/** Orders go to deals or to orders: what fails for one of them holds nobody up while the other can be written. */
function oneDocumentIsEnough(
  findings: readonly Finding[],
  properties: Partial<Record<ObjectName, Known>>,
): Finding[] {
  const ready = (['deals', 'orders'] as const).some((object) =>
    Object.hasOwn(properties[object] ?? {}, KEY_PROPERTY),
  )
  const isDocument = (id: string) => id === 'properties-deals' || id === 'properties-orders'
  return findings.map((finding) =>
    ready && isDocument(finding.id) ? { ...finding, state: 'warning', blocking: false } : finding,
  )
}

/** HubSpot holds contacts apart by e-mail address whatever the definition says. */
const isUnique = (object: ObjectName, known: Known): boolean =>
  object === 'contacts' || known[NATURAL_KEY[object]]?.unique === true

/** The object's properties after ours were made, or null where they cannot be read. */
function* prepareObject(
  object: ObjectName,
  context: HubSpotContext,
  findings: Finding[],
): Conversation<Known | null> {
  let known: Known
  try {
    known = readProperties(yield { path: propertiesPath(context, object) })
  } catch (error) {
    if (!isForbidden(error)) throw error
    findings.push(missingScope(object, 'read'))
    return null
  }
  const missing = PROPERTIES[object].filter(({ name }) => !Object.hasOwn(known, name))
  if (missing.length === 0) return known
  try {
    yield* ensureGroup(object, context)
    yield* createMissing(object, missing, context)
  } catch (error) {
    if (!isForbidden(error)) throw error
    findings.push(missingScope(object, 'write'))
    return known
  }
  return readProperties(yield { path: propertiesPath(context, object) })
}

const isForbidden = (error: unknown): boolean => error instanceof ConnectorError && error.kind === 'forbidden'

const missingScope = (object: ObjectName, what: 'read' | 'write'): Finding => ({
  id: `properties-${object}`,
  state: NATURAL_KEY[object] === KEY_PROPERTY ? 'failed' : 'warning',
  text: `Cannot ${what === 'read' ? 'read' : 'add'} properties of ${OBJECT_TYPES[object].plural}.`,
  remedy: `Give the key the scope ${what === 'read' ? OBJECT_SCOPES[object].read : OBJECT_SCOPES[object].schema}, then check again.`,
  blocking: NATURAL_KEY[object] === KEY_PROPERTY && object !== 'companies',
})

function* ensureGroup(object: ObjectName, context: HubSpotContext): Conversation<void> {
  const found = yield {
    path: propertiesPath(context, object, `/groups/${PROPERTY_GROUP.name}`),
    accept: [404],
  }
  if (found.status !== 404) return
  // Made by somebody else meanwhile is as good: 409, or a 400 that says so.
  const made = yield {
    method: 'POST',
    path: propertiesPath(context, object, '/groups'),
    body: PROPERTY_GROUP,
    accept: [400, 409],
  }
  if (made.status === 400 && !saysExists(made.body)) throw refused(object, PROPERTY_GROUP.name, made.body)
}

const inGroup = (definition: PropertyDefinition) => ({ ...definition, groupName: PROPERTY_GROUP.name })

/** All at once; what a partial or refused answer left out, one by one, so that the reason of each is known. */
function* createMissing(
  object: ObjectName,
  missing: readonly PropertyDefinition[],
  context: HubSpotContext,
): Conversation<void> {
  const reply = yield {
    method: 'POST',
    path: propertiesPath(context, object, '/batch/create'),
    body: { inputs: missing.map(inGroup) },
    accept: [400, 409],
  }
  if (reply.status === 201 || reply.status === 200) return
  const known = readProperties(yield { path: propertiesPath(context, object) })
  for (const definition of missing) {
    if (!Object.hasOwn(known, definition.name)) yield* createOne(object, definition, context)
  }
}

/** A key that may not be unique here (a full quota, an object without unique properties) is made a plain one. */
function* createOne(
  object: ObjectName,
  definition: PropertyDefinition,
  context: HubSpotContext,
): Conversation<void> {
  const reply = yield {
    method: 'POST',
    path: propertiesPath(context, object),
    body: inGroup(definition),
    accept: [400, 409],
  }
  if (reply.status < 300 || reply.status === 409 || saysExists(reply.body)) return
  if (definition.hasUniqueValue !== true) throw refused(object, definition.name, reply.body)
  const { hasUniqueValue: _, ...plain } = definition
  yield* createOne(object, plain, context)
}

/** HubSpot does not document how it says that a name is taken. */
const saysExists = (body: unknown): boolean => {
  const { codes, messages } = readError(body)
  return codes.some((code) => /EXISTS|CONFLICT/.test(code)) || messages.some((m) => /already exists/i.test(m))
}

const refused = (object: ObjectName, name: string, body: unknown): ConnectorError =>
  new ConnectorError({
    kind: 'invalid',
    publicMessage: `HubSpot refused the property ${name} of ${OBJECT_TYPES[object].plural}.`,
    status: 400,
    vendorCode: readError(body).codes[0],
    fields: [name],
    body,
  })

/** Without a unique key, a lost answer is looked up by the search, which lags. */
function keyFindings(object: ObjectName, known: Known): Finding[] {
  const key = NATURAL_KEY[object]
  if (!Object.hasOwn(known, key) || isUnique(object, known)) return []
  const { plural } = OBJECT_TYPES[object]
  return [
    {
      id: `unique-${object}`,
      state: 'warning',
      text: `The property ${key} of ${plural} is not unique in this account, so ${plural} are found by search, which is slower.`,
      remedy:
        object === 'products'
          ? 'Nothing has to be done.'
          : `Free one of the ten unique properties of ${plural}, remove ${key}, and check again.`,
      blocking: false,
    },
  ]
}
