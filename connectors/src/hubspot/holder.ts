import type { ErrorBody } from './error-body.ts'

/** Who holds a unique value that was asked for. `value` is missing where the answer does not repeat it. */
export interface Holder {
  id: string
  property: string
  value?: string
}

const CONTACT = /^Contact already exists\. Existing ID: (\d+)/
/** "Cannot set PropertyValueCoordinates{…, propertyName=x, value=y} on 900. 901 already has that value." */
const COORDINATES =
  /propertyName=([A-Za-z0-9_]{1,250}), value=([^\n]{0,70000})\} on [^\s.]{1,40}\. (\d+) already has that value/

/** The record that holds a taken unique value; of the two ids in HubSpot's sentence it is the second. */
export function holderOf(error: ErrorBody): Holder | undefined {
  for (const message of error.messages) {
    const contact = CONTACT.exec(message)
    if (contact?.[1] !== undefined) return { id: contact[1], property: 'email' }
    const taken = COORDINATES.exec(message)
    const [, property, value, id] = taken ?? []
    if (property !== undefined && value !== undefined && id !== undefined) return { id, property, value }
  }
  return undefined
}
