import type { Entity } from '@crosswalk/shared/model'
import type { AlarmFacts, AlarmRow } from '../store/alarm-schema.ts'
import { ENGLISH, WORDS_OF, type Catalogue, type WordsOf } from './words.ts'

/** An alarm in words. */
export interface Said {
  title: string
  what: string
  why: string | null
  remedy: string
  calm: string | null
  /** That it is over: in short, with the time, and how long it took. */
  solved: { title: string; what: string; took: string }
}

/** Longest title: what a list of mails shows of a subject. */
const TITLE_CHARS = 60

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/**
 * Puts values into a text's named places. Values are data: control characters and what looks like a mail address are
 * taken out, for names of accounts are made by people.
 */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) => {
    if (!Object.hasOwn(values, name)) throw new Error(`the text has no value for ${place}`)
    return clean(values[name] as string)
  })
}

export const clean = (text: string): string =>
  text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replace(/[^\s“”()<>]+@[^\s“”()<>]+/g, '…').toWellFormed().trim() // prettier-ignore

/** A number as people write it: 1,240. */
const numberText = (n: number, words: Catalogue): string => new Intl.NumberFormat(words.locale).format(n)

function plural(
  forms: { one: string; other: string },
  n: number,
  words: Catalogue,
  more: Record<string, string> = {},
): string {
  const form = new Intl.PluralRules(words.locale).select(n) === 'one' ? forms.one : forms.other
  return fill(form, { ...more, n: numberText(n, words) })
}

/** A length of time in its largest fitting unit: `45 minutes`, `9 hours`, `3 days`. */
export function lengthText(ms: number, words: Catalogue = ENGLISH): string {
  if (ms < MINUTE_MS) return words.shortTime
  if (ms < 2 * HOUR_MS) return plural(words.units.minute, Math.floor(ms / MINUTE_MS), words)
  if (ms < 2 * DAY_MS) return plural(words.units.hour, Math.floor(ms / HOUR_MS), words)
  return plural(words.units.day, Math.floor(ms / DAY_MS), words)
}

/** A time as it is read: `12:10 today (Europe/Amsterdam)`, `4 Nov, 14:02 (UTC)`, `4 Nov 2025, 14:02 (UTC)`. */
export function timeText(at: Date, now: Date, zone: string, words: Catalogue = ENGLISH): string {
  const show = (options: Intl.DateTimeFormatOptions, date = at): string =>
    new Intl.DateTimeFormat(words.locale, { timeZone: zone, ...options }).format(date)
  const time = show({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const day: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' }
  if (show(day) === show(day, now)) return `${fill(words.today, { time })} (${zone})`
  const sameYear = show({ year: 'numeric' }) === show({ year: 'numeric' }, now)
  const date = show(sameYear ? { day: 'numeric', month: 'short' } : day)
  return `${date}, ${time} (${zone})`
}

/** Cuts a title to what is read of it; the end goes, which is the place. */
function cut(title: string): string {
  return title.length <= TITLE_CHARS ? title : `${title.slice(0, TITLE_CHARS - 1).trimEnd()}…`
}

const wordsOf = (facts: AlarmFacts): WordsOf => {
  const name = facts['words']
  return WORDS_OF.find((known) => known === name) ?? 'unread'
}

/**
 * An alarm in words, as of `now`: what happened, why, what to do, what is not affected, and how its end reads.
 * Times are told in `zone`.
 */
export function say(
  alarm: Pick<AlarmRow, 'facts' | 'since' | 'ended_at'>,
  now: Date,
  zone: string,
  words: Catalogue = ENGLISH,
): Said {
  const { facts } = alarm
  const of = words.messages[wordsOf(facts)]
  const values = valuesOf(alarm, now, zone, words)
  const solved = fill(of.solved, values)
  const why = of.why === undefined || values['reason'] === '' ? null : fill(of.why, values)
  return {
    title: cut(fill(of.title, values)),
    what: fill(of.what, values),
    why,
    remedy: fill(of.remedy, values),
    calm: of.calm === undefined ? null : fill(of.calm, values),
    solved: {
      title: cut(solved),
      what: fill(words.mail.solved, { ...values, solved }),
      took: fill(words.mail.took, values),
    },
  }
}

function valuesOf(
  alarm: Pick<AlarmRow, 'facts' | 'since' | 'ended_at'>,
  now: Date,
  zone: string,
  words: Catalogue,
): Record<string, string> {
  const { facts, since } = alarm
  const text = (name: string): string => String(facts[name] ?? '')
  const number = (name: string): number => Number(facts[name] ?? 0)
  const nouns = words.nouns[text('entity') as Entity] ?? words.nouns.order
  const until = alarm.ended_at ?? now
  const time = (at: Date): string => timeText(at, now, zone, words)
  return {
    ...nouns,
    account: text('account'),
    system: text('system'),
    target: text('target'),
    flow: text('flow'),
    reason: text('reason'),
    from: text('from'),
    to: text('to'),
    examples: text('examples'),
    todo: text('todo'),
    usual: numberText(number('usual'), words),
    limit: numberText(number('limit'), words),
    records: plural(words.counted, number('count'), words, nouns),
    recordsAre: plural(words.countedAre, number('count'), words, nouns),
    changes: plural(words.changes, number('count'), words),
    causes: plural(words.causes, number('causes'), words),
    flows: number('flows') === 0 ? words.noFlows : plural(words.flows, number('flows'), words),
    every: lengthText(number('everyMs'), words),
    length: lengthText(until.getTime() - since.getTime(), words),
    left: lengthText(number('until') - until.getTime(), words),
    until: time(new Date(number('until'))),
    since: time(since),
    at: time(until),
  }
}
