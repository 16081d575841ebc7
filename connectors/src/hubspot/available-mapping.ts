import type { MappingInput } from '@crosswalk/shared/mapping'
import type { Facts } from '../sdk/index.ts'
import { factsOf, type PropertyFact } from './facts.ts'
import type { ObjectName } from './object-types.ts'

type Part = MappingInput['parts'][string]
type Rule = Part['rules'][number]

/** Choices whose values are HubSpot's own or a standard's; what other choices take differs from account to account. */
const KNOWN_CHOICES = new Set([
  'pipeline', 'dealstage', 'hs_pipeline', 'hs_pipeline_stage',
  'deal_currency_code', 'hs_currency_code', 'hs_line_item_currency_code',
]) // prettier-ignore

function takes(rule: Rule, fact: PropertyFact | undefined): boolean {
  if (fact === undefined || fact.readOnly === true) return false
  return fact.type !== 'enumeration' || KNOWN_CHOICES.has(rule.target)
}

/**
 * A default mapping without rules for properties that the portal lacks, does not let be written, or has made a choice
 * of its own of. `objects` tells which object each part is written to. Without known properties it stays whole.
 */
export function availableMapping(
  mapping: MappingInput,
  objects: Readonly<Record<string, ObjectName>>,
  facts: Facts,
): MappingInput {
  const known = factsOf({ facts }).properties
  if (known === undefined) return mapping
  const available = (role: string, part: Part): Part => {
    const object = objects[role]
    const properties = object === undefined ? undefined : known[object]
    if (properties === undefined) return part
    const has = (name: string) => (Object.hasOwn(properties, name) ? properties[name] : undefined)
    return { ...part, rules: part.rules.filter((rule) => takes(rule, has(rule.target))) }
  }
  return {
    parts: Object.fromEntries(
      Object.entries(mapping.parts).map(([role, part]) => [role, available(role, part)]),
    ),
  }
}
