import { __ } from '@wordpress/i18n'
import { exactly, inFull, when } from './format.ts'

/** An instant in short, with the exact one and its zone behind it. @param at UTC instant; null: never */
export function Time({ at, seconds = false }: { at: string | null; seconds?: boolean }) {
  if (at === null) return <>{__('never', 'crosswalk')}</>
  return (
    <time dateTime={at} title={inFull(at)}>
      {seconds ? exactly(at) : when(at)}
    </time>
  )
}
