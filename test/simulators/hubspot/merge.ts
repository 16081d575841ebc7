import { notFound, validationError } from './errors.ts'
import { detach, writeLink } from './links.ts'
import { createDirect } from './records.ts'
import { findLive, storeOf, uniqueKey, type Account, type ObjectStore, type SimRecord } from './state.ts'
import { freeUnique } from './unique.ts'

const NOT_CARRIED =
  /^(hs_object_id|createdate|hs_createdate|lastmodifieddate|hs_lastmodifieddate|hs_object_source.*)$/

function mergedValues(store: ObjectStore, primary: SimRecord, other: SimRecord): Record<string, string> {
  const values: Record<string, string> = {}
  for (const [name, value] of Object.entries({ ...other.properties, ...primary.properties })) {
    if (!NOT_CARRIED.test(name)) values[name] = value
  }
  const merged = [primary, other].flatMap((record) => [
    record.id,
    record.properties['hs_merged_object_ids'] ?? '',
  ])
  values['hs_merged_object_ids'] = merged.filter((id) => id !== '').join(';')
  if (store.type.name === 'contacts') {
    const emails = [primary, other].flatMap((record) => [
      record.properties['email'] ?? '',
      ...(record.properties['hs_additional_emails'] ?? '').split(';'),
    ])
    const additional = emails.filter((email) => email !== '' && email !== values['email'])
    if (additional.length > 0) values['hs_additional_emails'] = additional.join(';')
  }
  return values
}

function moveLinks(account: Account, from: SimRecord, to: SimRecord): void {
  for (const [typeName, byId] of from.links) {
    for (const [id, typeIds] of byId) {
      const other = findLive(storeOf(account, typeName), id)
      const types = typeIds.flatMap(
        (typeId) => account.linkTypes.byId(from.type.name, typeName, typeId) ?? [],
      )
      if (other) writeLink(account, to, other, types)
    }
  }
}

/**
 * Merges two records. The survivor gets a new id; both old ids lead to it from then on. The primary's values win,
 * gaps are filled from the other; the other's e-mail address stays taken.
 * @throws ApiError 400 where the object cannot be merged or both are one record, 404 for an unknown id
 */
export function mergeRecords(
  account: Account,
  store: ObjectStore,
  primaryId: string,
  otherId: string,
  sourceId: string,
): SimRecord {
  if (!store.type.mergeable) throw validationError(`${store.type.name} cannot be merged`)
  const primary = findLive(store, primaryId)
  const other = findLive(store, otherId)
  if (!primary || !other) throw notFound(`${store.type.singular} ${primary ? otherId : primaryId} not found`)
  if (primary === other) throw validationError('Cannot merge a record with itself')

  for (const record of [primary, other]) {
    freeUnique(store, record)
    store.records.delete(record.id)
    detach(account, record)
  }
  const survivor = createDirect(account, store, mergedValues(store, primary, other), sourceId)
  for (const record of [primary, other]) store.merged.set(record.id, survivor.id)
  const emails = store.unique.get('email')
  if (store.type.name === 'contacts' && emails) {
    for (const email of (survivor.properties['hs_additional_emails'] ?? '').split(';')) {
      if (email !== '') emails.set(uniqueKey('email', email), survivor.id)
    }
  }
  // The other's first: where both have a primary company, the primary record's is kept.
  moveLinks(account, other, survivor)
  moveLinks(account, primary, survivor)
  account.emit?.({
    kind: 'merge',
    type: store.type,
    objectId: survivor.id,
    sourceId,
    extra: {
      primaryObjectId: Number(primary.id),
      mergedObjectIds: [Number(primary.id), Number(other.id)],
      newObjectId: Number(survivor.id),
      numberOfPropertiesMoved: Object.keys(other.properties).length,
    },
  })
  return survivor
}

/** Erases a contact for good: no archive, no history, its address is free again. */
export function gdprDelete(account: Account, store: ObjectStore, record: SimRecord, sourceId: string): void {
  freeUnique(store, record)
  detach(account, record)
  store.records.delete(record.id)
  account.emit?.({ kind: 'privacyDeletion', type: store.type, objectId: record.id, sourceId, extra: {} })
}
