import { __ } from '@wordpress/i18n'
import type { Finding } from '@crosswalk/shared/contract'
import { type State, StateIcon } from '../parts/state.tsx'

const SHOWN: Readonly<Record<Finding['state'], State>> = {
  ok: 'live',
  warning: 'attention',
  failed: 'failed',
}

function word(state: Finding['state']): string {
  if (state === 'ok') return __('Right:', 'crosswalk')
  return state === 'warning' ? __('Look at this:', 'crosswalk') : __('Not right:', 'crosswalk')
}

/** What a check found, in the order it looked: each with its cause and, where something is to be done, what. */
export const Findings = ({ findings }: { findings: readonly Finding[] }) =>
  findings.length === 0 ? null : (
    <ol className="cw-findings">
      {findings.map(({ id, state, text, remedy }) => (
        <li key={`${id} ${text}`} className={`is-${SHOWN[state]}`}>
          <StateIcon state={SHOWN[state]} />
          <div>
            <p>
              <span className="screen-reader-text">{word(state)} </span>
              {text}
            </p>
            {remedy !== '' && <p className="cw-quiet">{remedy}</p>}
          </div>
        </li>
      ))}
    </ol>
  )

/** What a person still has to look at; the rest is well. */
export const troubles = (findings: readonly Finding[]): Finding[] =>
  findings.filter(({ state }) => state !== 'ok')
