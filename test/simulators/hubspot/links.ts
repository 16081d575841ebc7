import { LINE_ITEM_PARENTS, type LinkType } from './association-types.ts'
import { ApiError, validationError } from './errors.ts'
import { findLive, storeOf, type Account, type SimRecord } from './state.ts'

/** An association that is checked and may be written. */
export interface PlannedLink {
  to: SimRecord
  types: LinkType[]
}

function addOneWay(from: SimRecord, to: SimRecord, typeId: number): boolean {
  const byType = from.links.get(to.type.name) ?? new Map<string, number[]>()
  from.links.set(to.type.name, byType)
  const ids = byType.get(to.id)
  if (!ids) byType.set(to.id, [typeId])
  else if (!ids.includes(typeId)) ids.push(typeId)
  else return false
  return true
}

function removeOneWay(from: SimRecord, toType: string, toId: string, typeIds: number[] | null): boolean {
  const byType = from.links.get(toType)
  const ids = byType?.get(toId)
  if (!byType || !ids) return false
  const left = typeIds === null ? [] : ids.filter((id) => !typeIds.includes(id))
  if (left.length === 0) byType.delete(toId)
  else byType.set(toId, left)
  return left.length < ids.length
}

function announce(account: Account, from: SimRecord, to: SimRecord, type: LinkType, removed: boolean): void {
  if (!account.emit) return
  const event = (one: SimRecord, other: SimRecord, associationTypeId: number) =>
    account.emit?.({
      kind: 'associationChange',
      type: one.type,
      objectId: one.id,
      sourceId: 'API',
      extra: {
        fromObjectId: Number(one.id),
        toObjectId: Number(other.id),
        fromObjectTypeId: one.type.typeId,
        toObjectTypeId: other.type.typeId,
        associationTypeId,
        associationCategory: type.category,
        associationRemoved: removed,
        isPrimaryAssociation: type.primary,
      },
    })
  event(from, to, type.id)
  event(to, from, type.reverse)
}

/** The record a line item belongs to, as `orders:394…`, or undefined. */
export function parentOf(lineItem: SimRecord): string | undefined {
  for (const parent of LINE_ITEM_PARENTS) {
    const id = lineItem.links.get(parent)?.keys().next().value
    if (id !== undefined) return `${parent}:${id}`
  }
  return undefined
}

function lineItemAndParent(one: SimRecord, other: SimRecord): [SimRecord, SimRecord] | null {
  if (one.type.name === 'line_items' && LINE_ITEM_PARENTS.has(other.type.name)) return [one, other]
  if (other.type.name === 'line_items' && LINE_ITEM_PARENTS.has(one.type.name)) return [other, one]
  return null
}

/**
 * Refuses a second parent for a line item.
 * @param claims line items that get their parent in the same call and the parent they get
 * @throws ApiError 400
 */
export function checkParent(one: SimRecord, other: SimRecord, claims?: Map<string, string>): void {
  const pair = lineItemAndParent(one, other)
  if (!pair) return
  const [lineItem, parent] = pair
  const wanted = `${parent.type.name}:${parent.id}`
  const held = parentOf(lineItem) ?? claims?.get(lineItem.id)
  if (held !== undefined && held !== wanted) {
    throw validationError(
      `Line item ${lineItem.id} is already associated with ${held.replace(':', ' ')}; a line item belongs to one parent`,
    )
  }
  claims?.set(lineItem.id, wanted)
}

/** Takes the primary mark from every company but the new one; the plain association stays. */
function dethrone(account: Account, from: SimRecord, to: SimRecord, type: LinkType): void {
  const fromCompany = from.type.name === 'companies'
  const [holder, companyId] = fromCompany ? [to, from.id] : [from, to.id]
  const [primaryId, backId] = fromCompany ? [type.reverse, type.id] : [type.id, type.reverse]
  for (const otherId of [...(holder.links.get('companies')?.keys() ?? [])]) {
    if (otherId === companyId) continue
    removeOneWay(holder, 'companies', otherId, [primaryId])
    const other = findLive(storeOf(account, 'companies'), otherId)
    if (other) removeOneWay(other, holder.type.name, holder.id, [backId])
  }
}

/** Writes one association in both directions; a new primary company takes the place of the old one. */
export function writeLink(account: Account, from: SimRecord, to: SimRecord, wanted: LinkType[]): void {
  const primary = wanted.find((type) => type.primary)
  if (primary) dethrone(account, from, to, primary)
  const plain = primary ? account.linkTypes.between(from.type.name, to.type.name).slice(0, 1) : []
  for (const type of new Set([...wanted, ...plain])) {
    const added = addOneWay(from, to, type.id)
    addOneWay(to, from, type.reverse)
    if (added) announce(account, from, to, type, false)
  }
}

/** Removes associations between two records; `typeIds` null removes all. */
export function removeLink(account: Account, from: SimRecord, to: SimRecord, types: LinkType[] | null): void {
  const before = from.links.get(to.type.name)?.get(to.id) ?? []
  removeOneWay(from, to.type.name, to.id, types && types.map((type) => type.id))
  removeOneWay(to, from.type.name, from.id, types && types.map((type) => type.reverse))
  for (const type of account.linkTypes.between(from.type.name, to.type.name)) {
    if (before.includes(type.id) && (types === null || types.includes(type)))
      announce(account, from, to, type, true)
  }
}

/** Takes an archived record out of the other sides' lists; its own list stays for a restore. */
export function detach(account: Account, record: SimRecord): void {
  for (const [typeName, byId] of record.links) {
    for (const id of byId.keys()) {
      const other = storeOf(account, typeName).records.get(id)
      if (other) removeOneWay(other, record.type.name, record.id, null)
    }
  }
}

/** Puts a restored record back into the lists of those it was linked to and drops links to records gone since. */
export function reattach(account: Account, record: SimRecord): void {
  for (const [typeName, byId] of record.links) {
    for (const [id, typeIds] of byId) {
      const other = findLive(storeOf(account, typeName), id)
      if (!other) byId.delete(id)
      else
        for (const type of plannedTypes(account, record, other, typeIds))
          addOneWay(other, record, type.reverse)
    }
  }
}

const plannedTypes = (account: Account, from: SimRecord, to: SimRecord, typeIds: number[]): LinkType[] =>
  typeIds.flatMap((id) => account.linkTypes.byId(from.type.name, to.type.name, id) ?? [])

/**
 * Reads a list of `{associationCategory, associationTypeId}` for one pair of objects.
 * @throws ApiError 400 for a type that does not exist between the two
 */
export function readTypes(account: Account, from: string, to: string, input: unknown): LinkType[] {
  if (!Array.isArray(input) || input.length === 0)
    throw validationError('At least one association type is required')
  return input.map((entry: { associationCategory?: unknown; associationTypeId?: unknown } | null) => {
    const id = Number(entry?.associationTypeId)
    const type = account.linkTypes.byId(from, to, id)
    if (!type || type.category !== entry?.associationCategory) {
      const category = String(entry?.associationCategory)
      throw validationError(`No association type ${category} ${id} exists between ${from} and ${to}`, {
        context: { associationTypeId: [String(id)] },
      })
    }
    return type
  })
}

interface InlineAssociation {
  to?: { id?: unknown } | null
  types?: unknown
}

/**
 * Reads the `associations` of a create. The target's object follows from the type ids, as HubSpot does it.
 * @throws ApiError 400 for an unknown type id or a record that is not there
 */
export function planInline(account: Account, from: string, input: unknown): PlannedLink[] {
  if (input === undefined || input === null) return []
  if (!Array.isArray(input)) throw validationError('Invalid input JSON: associations must be an array')
  return input.map((entry: InlineAssociation) => {
    const first = Array.isArray(entry?.types)
      ? (entry.types[0] as { associationTypeId?: unknown } | undefined)
      : undefined
    const target = account.linkTypes.from(from, Number(first?.associationTypeId))?.to
    if (target === undefined) {
      throw validationError(`Invalid association type id ${String(first?.associationTypeId)} for ${from}`, {
        context: { associationTypeId: [String(first?.associationTypeId)] },
      })
    }
    const types = readTypes(account, from, target, entry.types)
    const id = String(entry.to?.id ?? '')
    const to = findLive(storeOf(account, target), id)
    if (!to) {
      throw new ApiError(
        400,
        'VALIDATION_ERROR',
        `Cannot associate with ${target} ${id}: the record does not exist`,
        {
          context: { id: [id] },
        },
      )
    }
    return { to, types }
  })
}
