import { z } from 'zod'
import { Currency, currencyDigits, multiply, round } from '../../model/money.ts'
import { onDecimal } from './number.ts'
import { defineTransform, type Transform } from './transform.ts'

export const moneyTransforms: readonly Transform[] = [
  defineTransform({
    id: 'money.minor_units',
    label: 'In the smallest unit',
    help: 'An amount in cents (or the smallest unit of another currency): 12.50 becomes 1250. A part of a cent is rounded.',
    from: 'number',
    to: 'number',
    params: z
      .strictObject({
        currency: Currency.optional().describe('Currency whose smallest unit is meant'),
        digits: z
          .int()
          .min(0)
          .max(4)
          .optional()
          .describe('Digits after the point, where no currency is given'),
      })
      .refine(
        (params) => (params.currency === undefined) !== (params.digits === undefined),
        'give either a currency or the number of digits',
      ),
    run: (value, { currency, digits }) => {
      const places = digits ?? currencyDigits(currency ?? 'EUR')
      return onDecimal(value, (amount) => round(multiply(round(amount, places), 10 ** places), 0))
    },
  }),
]
