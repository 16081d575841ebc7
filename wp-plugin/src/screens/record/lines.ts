import { __, _n, sprintf } from '@wordpress/i18n'
import { count, exactly, money } from '../parts/format.ts'
import { detailOf, type RecordData } from './detail.ts'

/** `version 6 of your rules · 18 filled · 1 left as it is · 0 problems`. */
export function rulesLine(record: RecordData): string {
  const version = record.history[0]?.mappingVersion
  const of = version
    ? // translators: %s: number of a version
      sprintf(__('version %s of your rules', 'crosswalk'), String(version))
    : __('no rules ran', 'crosswalk')
  const all = (detailOf(record)?.traces ?? []).flatMap((trace) => trace.rules)
  if (all.length === 0) return of
  const filled = all.filter(({ outcome }) => outcome === 'written').length
  const problems = all.filter(({ outcome }) => outcome === 'failed').length
  const left = all.length - filled - problems
  return [
    of,
    // translators: %s: number of fields
    sprintf(__('%s filled', 'crosswalk'), count(filled)),
    // translators: %s: number of fields
    sprintf(_n('%s left as it is', '%s left as they are', left, 'crosswalk'), count(left)),
    // translators: %s: number of problems
    sprintf(_n('%s problem', '%s problems', problems, 'crosswalk'), count(problems)),
  ].join(' · ')
}

const textOf = (record: RecordData, name: string): string | null => {
  const value = record.summary[name]
  return typeof value === 'string' && value !== '' ? value : null
}
export const totalOf = (record: RecordData): string | null => {
  const total = textOf(record, 'total')
  return total === null ? null : money(total, textOf(record, 'currency'))
}
export const summaryText = textOf
export const warningsOf = (record: RecordData): string[] =>
  Array.isArray(record.summary['warnings']) ? record.summary['warnings'].map(String) : []

/** `3 made · 1 changed · total EUR 108.90`. */
export function sentLine(record: RecordData): string {
  const parts = detailOf(record)?.parts ?? []
  const total = totalOf(record)
  const wrote = (kind: string): string => count(parts.filter((part) => part.wrote === kind).length)
  return [
    // translators: %s: number of records
    sprintf(__('%s made', 'crosswalk'), wrote('create')),
    // translators: %s: number of records
    sprintf(__('%s changed', 'crosswalk'), wrote('update')),
    // translators: %s: an amount of money
    total === null ? null : sprintf(__('total %s', 'crosswalk'), total),
  ]
    .filter((text) => text !== null)
    .join(' · ')
}

/** @param target name of the system */
export function answerLine(record: RecordData, target: string): string {
  // translators: %s: name of a system
  if (record.state === 'failed') return sprintf(__('%s refused it, or it was not sent.', 'crosswalk'), target)
  const last = record.history[0]
  if (!last) return __('Nothing was sent yet.', 'crosswalk')
  return `${exactly(last.at)}: ${last.summary}`
}
