import type { CauseDefinition, CauseParams, CauseRef, CauseSeverity, Screen } from './cause.ts'
import { definitionOf, groupParams } from './catalogue.ts'

/** A cause in words, with what its page needs. */
export interface RenderedCause {
  key: string
  params: CauseParams
  severity: CauseSeverity
  scope: CauseDefinition['scope']
  retryable: boolean
  waits: boolean
  title: string
  remedy: string
  action: string | null
  target: { screen: Screen; field: string | null; side: 'source' | 'target' | null } | null
}

export interface RenderOptions {
  /**
   * Texts of another language, by key; what it lacks is told in English. Placeholders are the same. `undefined` params
   * are never glued in: the next text that needs less is taken.
   */
  texts?: Readonly<Record<string, Partial<Pick<CauseDefinition, 'title' | 'remedy' | 'action'>>>>
  /** ISO instant in the reader's words and zone; default: `2026-11-04 14:02 UTC`. */
  time?: (iso: string) => string
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/
const PLACEHOLDER = /\{(\w+)\}/g

/** The placeholders of a text. */
export const placeholdersOf = (text: string): string[] =>
  [...text.matchAll(PLACEHOLDER)].map(([, name]) => name as string)

const inUtc = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`

const known = (params: CauseParams, name: string): boolean =>
  Object.hasOwn(params, name) && params[name] !== ''

/** Puts params into a text. Params that hold braces are not read again. */
function fill(text: string, params: CauseParams, time: (iso: string) => string): string {
  return text.replace(PLACEHOLDER, (whole, name: string) => {
    if (!known(params, name)) return whole
    const value = String(params[name])
    return INSTANT.test(value) ? time(value) : value
  })
}

const firstThatFits = (texts: readonly string[], params: CauseParams): string =>
  texts.find((text) => placeholdersOf(text).every((name) => known(params, name))) ?? (texts.at(-1) as string)

/** A cause in words of one record. Plain text: whoever shows it escapes it as any other text. */
export function renderCause(ref: CauseRef, options: RenderOptions = {}): RenderedCause {
  const definition = definitionOf(ref.key)
  const texts = { ...definition, ...options.texts?.[ref.key] }
  const params = { ...defaults, ...ref.params }
  const say = (given: readonly string[]): string =>
    fill(firstThatFits(given, params), params, options.time ?? inUtc)
  const { target } = definition
  return {
    key: ref.key,
    params: ref.params,
    severity: definition.severity,
    scope: definition.scope,
    retryable: definition.retryable,
    waits: definition.waits,
    title: say(texts.title),
    remedy: say(texts.remedy),
    action: texts.action === null ? null : say([texts.action]),
    target: target && {
      screen: target.screen,
      field: target.field === undefined ? null : placeField(target.field, params),
      side: target.side ?? null,
    },
  }
}

/** Systems without a name of their own are still spoken of. */
const defaults = { system: 'The other system', source: 'the source' }

/** A field that nobody named gets no focus. */
function placeField(field: string, params: CauseParams): string | null {
  const [name] = placeholdersOf(field)
  if (name === undefined) return field
  return known(params, name) ? String(params[name]) : null
}

/** As `renderCause`, in the words that hold for all failures of its group. `more` are params of the group itself (`n`). */
export const renderGroup = (
  ref: CauseRef,
  more: CauseParams = {},
  options: RenderOptions = {},
): RenderedCause => {
  const { system, source } = ref.params
  const common = { ...(system === undefined ? {} : { system }), ...(source === undefined ? {} : { source }) }
  return renderCause({ key: ref.key, params: { ...common, ...groupParams(ref), ...more } }, options)
}
