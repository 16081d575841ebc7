import { z } from 'zod'
import { ConnectorError, type Reply } from '../sdk/index.ts'
import type { HubSpotFacts, PipelineFact, PropertyFact } from './facts.ts'

const AccountShape = z.looseObject({
  portalId: z.int().positive(),
  accountType: z.string().optional(),
  timeZone: z.string().optional(),
  companyCurrency: z.string().nullish(),
  additionalCurrencies: z.array(z.string()).nullish(),
  uiDomain: z.string().optional(),
})

const malformed = (what: string, reply: Reply, cause: unknown): ConnectorError =>
  new ConnectorError({
    kind: 'malformed',
    publicMessage: `HubSpot described ${what} in a form that is not known.`,
    status: reply.status,
    body: reply.body,
    cause,
  })

/** The account's details as facts. @throws ConnectorError `malformed` */
export function readAccount(reply: Reply): HubSpotFacts & { portalId: number } {
  const parsed = AccountShape.safeParse(reply.body)
  if (!parsed.success) throw malformed('the account', reply, parsed.error)
  const { portalId, accountType, timeZone, companyCurrency, additionalCurrencies, uiDomain } = parsed.data
  return {
    portalId,
    ...(accountType === undefined ? {} : { accountType }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(companyCurrency ? { currency: companyCurrency } : {}),
    additionalCurrencies: additionalCurrencies ?? [],
    ...(uiDomain === undefined ? {} : { uiDomain }),
  }
}

const OptionShape = z.looseObject({ label: z.string(), value: z.string(), hidden: z.boolean().optional() })
const PropertiesShape = z.looseObject({
  results: z.array(
    z.looseObject({
      name: z.string(),
      label: z.string().default(''),
      type: z.string(),
      fieldType: z.string().default(''),
      groupName: z.string().default(''),
      hidden: z.boolean().default(false),
      hasUniqueValue: z.boolean().default(false),
      calculated: z.boolean().default(false),
      showCurrencySymbol: z.boolean().nullish(),
      numberDisplayHint: z.string().nullish(),
      externalOptions: z.boolean().nullish(),
      modificationMetadata: z.looseObject({ readOnlyValue: z.boolean().default(false) }).nullish(),
      options: z.array(OptionShape).nullish(),
    }),
  ),
})
type Definition = z.infer<typeof PropertiesShape>['results'][number]

/** Longer lists (time zones, industries) would weigh more than they help. */
const MAX_OPTIONS = 300

function compact(definition: Definition): PropertyFact {
  const readOnly = definition.calculated || definition.modificationMetadata?.readOnlyValue === true
  const options = (definition.options ?? []).filter((option) => option.hidden !== true)
  const keepOptions = !readOnly && definition.type === 'enumeration' && options.length <= MAX_OPTIONS
  const isMoney = definition.showCurrencySymbol === true || definition.numberDisplayHint === 'currency'
  return {
    label: definition.label === '' ? definition.name : definition.label,
    type: definition.type,
    group: definition.groupName,
    ...(readOnly ? { readOnly } : {}),
    ...(definition.hasUniqueValue ? { unique: true as const } : {}),
    ...(definition.type === 'enumeration' && definition.fieldType === 'checkbox'
      ? { multiple: true as const }
      : {}),
    ...(definition.type === 'number' && isMoney ? { money: true as const } : {}),
    ...(keepOptions && options.length > 0
      ? { options: options.map(({ value, label }) => [value, label] as const) }
      : {}),
  }
}

/** An object's properties as facts, by name; hidden ones that nothing can write to are left out. */
export function readProperties(reply: Reply): Record<string, PropertyFact> {
  const parsed = PropertiesShape.safeParse(reply.body)
  if (!parsed.success) throw malformed('its properties', reply, parsed.error)
  const entries = parsed.data.results.map((definition) => ({ definition, fact: compact(definition) }))
  return Object.fromEntries(
    entries
      .filter(({ definition, fact }) => !(definition.hidden && fact.readOnly))
      .map(({ definition, fact }) => [definition.name, fact]),
  )
}

const PipelinesShape = z.looseObject({
  results: z.array(
    z.looseObject({
      id: z.coerce.string(),
      label: z.string(),
      displayOrder: z.number().default(0),
      archived: z.boolean().default(false),
      stages: z.array(
        z.looseObject({
          id: z.coerce.string(),
          label: z.string(),
          displayOrder: z.number().default(0),
          archived: z.boolean().default(false),
          metadata: z.record(z.string(), z.unknown()).default({}),
        }),
      ),
    }),
  ),
})
type Stage = z.infer<typeof PipelinesShape>['results'][number]['stages'][number]

/** A deal's stage is closed at probability 0 (lost) or 1 (won); an order's by its state, which tells no more. */
function stageFact({ id, label, metadata }: Stage): PipelineFact['stages'][number] {
  if (metadata['state'] !== undefined) return { id, label, closed: metadata['state'] === 'CLOSED', won: null }
  const probability = Number(metadata['probability'] ?? Number.NaN)
  const closed = probability === 0 || probability === 1
  return { id, label, closed, won: closed ? probability === 1 : null }
}

const inOrder = <T extends { displayOrder: number; archived: boolean }>(list: readonly T[]): T[] =>
  list.filter((one) => !one.archived).sort((a, b) => a.displayOrder - b.displayOrder)

/** Pipelines and stages in their order. @throws ConnectorError `malformed` */
export function readPipelines(reply: Reply): PipelineFact[] {
  const parsed = PipelinesShape.safeParse(reply.body)
  if (!parsed.success) throw malformed('its pipelines', reply, parsed.error)
  return inOrder(parsed.data.results).map(({ id, label, stages }) => ({
    id,
    label,
    stages: inOrder(stages).map(stageFact),
  }))
}
