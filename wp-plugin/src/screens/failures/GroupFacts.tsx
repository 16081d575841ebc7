import type { ReactNode } from 'react'
import { createInterpolateElement } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { FailureGroup } from '@crosswalk/shared/contract'
import { money } from '../parts/format.ts'
import { Time } from '../parts/Time.tsx'
import { countOf, entityOf } from './nouns.ts'

/** `5 orders · since 12:10 · EUR 614.06`. */
export function GroupFacts({ group }: { group: FailureGroup }) {
  const { count, since, sums, nextTryAt, flows, standing } = group
  const facts: ReactNode[] = [
    count > 0 && countOf(entityOf(group), count),
    createInterpolateElement(__('since <time />', 'crosswalk'), { time: <Time at={since} /> }),
    ...sums.map(({ total, currency }) => money(total, currency)),
    nextTryAt &&
      createInterpolateElement(__('next try <time />', 'crosswalk'), {
        time: <Time at={nextTryAt} seconds />,
      }),
    // translators: %s: name of a flow
    ...(flows.length > 1 || standing?.flowId ? flows.map(({ name }) => sprintf(__('flow %s', 'crosswalk'), name)) : []), // prettier-ignore
  ]
  return (
    <span className="cw-quiet">
      {facts.filter(Boolean).map((fact, i) => (
        <span key={i}>
          {i > 0 && ' · '}
          {fact}
        </span>
      ))}
    </span>
  )
}
