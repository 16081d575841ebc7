import type { Context } from '../sdk/index.ts'
import { factsOf } from './facts.ts'
import { OBJECT_TYPES, type ObjectName } from './object-types.ts'

/** Link to a record's page; null until the account is known. */
export function recordUrl(object: ObjectName, id: string, context: Pick<Context, 'facts'>): string | null {
  const { uiDomain, portalId } = factsOf(context)
  if (uiDomain === undefined || portalId === undefined) return null
  return `https://${uiDomain}/contacts/${portalId}/record/${OBJECT_TYPES[object].typeId}/${encodeURIComponent(id)}`
}
