import type { MappingInput } from '@crosswalk/shared/mapping'

type Rule = MappingInput['parts'][string]['rules'][number]
type Path = (string | number)[]
type Options = Pick<Rule, 'transforms' | 'when' | 'on' | 'onEmpty' | 'note'>

/** Shorthand for the default mappings. A dotted path names members; a number in it is a position in a list. */
const path = (dotted: string): Path =>
  dotted.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part))

export const field = (target: string, from: string, options: Options = {}): Rule => ({
  target,
  value: { kind: 'field', path: path(from) },
  ...options,
})

export const firstOf = (target: string, from: readonly string[], options: Options = {}): Rule => ({
  target,
  value: { kind: 'first_of', paths: from.map(path) },
  ...options,
})

/** Texts in `{braces}` are paths: `Order {number}`. */
export const template = (target: string, pattern: string, options: Options = {}): Rule => ({
  target,
  value: {
    kind: 'template',
    parts: pattern
      .split(/(\{[^}]+\})/)
      .filter((part) => part !== '')
      .map((part) => (part.startsWith('{') ? { path: path(part.slice(1, -1)) } : part)),
  },
  ...options,
})

/** Written when the record is made, and left to people afterwards. */
export const ON_CREATE: Options = { on: 'create' }
export const TRIM = { use: 'text.trim' }
export const COUNTRY_NAME = { use: 'country.name' }

/** What a run over earlier records makes is marked, so that workflows for new ones can leave it out. */
export const IMPORTED = field('crosswalk_imported', 'flow.imported', ON_CREATE)
