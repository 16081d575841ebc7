import { z } from 'zod'
import { add, isNegative, multiply, negate, round } from '../../model/money.ts'
import { defineTransform, ok, problem, type Step, type Transform } from './transform.ts'
import { asDecimal, asText, bounded, show } from './values.ts'

const none = z.strictObject({})

/** A number parameter: decimal text or a number, kept as decimal text. */
export const Decimal = z
  .union([z.string().max(60), z.number()])
  .refine((value) => asDecimal(value) !== null, 'this must be a number such as "1.21"')

/** Runs decimal arithmetic on a value; the result is decimal text within the bounds of an amount. */
export function onDecimal(value: unknown, run: (amount: string) => string): Step {
  const amount = asDecimal(value)
  if (amount === null) return problem(`${show(value)} is not a number.`)
  const made = bounded(run(amount))
  return made === null ? problem(`The result for ${show(value)} is too large.`) : ok(made)
}

/** Text written by people ("1.234,56", "€ 12") as decimal text. */
function parseNumber(value: unknown, comma: boolean): Step {
  const text = asText(value)
  if (text === null || text.length > 100) return problem(`${show(value)} is not a number.`)
  const bare = text.replace(/[\s\u00a0'’€$£]/g, '')
  const plain = comma ? bare.replaceAll('.', '').replace(',', '.') : bare.replaceAll(',', '')
  const amount = asDecimal(plain)
  return amount === null ? problem(`${show(value)} is not a number.`) : ok(amount)
}

export const numberTransforms: readonly Transform[] = [
  defineTransform({
    id: 'number.round',
    label: 'Round',
    help: 'Rounds half away from zero and pads with zeros: 1.5 to two digits is 1.50.',
    from: 'number',
    to: 'same',
    params: z.strictObject({
      digits: z.int().min(0).max(12).default(2).describe('Digits after the point'),
    }),
    run: (value, { digits }) => onDecimal(value, (amount) => round(amount, digits)),
  }),
  defineTransform({
    id: 'number.multiply',
    label: 'Multiply',
    help: 'Multiplies the number.',
    from: 'number',
    to: 'same',
    params: z.strictObject({ by: Decimal.describe('Number to multiply by, such as 1.21 or 0.01') }),
    run: (value, { by }) => onDecimal(value, (amount) => multiply(amount, asDecimal(by) ?? '1')),
  }),
  defineTransform({
    id: 'number.add',
    label: 'Add',
    help: 'Adds a number; a negative one is taken off.',
    from: 'number',
    to: 'same',
    params: z.strictObject({ amount: Decimal.describe('Number to add') }),
    run: (value, params) => onDecimal(value, (amount) => add(amount, asDecimal(params.amount) ?? '0')),
  }),
  defineTransform({
    id: 'number.abs',
    label: 'Without sign',
    help: 'Takes a minus sign off.',
    from: 'number',
    to: 'same',
    params: none,
    run: (value) => onDecimal(value, (amount) => (isNegative(amount) ? negate(amount) : amount)),
  }),
  defineTransform({
    id: 'number.negate',
    label: 'Turn the sign',
    help: 'Makes a positive number negative and a negative one positive.',
    from: 'number',
    to: 'same',
    params: none,
    run: (value) => onDecimal(value, negate),
  }),
  defineTransform({
    id: 'number.parse',
    label: 'Read a number from text',
    help: 'Reads numbers as people write them, with thousands marks and a currency sign.',
    from: 'text',
    to: 'number',
    params: z.strictObject({
      decimal: z.enum(['point', 'comma']).default('point').describe('What stands before the decimals'),
    }),
    run: (value, { decimal }) => parseNumber(value, decimal === 'comma'),
  }),
]
