import { z } from 'zod'

/**
 * A postal address. `street` is the whole first line as given; `streetName`, `houseNumber` and `houseNumberAddition`
 * are its parts where they could be told apart (tills and ledgers ask for them apart), else null.
 */
export const Address = z.object({
  firstName: z.string(),
  lastName: z.string(),
  company: z.string(),
  street: z.string(),
  street2: z.string(),
  streetName: z.string().nullable(),
  houseNumber: z.string().nullable(),
  houseNumberAddition: z.string().nullable(),
  postalCode: z.string(),
  city: z.string(),
  region: z.string(),
  /** ISO 3166-1 alpha-2 in capitals, empty when unknown. */
  country: z.string(),
  email: z.string(),
  phone: z.string(),
})
export type Address = z.infer<typeof Address>

// Four digits before another number belong to the name ("Plein 1944 7").
const NUMBER_LAST =
  /^(?<name>.*?\p{L}.*?)[ ,]+(?!\d{4} +\d+$)(?<number>\d{1,5})(?:[ /-]*(?<addition>[\p{L}\d][\p{L}\d/-]{0,7}))?$/u
const NUMBER_FIRST = /^(?<number>\d{1,5})(?<addition>\p{L})?[ ,]+(?<name>.*\p{L}.*)$/u
/** Countries that write the house number before the street's name. */
const NUMBER_FIRST_COUNTRIES = new Set(['GB', 'IE', 'FR', 'US', 'CA', 'AU', 'NZ', 'LU'])

/**
 * Parts of a street line, or nulls when it does not read like one ("Postbus 12" reads as a street called Postbus: a
 * ledger wants it so too). Never throws; the line is cut to 200 characters before it is looked at.
 */
export function splitStreet(
  line: string,
  country: string,
): Pick<Address, 'streetName' | 'houseNumber' | 'houseNumberAddition'> {
  const short = line.trim().slice(0, 200)
  const order = NUMBER_FIRST_COUNTRIES.has(country)
    ? [NUMBER_FIRST, NUMBER_LAST]
    : [NUMBER_LAST, NUMBER_FIRST]
  for (const pattern of order) {
    const found = pattern.exec(short)?.groups
    if (found) {
      return {
        streetName: found['name'] ?? null,
        houseNumber: found['number'] ?? null,
        houseNumberAddition: found['addition'] ?? null,
      }
    }
  }
  return { streetName: null, houseNumber: null, houseNumberAddition: null }
}
