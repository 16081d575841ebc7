import { z } from 'zod'
import { Scalar } from '../condition.ts'
import { htmlToText } from './html.ts'
import { defineTransform, ok, problem, type Step, type Transform } from './transform.ts'
import { asText, isEmpty, MAX_TEXT, show } from './values.ts'

const none = z.strictObject({})

/** Runs a function on the text of a value. */
function onText(value: unknown, run: (text: string) => string): Step {
  const text = asText(value)
  if (text === null) return problem(`${show(value)} is not text.`)
  const made = run(text)
  return made.length > MAX_TEXT ? problem(`The text is longer than ${MAX_TEXT} characters.`) : ok(made)
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/**
 * Text of at most `max` UTF-16 units, cut between two characters as people see them (never inside an emoji or an
 * accent) and marked with …; so it keeps to the limit whether the target counts units, code points or characters.
 */
export function truncate(text: string, max: number): string {
  if (text.length <= max) return text
  const end = max - 1
  const border = graphemes.segment(text.slice(0, max + 256)).containing(end)?.index ?? 0
  return `${text.slice(0, border)}…`
}

/** Every occurrence of a literal text replaced; null when the result would be longer than `MAX_TEXT`. */
function replaceText(text: string, find: string, replace: string): string | null {
  const pieces = text.split(find)
  const length = text.length + (pieces.length - 1) * (replace.length - find.length)
  return length > MAX_TEXT ? null : pieces.join(replace)
}

const plainStep = (id: string, label: string, help: string, run: (text: string) => string) =>
  defineTransform({
    id, label, help, from: 'text', to: 'text', params: none,
    run: (value) => onText(value, run),
  }) // prettier-ignore

export const textTransforms: readonly Transform[] = [
  plainStep('text.trim', 'Trim spaces', 'Takes spaces and line ends off both ends.', (text) => text.trim()),
  plainStep('text.upper', 'Capitals', 'All letters in capitals.', (text) => text.toUpperCase()),
  plainStep('text.lower', 'Small letters', 'All letters small.', (text) => text.toLowerCase()),
  plainStep('text.plain', 'HTML to plain text', 'Takes HTML tags out and keeps the text.', htmlToText),
  defineTransform({
    id: 'text.truncate',
    label: 'Shorten',
    help: 'Cuts text that is too long, between two characters, and marks the cut with ….',
    from: 'text',
    to: 'text',
    params: z.strictObject({
      max: z.int().min(1).max(100_000).describe('Longest text that may remain, in characters'),
    }),
    run: (value, { max }) => onText(value, (text) => truncate(text, max)),
  }),
  defineTransform({
    id: 'text.replace',
    label: 'Replace text',
    help: 'Replaces every occurrence of a text, letter by letter, by another.',
    from: 'text',
    to: 'text',
    params: z.strictObject({
      find: z.string().min(1).max(200).describe('Text to look for, exactly as written'),
      replace: z.string().max(200).default('').describe('Text to put in its place'),
    }),
    run: (value, { find, replace }) => {
      const text = asText(value)
      if (text === null) return problem(`${show(value)} is not text.`)
      const made = replaceText(text, find, replace)
      return made === null ? problem(`The text is longer than ${MAX_TEXT} characters.`) : ok(made)
    },
  }),
  defineTransform({
    id: 'text.prefix',
    label: 'Put text before',
    help: 'Puts a text before the value.',
    from: 'text',
    to: 'text',
    params: z.strictObject({ text: z.string().max(500).describe('Text to put before') }),
    run: (value, params) => onText(value, (text) => params.text + text),
  }),
  defineTransform({
    id: 'text.suffix',
    label: 'Put text after',
    help: 'Puts a text after the value.',
    from: 'text',
    to: 'text',
    params: z.strictObject({ text: z.string().max(500).describe('Text to put after') }),
    run: (value, params) => onText(value, (text) => text + params.text),
  }),
  defineTransform({
    id: 'text.pad',
    label: 'Fill up',
    help: 'Fills a short value up to a length, such as 42 to 00042.',
    from: 'text',
    to: 'text',
    params: z.strictObject({
      length: z.int().min(1).max(200).describe('Length to fill up to'),
      with: z.string().min(1).max(1).default('0').describe('Character to fill with'),
      side: z.enum(['left', 'right']).default('left').describe('Side to fill at'),
    }),
    run: (value, { length, with: fill, side }) =>
      onText(value, (text) => (side === 'left' ? text.padStart(length, fill) : text.padEnd(length, fill))),
  }),
  defineTransform({
    id: 'text.default',
    label: 'Value when empty',
    help: 'Gives a fixed value when there is none.',
    from: 'any',
    to: 'same',
    takesEmpty: true,
    params: z.strictObject({ value: Scalar.describe('Value to use when there is none') }),
    run: (value, params) => ok(isEmpty(value) ? params.value : value),
  }),
]
