import { Button, ProgressBar } from '@wordpress/components'
import { speak } from '@wordpress/a11y'
import { useEffect, useRef, useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { Run } from '@crosswalk/shared/contract'
import { mayChange, useBridge } from '../bridge.tsx'
import { useAction } from '../loaded.ts'
import { Card } from '../parts/Card.tsx'
import { Confirm } from '../parts/Confirm.tsx'
import { Problem } from '../parts/Message.tsx'
import { isOpen, runState } from '../parts/runs.ts'
import { StateChip } from '../parts/state.tsx'
import { countsLine, doneOf, hint, progressLine } from './progress.ts'
import { useRun } from './useRun.ts'

type Verb = 'pause' | 'resume' | 'cancel'

/** Earlier orders on their way, or the last time they were brought. @param ended called once, when the run is over */
export function BackfillCard({ started, ended }: { started: Run; ended: () => void }) {
  const { api, role } = useBridge()
  const [run, setRun] = useRun(started)
  const [asks, setAsks] = useState(false)
  useSpokenProgress(run, ended)
  const turn = useAction(async (verb: Verb) => setRun(await api.runs[verb]({ params: { runId: run.id } })))
  const { state, word } = runState(run)
  const open = isOpen(run)
  return (
    <Card
      className="cw-run"
      title={__('Bringing earlier orders', 'crosswalk')}
      beside={<StateChip state={state} word={word} at={run.finishedAt} />}
    >
      <div data-run={run.state}>
        {open && !(run.state === 'paused' && run.total === null) && (
          <ProgressBar
            className="cw-progress"
            {...(run.total ? { value: Math.min(100, (100 * run.done) / run.total) } : {})}
            aria-label={__('Earlier orders brought over', 'crosswalk')}
            aria-valuetext={doneOf(run)}
          />
        )}
        <p className="cw-progress-line">{progressLine(run)}</p>
        <p className="cw-quiet">
          {countsLine(run)}
          {run.reason !== null && run.state !== 'succeeded' && ` · ${run.reason}`}
        </p>
        <Problem error={turn.error} />
        {open && mayChange(role) && (
          <div className="cw-buttons">
            {run.state === 'paused' ? (
              <Button __next40pxDefaultSize variant="primary" isBusy={turn.busy} onClick={() => void turn.run('resume')}>
                {__('Resume', 'crosswalk')}
              </Button>
            ) : (
              <Button __next40pxDefaultSize variant="secondary" isBusy={turn.busy} onClick={() => void turn.run('pause')}>
                {__('Pause', 'crosswalk')}
              </Button>
            )}
            <Button __next40pxDefaultSize variant="tertiary" onClick={() => setAsks(true)}>
              {__('Stop…', 'crosswalk')}
            </Button>
          </div>
        )}
        <p className="cw-quiet">{hint(run)}</p>
      </div>
      {asks && open && (
        <Confirm
          question={__('Stop bringing earlier orders?', 'crosswalk')}
          act={__('Stop bringing them', 'crosswalk')}
          leave={__('Keep it going', 'crosswalk')}
          destructive
          busy={turn.busy}
          onLeave={() => setAsks(false)}
          onAct={() => void turn.run('cancel').then(() => setAsks(false))}
        >
          <p>
            {/* translators: %s: such as "1,209 of 2,418" */}
            {run.total !== null && `${sprintf(__('%s were looked at.', 'crosswalk'), doneOf(run))} `}
            {__('What was brought over stays where it is. Earlier orders that are still missing are not brought; new ones go on.', 'crosswalk')}
          </p>
        </Confirm>
      )}
    </Card>
  ) // prettier-ignore
}

/** Tells a screen reader each quarter that is done, and the end. */
function useSpokenProgress(run: Run, ended: () => void): void {
  const quarter = Math.floor((run.total ? run.done / run.total : 0) * 4)
  const told = useRef({ quarter, over: !isOpen(run) })
  const latest = useRef(ended)
  latest.current = ended
  useEffect(() => {
    if (isOpen(run)) {
      // translators: %s: such as "1,209 of 2,418"
      const words = sprintf(__('Bringing earlier orders: %s.', 'crosswalk'), doneOf(run))
      if (quarter > told.current.quarter) speak(words, 'polite')
      told.current.quarter = Math.max(quarter, told.current.quarter)
      return
    }
    if (told.current.over) return
    told.current.over = true
    // translators: 1: such as "Done"; 2: numbers of records that are new, changed, failed
    const words = __('Bringing earlier orders: %1$s. %2$s.', 'crosswalk')
    speak(sprintf(words, ...([runState(run).word, countsLine(run)] as const)), 'polite')
    latest.current()
  }, [run, quarter])
}
