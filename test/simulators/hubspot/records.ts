import { ApiError, invalidProperties, notFound } from './errors.ts'
import { checkParent, detach, planInline, reattach, writeLink, type PlannedLink } from './links.ts'
import { derivedValues, startValues } from './record-rules.ts'
import { checkProperties } from './property-values.ts'
import { checkStage } from './stages.ts'
import { checkUnique, freeUnique, reindex } from './unique.ts'
import { iso } from './wire.ts'
import {
  findLive,
  nextId,
  storeOf,
  type Account,
  type ObjectStore,
  type SimRecord,
  type Values,
} from './state.ts'

type Changes = Record<string, string | null>

/** A checked write; calling it does it. Nothing is changed before. */
export type Commit = () => SimRecord

export interface WriteOptions {
  /** Line items that get a parent in the same batch, see `checkParent`. */
  claims?: Map<string, string>
  /** Whose write it is, for history and webhooks. */
  sourceId: string
}

/** A new record keeps the checked values themselves: one object less per record of a large import. */
const ownedValues = (record: SimRecord, changes: Changes): Values =>
  Object.assign(changes, record.properties) as Values

function changedValues(record: SimRecord, changes: Changes): Values {
  const properties: Values = {}
  for (const name in record.properties)
    if (changes[name] !== null) properties[name] = record.properties[name] ?? ''
  for (const name in changes) if (changes[name]) properties[name] = changes[name]
  return properties
}

/** Writes values into a record: unique index, history, search versions and events follow. */
function apply(
  account: Account,
  store: ObjectStore,
  record: SimRecord,
  changes: Changes,
  sourceId: string,
): void {
  const creating = record.changes.length === 0
  const now = creating ? record.createdAt : account.clock.now()
  reindex(store, record, changes)
  const written = account.emit ? Object.keys(changes) : []
  const properties = creating ? ownedValues(record, changes) : changedValues(record, changes)
  properties[store.type.modifiedProperty] = iso(now)
  derivedValues(account, store, properties)
  if (!creating && account.searchLagMs > 0) {
    record.past.push({ at: record.updatedAt, properties: record.properties })
    while (record.past[1] && record.past[1].at + account.searchLagMs <= now) record.past.shift()
  }
  const before = record.properties
  record.properties = properties
  record.updatedAt = now
  record.changes.push({ at: now, values: changes, sourceId })
  if (!account.emit) return
  if (creating)
    account.emit({
      kind: 'creation',
      type: store.type,
      objectId: record.id,
      sourceId,
      extra: { changeFlag: 'NEW' },
    })
  for (const propertyName of written) {
    const value = changes[propertyName] ?? null
    if ((before[propertyName] ?? null) === value) continue
    const extra = { propertyName, propertyValue: value ?? '', isSensitive: false }
    account.emit({ kind: 'propertyChange', type: store.type, objectId: record.id, sourceId, extra })
  }
}

function blankRecord(account: Account, store: ObjectStore, id: string, sourceId: string): SimRecord {
  const now = account.clock.now()
  const properties = {
    hs_object_id: id,
    [store.type.createdProperty]: iso(now),
    hs_object_source: 'INTEGRATION',
    hs_object_source_id: sourceId,
    hs_object_source_label: 'INTEGRATION',
  }
  return {
    id,
    type: store.type,
    properties,
    createdAt: now,
    updatedAt: now,
    archived: false,
    archivedAt: null,
    past: [],
    changes: [],
    links: new Map(),
  }
}

/**
 * Checks a create.
 * @throws ApiError 400 or 409 as HubSpot answers; then nothing is written, but an id is used up
 */
export function prepareCreate(
  account: Account,
  store: ObjectStore,
  input: { properties?: unknown; associations?: unknown },
  options: WriteOptions,
): Commit {
  const values: Changes = checkProperties(account, store, input.properties ?? {})
  for (const name in values) if (values[name] === null) delete values[name]
  startValues(account, store, values)
  checkStage(account, store, values, {})
  const links: PlannedLink[] = planInline(account, store.type.name, input.associations)
  const record = blankRecord(account, store, nextId(store), options.sourceId)
  checkUnique(account, store, values, record.id, true)
  const claims = options.claims ?? new Map<string, string>()
  for (const link of links) checkParent(record, link.to, claims)
  return () => {
    store.records.set(record.id, record)
    apply(account, store, record, values, options.sourceId)
    for (const link of links) writeLink(account, record, link.to, link.types)
    return record
  }
}

/** Checks an update of a live record. @throws ApiError 400 */
export function prepareUpdate(
  account: Account,
  store: ObjectStore,
  record: SimRecord,
  properties: unknown,
  options: WriteOptions,
): Commit {
  const values = checkProperties(account, store, properties ?? {})
  checkStage(account, store, values, record.properties)
  checkInvoice(account, store, record, values)
  checkUnique(account, store, values, record.id, false)
  return () => {
    apply(account, store, record, values, options.sourceId)
    return record
  }
}

/** An invoice leaves `draft` only with a contact and a line item, and is never set to `paid` by a write. */
function checkInvoice(account: Account, store: ObjectStore, record: SimRecord, values: Changes): void {
  const status = values['hs_invoice_status']
  if (store.type.name !== 'invoices' || !status) return
  const refuse = (message: string): ApiError =>
    invalidProperties([{ name: 'hs_invoice_status', code: 'INVALID_STATUS', message }], account.portalId)
  if (status === 'paid') throw refuse('Payments cannot be recorded by the API')
  if (
    status !== 'open' ||
    (values['hs_invoice_billable'] ?? record.properties['hs_invoice_billable']) === 'false'
  )
    return
  if (!record.links.get('contacts')?.size) throw refuse('An open invoice needs a contact')
  if (!record.links.get('line_items')?.size) throw refuse('An open invoice needs at least one line item')
}

/** Archives a record: it is gone from reads and search, its unique values are free, a quote takes its line items along. */
export function archiveRecord(
  account: Account,
  store: ObjectStore,
  record: SimRecord,
  sourceId: string,
): void {
  if (record.archived) return
  record.archived = true
  record.archivedAt = account.clock.now()
  freeUnique(store, record)
  if (store.type.name === 'quotes') {
    const lineItems = storeOf(account, 'line_items')
    for (const id of [...(record.links.get('line_items')?.keys() ?? [])]) {
      const lineItem = findLive(lineItems, id)
      if (lineItem) archiveRecord(account, lineItems, lineItem, sourceId)
    }
  }
  detach(account, record)
  account.emit?.({
    kind: 'deletion',
    type: store.type,
    objectId: record.id,
    sourceId,
    extra: { changeFlag: 'DELETED' },
  })
}

/**
 * Brings an archived record back.
 * @throws ApiError 404 where there is none, 400/409 where one of its unique values was taken meanwhile
 */
export function restoreRecord(account: Account, store: ObjectStore, id: string): SimRecord {
  const record = store.records.get(id)
  if (!record?.archived) throw notFound()
  checkUnique(account, store, record.properties, id, false)
  record.archived = false
  record.archivedAt = null
  reindex(store, record, record.properties)
  reattach(account, record)
  account.emit?.({ kind: 'restore', type: store.type, objectId: id, sourceId: 'CRM_UI', extra: {} })
  return record
}

/** A record that HubSpot itself makes, e.g. the survivor of a merge. */
export function createDirect(
  account: Account,
  store: ObjectStore,
  changes: Changes,
  sourceId: string,
): SimRecord {
  const record = blankRecord(account, store, nextId(store), sourceId)
  store.records.set(record.id, record)
  apply(account, store, record, changes, sourceId)
  return record
}
