import { z } from 'zod'
import { defineTransform, ok, problem, type Transform } from './transform.ts'
import { asText, isEmpty, show } from './values.ts'

export const lookupTransforms: readonly Transform[] = [
  defineTransform({
    id: 'lookup.table',
    label: 'Look up in a table',
    help: 'Replaces the value by the one beside it in a lookup table, or by the fallback of the table.',
    from: ['text', 'choice', 'number', 'amount', 'boolean'],
    to: 'any',
    // Some systems call their standard tax class by an empty name, and a table can answer for it.
    takesEmpty: true,
    params: z.strictObject({
      table: z
        .string()
        .min(1)
        .max(80)
        .meta({ description: 'Name of the lookup table', optionsFrom: 'lookups' }),
    }),
    run: (value, { table }, { lookups }) => {
      const found = lookups.get(table)
      if (!found) return problem(`There is no lookup table named ${show(table)}.`)
      const text = isEmpty(value) ? '' : asText(value)
      if (text === null) return problem(`${show(value)} is not a single value.`)
      const answer = found.get(text)
      if (answer !== undefined) return ok(answer)
      if (found.fallback) return ok(found.fallback.to)
      return text === '' ? ok(value) : problem(`${show(value)} is not in the lookup table ${show(table)}.`)
    },
  }),
]
