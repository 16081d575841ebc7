import { z } from 'zod'
import { add } from '../../model/money.ts'
import { Path, readPath } from '../path.ts'
import { defineTransform, ok, problem, type Step, type Transform } from './transform.ts'
import { asDecimal, asText, bounded, isEmpty, MAX_TEXT, show } from './values.ts'

const inElement = Path.meta({
  description: 'Field inside each element; without it the element itself',
  widget: 'path',
})

const read = (element: unknown, path: Path | undefined): unknown =>
  path === undefined ? element : readPath(element, path)

const notList = (value: unknown): Step => problem(`${show(value)} is not a list.`)

function join(list: readonly unknown[], separator: string, path: Path | undefined): Step {
  const texts: string[] = []
  let length = 0
  for (const element of list) {
    const value = read(element, path)
    if (isEmpty(value)) continue
    const text = asText(value)
    if (text === null) return problem(`An element of the list is ${show(value)}; name a field inside it.`)
    length += text.length + separator.length
    if (length > MAX_TEXT) return problem(`The text is longer than ${MAX_TEXT} characters.`)
    texts.push(text)
  }
  return ok(texts.join(separator))
}

function sum(list: readonly unknown[], path: Path | undefined): Step {
  let total = '0'
  for (const element of list) {
    const value = read(element, path)
    if (isEmpty(value)) continue
    const amount = asDecimal(value)
    if (amount === null) return problem(`An element of the list is ${show(value)}, which is not a number.`)
    total = add(total, amount)
  }
  const made = bounded(total)
  return made === null ? problem('The sum is too large.') : ok(made)
}

export const listTransforms: readonly Transform[] = [
  defineTransform({
    id: 'list.join',
    label: 'Join a list',
    help: 'Joins the elements of a list to one text; empty ones are left out.',
    from: 'list',
    to: 'text',
    params: z.strictObject({
      separator: z.string().max(20).default(', ').describe('Text between two elements'),
      path: inElement.optional(),
    }),
    run: (value, { separator, path }) =>
      Array.isArray(value) ? join(value, separator, path) : notList(value),
  }),
  defineTransform({
    id: 'list.count',
    label: 'Count a list',
    help: 'Number of elements; 0 for none.',
    from: 'list',
    to: 'number',
    takesEmpty: true,
    params: z.strictObject({}),
    run: (value) => (isEmpty(value) ? ok(0) : Array.isArray(value) ? ok(value.length) : notList(value)),
  }),
  defineTransform({
    id: 'list.first',
    label: 'First of a list',
    help: 'The first element that is not empty.',
    from: 'list',
    to: 'any',
    params: z.strictObject({ path: inElement.optional() }),
    run: (value, { path }) => {
      if (!Array.isArray(value)) return notList(value)
      for (const element of value) {
        const found = read(element, path)
        if (!isEmpty(found)) return ok(found)
      }
      return ok(null)
    },
  }),
  defineTransform({
    id: 'list.sum',
    label: 'Sum of a list',
    help: 'Sum of a number in every element.',
    from: 'list',
    to: 'amount',
    params: z.strictObject({ path: inElement.optional() }),
    run: (value, { path }) => (Array.isArray(value) ? sum(value, path) : notList(value)),
  }),
  defineTransform({
    id: 'list.find',
    label: 'Pick from a list',
    help: 'Finds the element in which a field has a given text, and takes another field of it: the value of the option named Size.',
    from: 'list',
    to: 'any',
    params: z.strictObject({
      path: Path.meta({ description: 'Field to compare', widget: 'path' }),
      equals: z.string().max(200).describe('Text it must have; capitals make no difference'),
      take: Path.meta({
        description: 'Field to take; without it the whole element',
        widget: 'path',
      }).optional(),
    }),
    run: (value, { path, equals, take }) => {
      if (!Array.isArray(value)) return notList(value)
      const wanted = equals.trim().toLowerCase()
      const found = value.find((element) => asText(readPath(element, path))?.trim().toLowerCase() === wanted)
      return ok(found === undefined ? null : (read(found, take) ?? null))
    },
  }),
]
