import type { SimClock } from '../clock.ts'
import { defaultGroups, defaultProperties, type SimProperty } from './default-properties.ts'
import { validationError } from './errors.ts'
import { createLinkTypes, type LinkTypes } from './association-types.ts'
import { findObjectType, OBJECT_TYPES, type ObjectType } from './object-types.ts'
import { defaultPipelines, type Pipeline } from './default-pipelines.ts'

export type Values = Record<string, string>

/** One earlier state of a record that the search index may still show. `at` in ms. */
export interface PastVersion {
  at: number
  properties: Values
}

export interface SimRecord {
  id: string
  type: ObjectType
  /** Current values; replaced, never changed in place, so that older versions stay true. */
  properties: Values
  createdAt: number
  updatedAt: number
  archived: boolean
  archivedAt: number | null
  past: PastVersion[]
  /** Every write's own values, oldest first: the property history. `null` stands for a cleared value. */
  changes: { at: number; values: Record<string, string | null>; sourceId: string }[]
  /** Other type's name → other record's id → association type ids from this record to it. */
  links: Map<string, Map<string, number[]>>
}

export interface PropertyGroup {
  name: string
  label: string
  displayOrder: number
}

export interface ObjectStore {
  type: ObjectType
  records: Map<string, SimRecord>
  properties: Map<string, SimProperty>
  archivedProperties: Map<string, SimProperty>
  groups: Map<string, PropertyGroup>
  /** Unique property → normalised value → id of the record that holds it. Archived records hold nothing. */
  unique: Map<string, Map<string, string>>
  /** Ids that were merged away → the survivor's id. */
  merged: Map<string, string>
  lastId: number
}

export interface Owner {
  id: string
  email: string
  userId: number
  firstName: string
  lastName: string
  archived: boolean
}

/** Something that happened to a record, for webhooks. */
export interface ChangeEvent {
  kind:
    'creation' | 'deletion' | 'merge' | 'restore' | 'propertyChange' | 'associationChange' | 'privacyDeletion'
  type: ObjectType
  objectId: string
  sourceId: string
  extra: Record<string, unknown>
}

/** Everything one simulated HubSpot account holds. */
export interface Account {
  portalId: number
  clock: SimClock
  searchLagMs: number
  currencies: string[]
  stores: Map<string, ObjectStore>
  pipelines: Map<string, Map<string, Pipeline>>
  owners: Map<string, Owner>
  linkTypes: LinkTypes
  allowUniqueProperties: boolean | Record<string, boolean>
  /** Set by webhooks; null while nobody listens, so that writes cost nothing extra. */
  emit: ((event: ChangeEvent) => void) | null
}

export interface AccountOptions {
  clock: SimClock
  portalId: number
  searchLagMs: number
  currencies: string[]
  allowUniqueProperties: boolean | Record<string, boolean>
  /** Makes `hs_external_order_id` unique, as one portal was seen to behave. */
  uniqueExternalOrderId: boolean
}

function createStore(type: ObjectType, now: number): ObjectStore {
  const properties = new Map(defaultProperties(type, now).map((property) => [property.name, property]))
  const groups = new Map(
    defaultGroups(type).map((group, displayOrder) => [group.name, { ...group, displayOrder }]),
  )
  const unique = new Map<string, Map<string, string>>()
  for (const property of properties.values())
    if (property.hasUniqueValue) unique.set(property.name, new Map())
  return {
    type,
    records: new Map(),
    properties,
    archivedProperties: new Map(),
    groups,
    unique,
    merged: new Map(),
    lastId: type.firstId,
  }
}

/** A new account with HubSpot's own properties, pipelines and two owners, and no records. */
export function createAccount(options: AccountOptions): Account {
  const now = options.clock.now()
  const { uniqueExternalOrderId, ...rest } = options
  const account: Account = {
    ...rest,
    stores: new Map(OBJECT_TYPES.map((type) => [type.name, createStore(type, now)])),
    pipelines: defaultPipelines(now),
    owners: new Map(),
    linkTypes: createLinkTypes(),
    emit: null,
  }
  const people = [
    ['Dana', 'Sales'],
    ['Kim', 'Service'],
  ] as const
  people.forEach(([firstName, lastName], index) => {
    const id = String(6001 + index)
    const email = `${firstName.toLowerCase()}@example.com`
    account.owners.set(id, { id, email, userId: 71 + index, firstName, lastName, archived: false })
  })
  if (uniqueExternalOrderId) {
    const orders = storeOf(account, 'orders')
    const property = orders.properties.get('hs_external_order_id')
    if (property) property.hasUniqueValue = true
    orders.unique.set('hs_external_order_id', new Map())
  }
  return account
}

/**
 * The store of an object named in a path or a body.
 * @throws ApiError 400 as HubSpot does for a name it cannot place
 */
export function storeOf(account: Account, name: string): ObjectStore {
  const type = findObjectType(name)
  const store = type && account.stores.get(type.name)
  if (!store) throw validationError(`Unable to infer object type from: ${name}`)
  return store
}

/** Burns the next id of a store. HubSpot does so too for creates it refuses. */
export const nextId = (store: ObjectStore): string => String(++store.lastId)

/** Follows merges to the record that answers for an id today; archived records are returned too. */
export function findRecord(store: ObjectStore, id: string): SimRecord | undefined {
  let current = id
  for (let next = store.merged.get(current); next !== undefined; next = store.merged.get(current))
    current = next
  return store.records.get(current)
}

/** As `findRecord`, but archived records do not count. */
export function findLive(store: ObjectStore, id: string): SimRecord | undefined {
  const record = findRecord(store, id)
  return record && !record.archived ? record : undefined
}

/** The unique index compares e-mail addresses without case, other values as they are. */
export const uniqueKey = (property: string, value: string): string =>
  property === 'email' ? value.trim().toLowerCase() : value

/** What the search index shows of a record at `now`: an older version within the lag, null before the first. */
export function indexedProperties(record: SimRecord, now: number, lagMs: number): Values | null {
  if (record.updatedAt + lagMs <= now) return record.properties
  for (let index = record.past.length - 1; index >= 0; index -= 1) {
    const version = record.past[index]
    if (version && version.at + lagMs <= now) return version.properties
  }
  return null
}
