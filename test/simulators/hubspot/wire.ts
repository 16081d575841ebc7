import type { ObjectStore, SimRecord, Account } from './state.ts'
import { storeOf } from './state.ts'

let lastMs = Number.NaN
let lastIso = ''

/** ISO 8601 of a time in ms. A batch writes the same time hundreds of times, so the last one is kept. */
export function iso(ms: number): string {
  if (ms !== lastMs) {
    lastIso = new Date(ms).toISOString()
    lastMs = ms
  }
  return lastIso
}

/** A record as HubSpot sends it. */
export interface WireRecord {
  id: string
  properties: Record<string, string | null>
  propertiesWithHistory?: Record<string, unknown[]>
  createdAt: string
  updatedAt: string
  archived: boolean
  archivedAt?: string
  associations?: Record<string, { results: { id: string; type: string }[] }>
  objectWriteTraceId?: string
  new?: boolean
}

const listed = (value: unknown): string[] => {
  if (typeof value === 'string') return value.split(',').map((name) => name.trim())
  return Array.isArray(value) ? value.map(String) : []
}

export interface Selection {
  names: string[]
  history: string[]
}

/**
 * Which properties a read returns: those asked for that exist (unknown names are ignored), else the object's
 * defaults, always with id, created and modified. Takes lists and comma-separated text.
 */
export function selection(store: ObjectStore, properties: unknown, withHistory: unknown): Selection {
  const asked = listed(properties).filter((name) => name !== '')
  const history = listed(withHistory).filter((name) => store.properties.has(name))
  const names =
    asked.length > 0 ? asked.filter((name) => store.properties.has(name)) : store.type.defaultProperties
  const { createdProperty, modifiedProperty } = store.type
  return {
    names: [...new Set([...names, ...history, createdProperty, modifiedProperty, 'hs_object_id'])],
    history,
  }
}

function historyOf(record: SimRecord, name: string): unknown[] {
  return record.changes
    .filter((change) => change.values[name] !== undefined)
    .map(({ at, values, sourceId }) => ({
      value: values[name] ?? '',
      timestamp: iso(at),
      sourceType: 'INTEGRATION',
      sourceId,
    }))
    .reverse()
}

/** A read's record: the selected properties, null where unset. */
export function wireRead(record: SimRecord, { names, history }: Selection): WireRecord {
  const properties: Record<string, string | null> = {}
  for (const name of names) properties[name] = record.properties[name] ?? null
  const wire = frame(record, properties)
  if (history.length > 0) {
    wire.propertiesWithHistory = Object.fromEntries(history.map((name) => [name, historyOf(record, name)]))
  }
  return wire
}

/** A write's answer: the values just written and what HubSpot sets, no more (a caller cannot count on others). */
export function wireWritten(record: SimRecord): WireRecord {
  const { createdProperty, modifiedProperty } = record.type
  const properties: Record<string, string | null> = {}
  const written = record.changes.at(-1)?.values ?? {}
  for (const name of Object.keys(written)) properties[name] = record.properties[name] ?? null
  for (const name of [
    createdProperty,
    modifiedProperty,
    'hs_object_id',
    'hs_object_source',
    'hs_object_source_id',
  ]) {
    properties[name] = record.properties[name] ?? null
  }
  return frame(record, properties)
}

function frame(record: SimRecord, properties: Record<string, string | null>): WireRecord {
  const wire: WireRecord = {
    id: record.id,
    properties,
    createdAt: iso(record.createdAt),
    updatedAt: iso(record.updatedAt),
    archived: record.archived,
  }
  if (record.archivedAt !== null) wire.archivedAt = iso(record.archivedAt)
  return wire
}

/**
 * `associations` of a read. A plain association that lies beside a primary one is named `…_unlabeled`, so one
 * record can appear twice.
 */
export function wireAssociations(
  account: Account,
  record: SimRecord,
  asked: string,
): WireRecord['associations'] {
  const found: NonNullable<WireRecord['associations']> = {}
  for (const name of asked.split(',').filter((part) => part.trim() !== '')) {
    const other = storeOf(account, name.trim()).type
    const hasPrimary = account.linkTypes.between(record.type.name, other.name).some((type) => type.primary)
    const results: { id: string; type: string }[] = []
    for (const [id, typeIds] of record.links.get(other.name) ?? []) {
      for (const typeId of typeIds) {
        const plain = `${record.type.singular}_to_${other.singular}`
        const type = account.linkTypes.byId(record.type.name, other.name, typeId)
        if (type?.category === 'USER_DEFINED') results.push({ id, type: String(type.label) })
        else results.push({ id, type: hasPrimary && !type?.primary ? `${plain}_unlabeled` : plain })
      }
    }
    if (results.length > 0) found[other.associationKey] = { results }
  }
  return Object.keys(found).length > 0 ? found : undefined
}
