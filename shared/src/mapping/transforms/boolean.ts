import { z } from 'zod'
import { Scalar } from '../condition.ts'
import { defineTransform, ok, problem, type Transform } from './transform.ts'
import { asText, isEmpty, show } from './values.ts'

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ['true', true], ['yes', true], ['1', true], ['on', true],
  ['false', false], ['no', false], ['0', false], ['off', false],
]) // prettier-ignore

/** Yes or no of a value: booleans, 1 and 0, and the words systems write for them; null for anything else. */
export function asBoolean(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  const text = asText(value)
  return text === null || text.length > 20 ? null : (WORDS.get(text.trim().toLowerCase()) ?? null)
}

export const booleanTransforms: readonly Transform[] = [
  defineTransform({
    id: 'boolean.text',
    label: 'Yes or no in words',
    help: 'Writes one text for yes and another for no.',
    from: 'boolean',
    to: 'text',
    params: z.strictObject({
      yes: z.string().max(200).default('yes').describe('Text for yes'),
      no: z.string().max(200).default('no').describe('Text for no'),
    }),
    run: (value, { yes, no }) => {
      const answer = asBoolean(value)
      return answer === null ? problem(`${show(value)} is neither yes nor no.`) : ok(answer ? yes : no)
    },
  }),
  defineTransform({
    id: 'boolean.not',
    label: 'Turn yes and no around',
    help: 'Yes becomes no, no becomes yes.',
    from: 'boolean',
    to: 'boolean',
    params: z.strictObject({}),
    run: (value) => {
      const answer = asBoolean(value)
      return answer === null ? problem(`${show(value)} is neither yes nor no.`) : ok(!answer)
    },
  }),
  defineTransform({
    id: 'boolean.parse',
    label: 'Read yes or no from text',
    help: 'Reads true, yes, on and 1 as yes; false, no, off and 0 as no.',
    from: ['text', 'choice', 'number', 'boolean'],
    to: 'boolean',
    params: z.strictObject({}),
    run: (value) => {
      const answer = asBoolean(value)
      return answer === null ? problem(`${show(value)} is neither yes nor no.`) : ok(answer)
    },
  }),
  defineTransform({
    id: 'choice.from',
    label: 'Exchange values',
    help: 'A small table inside the rule: each value becomes the one beside it. Capitals make no difference.',
    from: ['text', 'choice', 'number', 'boolean'],
    to: 'any',
    takesEmpty: true,
    params: z.strictObject({
      pairs: z
        .array(z.strictObject({ from: z.string().max(200), to: Scalar }))
        .min(1)
        .max(50)
        .describe('Values and what they become'),
      otherwise: z
        .enum(['fail', 'keep', 'empty'])
        .default('fail')
        .describe('For other values: fail the record, keep the value, or leave the field empty'),
    }),
    run: (value, { pairs, otherwise }) => {
      const text = isEmpty(value) ? '' : asText(value)
      if (text === null) return problem(`${show(value)} is not a single value.`)
      const wanted = text.trim().toLowerCase()
      const pair = pairs.find((candidate) => candidate.from.trim().toLowerCase() === wanted)
      if (pair) return ok(pair.to)
      if (text === '' || otherwise === 'keep') return ok(value)
      return otherwise === 'empty' ? ok(null) : problem(`${show(value)} is not in the rule's table.`)
    },
  }),
]
