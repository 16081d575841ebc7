import type { Context } from '../sdk/index.ts'
import type { HubSpotSettings } from './settings.ts'
import type { ObjectName } from './object-types.ts'

export type HubSpotContext = Context<HubSpotSettings>

/** A property definition, without what nobody asks for. Absent flags are false. */
export interface PropertyFact {
  label: string
  /** HubSpot's own type: string, number, date, datetime, enumeration, bool, phone_number … */
  type: string
  group: string
  /** Calculated, or not writable by an integration. */
  readOnly?: true
  unique?: true
  /** An enumeration that takes several values. */
  multiple?: true
  money?: true
  /** Value and label. Absent where there are none, or too many to keep. */
  options?: readonly (readonly [value: string, label: string])[]
}

export interface PipelineFact {
  id: string
  label: string
  stages: readonly { id: string; label: string; closed: boolean; won: boolean | null }[]
}

/** What is learned of a portal by the connect check and by `prepare`. Every member may be missing. */
export interface HubSpotFacts {
  portalId?: number
  accountType?: string
  currency?: string
  additionalCurrencies?: readonly string[]
  /** Host of the portal's pages, such as app-eu1.hubspot.com. */
  uiDomain?: string
  /** IANA name; the daily limit ends at its midnight. */
  timeZone?: string
  /** Calls per ten seconds, as told by an answer's headers. */
  rateLimitMax?: number
  /** Which objects the key may read. */
  objects?: Readonly<Partial<Record<ObjectName, boolean>>>
  /** Whether the property with an object's natural key is unique, so that it finds records at once. */
  unique?: Readonly<Partial<Record<ObjectName, boolean>>>
  properties?: Readonly<Partial<Record<ObjectName, Readonly<Record<string, PropertyFact>>>>>
  pipelines?: Readonly<{ deals?: readonly PipelineFact[]; orders?: readonly PipelineFact[] }>
}

/** Facts are written by this connector alone and read as it wrote them. */
export const factsOf = (context: Pick<Context, 'facts'>): HubSpotFacts => context.facts as HubSpotFacts

/** The property's definition, or undefined where it is not known. */
export function propertyFact(
  context: Pick<Context, 'facts'>,
  object: ObjectName,
  name: string,
): PropertyFact | undefined {
  const known = factsOf(context).properties?.[object]
  return known !== undefined && Object.hasOwn(known, name) ? known[name] : undefined
}
