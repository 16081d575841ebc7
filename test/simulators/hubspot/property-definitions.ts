import type { JsonObject } from './call.ts'
import type { PropertyOption, SimProperty } from './default-properties.ts'
import { conflict, validationError } from './errors.ts'
import { uniqueKey, type Account, type ObjectStore } from './state.ts'

/** Lower snake case that starts with a letter. */
export const PROPERTY_NAME = /^[a-z][a-z0-9_]{0,99}$/

/** Field types each type may have. */
const FIELD_TYPES: Record<string, string[]> = {
  string: ['text', 'textarea', 'html', 'file', 'phonenumber', 'calculation_equation'],
  phone_number: ['phonenumber', 'text'],
  number: ['number', 'calculation_equation'],
  date: ['date'],
  datetime: ['date'],
  enumeration: ['select', 'radio', 'checkbox', 'booleancheckbox', 'calculation_equation'],
  bool: ['booleancheckbox', 'calculation_equation'],
}

const MAX_UNIQUE = 10
const KEPT = [
  'numberDisplayHint',
  'showCurrencySymbol',
  'currencyPropertyName',
  'textDisplayHint',
  'calculationFormula',
]

function readOptions(input: unknown): PropertyOption[] {
  if (input === undefined || input === null) return []
  if (!Array.isArray(input)) throw validationError('Invalid input JSON: options must be an array')
  const options = input.map((entry: Partial<PropertyOption> | null, index): PropertyOption => {
    if (typeof entry?.value !== 'string' || entry.value === '' || typeof entry.label !== 'string') {
      throw validationError('Property options need a label and a value')
    }
    const { label, value, displayOrder = index, hidden = false, description } = entry
    return { label, value, displayOrder, hidden, ...(description === undefined ? {} : { description }) }
  })
  if (new Set(options.map((option) => option.value)).size < options.length) {
    throw validationError('Property option values must be unique')
  }
  return options
}

function checkPair(type: string, fieldType: string): void {
  if (!FIELD_TYPES[type]) throw validationError(`Invalid property type: ${type}`)
  if (!FIELD_TYPES[type].includes(fieldType)) {
    throw validationError(
      `Invalid fieldType ${fieldType} for type ${type}: must be one of ${FIELD_TYPES[type].join(', ')}`,
    )
  }
}

function checkUniqueAllowed(account: Account, store: ObjectStore, type: string): void {
  const { allowUniqueProperties: allowed } = account
  const here = typeof allowed === 'boolean' ? allowed : (allowed[store.type.name] ?? true)
  if (!here) throw validationError(`Unique properties are not supported for ${store.type.name}`)
  if (type !== 'string' && type !== 'number')
    throw validationError(`A ${type} property cannot have unique values`)
  const count = [...store.properties.values()].filter(
    (one) => one.hasUniqueValue && !one.hubspotDefined,
  ).length
  if (count >= MAX_UNIQUE)
    throw validationError(`${store.type.name} already has ${MAX_UNIQUE} unique properties`)
}

/** Makes a custom property. @throws ApiError 400 for a bad definition, 409 where the name is taken */
export function defineProperty(account: Account, store: ObjectStore, input: JsonObject): SimProperty {
  const required = ['name', 'label', 'type', 'fieldType', 'groupName'].filter(
    (field) => typeof input[field] !== 'string' || input[field] === '',
  )
  if (required.length > 0)
    throw validationError(`Some required fields were not set: [${required.join(', ')}]`)
  const { name, label, type, fieldType, groupName } = input as Record<string, string>
  if (!name || !label || !type || !fieldType || !groupName)
    throw validationError('Some required fields were not set')
  if (!PROPERTY_NAME.test(name) || name.startsWith('hs_'))
    throw validationError(`Property name ${name} is not valid`)
  if (store.properties.has(name)) throw conflict(`Property ${name} already exists`)
  checkPair(type, fieldType)
  if (!store.groups.has(groupName)) throw validationError(`Property group ${groupName} does not exist`)
  const options = readOptions(input['options'])
  if (type === 'enumeration' && options.length === 0 && input['externalOptions'] !== true) {
    throw validationError('An enumeration property needs options')
  }
  const hasUniqueValue = input['hasUniqueValue'] === true
  if (hasUniqueValue) checkUniqueAllowed(account, store, type)
  const now = account.clock.now()
  const property: SimProperty = {
    name,
    label,
    type,
    fieldType,
    groupName,
    description: String(input['description'] ?? ''),
    options,
    displayOrder: Number(input['displayOrder'] ?? -1),
    hasUniqueValue,
    hidden: input['hidden'] === true,
    formField: input['formField'] === true,
    hubspotDefined: false,
    calculated: fieldType === 'calculation_equation',
    readOnlyValue: fieldType === 'calculation_equation',
    externalOptions: input['externalOptions'] === true,
    createdAt: now,
    updatedAt: now,
    rest: Object.fromEntries(
      KEPT.filter((field) => input[field] !== undefined).map((field) => [field, input[field]]),
    ),
  }
  if (typeof input['referencedObjectType'] === 'string')
    property.referencedObjectType = input['referencedObjectType']
  store.properties.set(name, property)
  store.archivedProperties.delete(name)
  if (hasUniqueValue) store.unique.set(name, rebuildIndex(store, name))
  return property
}

function rebuildIndex(store: ObjectStore, name: string): Map<string, string> {
  const index = new Map<string, string>()
  for (const record of store.records.values()) {
    const value = record.properties[name]
    if (value !== undefined && !record.archived) index.set(uniqueKey(name, value), record.id)
  }
  return index
}

/** Changes a definition; name and uniqueness are fixed for ever. @throws ApiError 400 */
export function changeProperty(
  account: Account,
  store: ObjectStore,
  property: SimProperty,
  input: JsonObject,
): void {
  if (input['hasUniqueValue'] !== undefined && input['hasUniqueValue'] !== property.hasUniqueValue) {
    throw validationError('hasUniqueValue can only be set when a property is created')
  }
  if (input['name'] !== undefined && input['name'] !== property.name)
    throw validationError('A name cannot be changed')
  if (property.hubspotDefined)
    throw validationError(`Property ${property.name} is defined by HubSpot and read only`)
  const type = String(input['type'] ?? property.type)
  const fieldType = String(input['fieldType'] ?? property.fieldType)
  checkPair(type, fieldType)
  const groupName = String(input['groupName'] ?? property.groupName)
  if (!store.groups.has(groupName)) throw validationError(`Property group ${groupName} does not exist`)
  if (input['options'] !== undefined) property.options = readOptions(input['options'])
  Object.assign(property, { type, fieldType, groupName, updatedAt: account.clock.now() })
  if (typeof input['label'] === 'string') property.label = input['label']
  if (typeof input['description'] === 'string') property.description = input['description']
  if (typeof input['hidden'] === 'boolean') property.hidden = input['hidden']
  if (typeof input['formField'] === 'boolean') property.formField = input['formField']
  if (typeof input['displayOrder'] === 'number') property.displayOrder = input['displayOrder']
}

/** Archives a custom property with its values and frees its name. @throws ApiError 400 for one of HubSpot's own */
export function dropProperty(account: Account, store: ObjectStore, property: SimProperty): void {
  if (property.hubspotDefined)
    throw validationError(`Property ${property.name} is defined by HubSpot and cannot be archived`)
  property.archivedAt = account.clock.now()
  store.properties.delete(property.name)
  store.archivedProperties.set(property.name, property)
  store.unique.delete(property.name)
  for (const record of store.records.values()) {
    if (record.properties[property.name] === undefined) continue
    const { [property.name]: _gone, ...left } = record.properties
    record.properties = left
  }
}
