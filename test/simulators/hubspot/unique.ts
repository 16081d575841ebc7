import { conflict, validationError } from './errors.ts'
import { uniqueKey, type Account, type ObjectStore, type SimRecord } from './state.ts'

type Changes = Record<string, string | null>

/** Refuses a value that another record holds. The id in the message's second place is the holder's. */
export function checkUnique(
  account: Account,
  store: ObjectStore,
  values: Changes,
  id: string,
  creating: boolean,
): void {
  for (const [name, index] of store.unique) {
    const value = values[name]
    if (value === undefined || value === null) continue
    const holder = index.get(uniqueKey(name, value))
    if (holder === undefined || holder === id) continue
    if (creating && store.type.name === 'contacts' && name === 'email') {
      throw conflict(`Contact already exists. Existing ID: ${holder}`)
    }
    const kind = store.type.singular.toUpperCase()
    throw validationError(
      `Cannot set PropertyValueCoordinates{portalId=${account.portalId}, objectTypeId=ObjectTypeId{legacyObjectType=${kind}}, ` +
        `propertyName=${name}, value=${value}} on ${id}. ${holder} already has that value.`,
      {
        errors: [
          {
            message: 'The value is already taken',
            code: 'CONFLICTING_UNIQUE_VALUE',
            context: { propertyName: [name] },
          },
        ],
      },
    )
  }
}

/** Moves the unique index along with a write. */
export function reindex(store: ObjectStore, record: SimRecord, changes: Changes): void {
  for (const [name, index] of store.unique) {
    const next = changes[name]
    if (next === undefined) continue
    const before = record.properties[name]
    if (before !== undefined && index.get(uniqueKey(name, before)) === record.id)
      index.delete(uniqueKey(name, before))
    if (next !== null) index.set(uniqueKey(name, next), record.id)
  }
}

/** Takes every value of a record out of the unique indexes, merged-in e-mail addresses included. */
export function freeUnique(store: ObjectStore, record: SimRecord): void {
  for (const [name, index] of store.unique) {
    const values = [record.properties[name] ?? '']
    if (name === 'email') values.push(...(record.properties['hs_additional_emails'] ?? '').split(';'))
    for (const value of values)
      if (index.get(uniqueKey(name, value)) === record.id) index.delete(uniqueKey(name, value))
  }
}
