import { booleanTransforms } from './boolean.ts'
import { countryTransforms } from './country.ts'
import { dateTransforms } from './date.ts'
import { listTransforms } from './list.ts'
import { lookupTransforms } from './lookup.ts'
import { moneyTransforms } from './money.ts'
import { numberTransforms } from './number.ts'
import { phoneTransforms } from './phone.ts'
import { textTransforms } from './text.ts'
import type { Transform } from './transform.ts'

export { truncate } from './text.ts'
export * from './transform.ts'
export { asDecimal, asText, isEmpty, show } from './values.ts'

/** Every transform a rule may use, in the order a form lists them. */
export const TRANSFORMS: readonly Transform[] = [
  ...textTransforms,
  ...numberTransforms,
  ...moneyTransforms,
  ...dateTransforms,
  ...countryTransforms,
  ...lookupTransforms,
  ...listTransforms,
  ...booleanTransforms,
  ...phoneTransforms,
]

const byId: ReadonlyMap<string, Transform> = new Map(TRANSFORMS.map((transform) => [transform.id, transform]))

/** The transform of this id, or undefined. */
export const transformById = (id: string): Transform | undefined => byId.get(id)
