import type { ReactNode } from 'react'
import { createInterpolateElement } from '@wordpress/element'
import { __ } from '@wordpress/i18n'
import type { Loaded } from '../loaded.ts'
import { Problem } from './Message.tsx'
import { Time } from './Time.tsx'

/** Grey lines in place of what is coming; not for waits under 300 ms. */
export const Loading = ({ lines = 4 }: { lines?: number }) => (
  <div className="cw-loading" role="status" aria-label={__('Loading', 'crosswalk')}>
    {Array.from({ length: lines }, (_, line) => (
      <span key={line} />
    ))}
  </div>
)

/** What was asked for, or that it is coming, or why it is not: the last good data stays, with its time. */
export function Loadable<T>({
  of,
  lines,
  children,
}: {
  of: Loaded<T>
  lines?: number
  children: (data: T) => ReactNode
}) {
  // prettier-ignore
  const { data, error, at, reload } = of
  return (
    <div aria-busy={data === null && error === null}>
      <Problem error={error} again={reload} />
      {error !== null && data !== null && at !== null && (
        <p className="cw-quiet">
          {createInterpolateElement(__('As of <time />.', 'crosswalk'), {
            time: <Time at={new Date(at).toISOString()} seconds />,
          })}
        </p>
      )}
      {data !== null ? children(data) : error === null && <Loading {...(lines ? { lines } : {})} />}
    </div>
  )
}

/** Why nothing is here, what next, and one way there. */
export const Empty = ({ why, next, children }: { why: string; next: string; children?: ReactNode }) => (
  <div className="cw-empty">
    <p>{why}</p>
    <p>{next}</p>
    {children}
  </div>
)
