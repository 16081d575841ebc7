import type { SimReply } from '../server.ts'
import { jsonBody, type Call } from './call.ts'
import { conflict, notFound, validationError } from './errors.ts'
import { PROPERTY_NAME } from './property-definitions.ts'
import type { ObjectStore, PropertyGroup } from './state.ts'

const wire = (group: PropertyGroup) => ({ ...group, archived: false })

function createGroup(call: Call, store: ObjectStore): SimReply {
  const { name, label, displayOrder } = jsonBody(call)
  if (typeof name !== 'string' || typeof label !== 'string' || label === '') {
    throw validationError('Some required fields were not set: [name, label]')
  }
  if (!PROPERTY_NAME.test(name)) throw validationError(`Group name ${name} is not valid`)
  if (store.groups.has(name)) throw conflict(`Property group ${name} already exists`)
  const group = { name, label, displayOrder: Number(displayOrder ?? -1) }
  store.groups.set(name, group)
  return { status: 201, body: wire(group) }
}

/** Routes below `/crm/properties/:v/:object/groups`. @throws ApiError */
export function propertyGroups(call: Call, store: ObjectStore, name: string | undefined): SimReply {
  const { method } = call.request
  if (name === undefined) {
    if (method === 'POST') return createGroup(call, store)
    return { status: 200, body: { results: [...store.groups.values()].map(wire) } }
  }
  const group = store.groups.get(name)
  if (!group || call.rest.length > 3) throw notFound(`Property group ${name} does not exist`)
  if (method === 'DELETE') {
    if ([...store.properties.values()].some((property) => property.groupName === name)) {
      throw validationError(`Property group ${name} still has properties`)
    }
    store.groups.delete(name)
    return { status: 204 }
  }
  if (method === 'PATCH') {
    const { label, displayOrder } = jsonBody(call)
    if (typeof label === 'string') group.label = label
    if (typeof displayOrder === 'number') group.displayOrder = displayOrder
  }
  return { status: 200, body: wire(group) }
}
