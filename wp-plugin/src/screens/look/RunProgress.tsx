import { Button, ProgressBar } from '@wordpress/components'
import { speak } from '@wordpress/a11y'
import { useEffect, useRef } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { Run } from '@crosswalk/shared/contract'
import { mayChange, useBridge } from '../bridge.tsx'
import { useAction } from '../loaded.ts'
import { doneOf } from '../overview/progress.ts'
import { useRun } from '../overview/useRun.ts'
import { Problem } from '../parts/Message.tsx'
import { isOpen, runState } from '../parts/runs.ts'

/** A run that only looks, as it goes: how far it is, and a way to stop it. @param changed with every news of it */
export function RunProgress({ started, changed }: { started: Run; changed: (run: Run) => void }) {
  const { api, role } = useBridge()
  const [run, setRun] = useRun(started)
  const stop = useAction(async () => setRun(await api.runs.cancel({ params: { runId: run.id } })))
  const latest = useRef(changed)
  latest.current = changed
  useEffect(() => latest.current(run), [run])
  const over = !isOpen(run)
  useEffect(() => {
    // translators: %s: how a run ended, such as "Done"
    if (over) speak(sprintf(__('Looking: %s.', 'crosswalk'), runState(run).word), 'polite')
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [over])
  return (
    <div data-run={run.state}>
      {!over && (
        <ProgressBar
          className="cw-progress"
          {...(run.total ? { value: Math.min(100, (100 * run.done) / run.total) } : {})}
          aria-label={__('Records looked at', 'crosswalk')}
          aria-valuetext={doneOf(run)}
        />
      )}
      <p className="cw-progress-line">
        {/* translators: 1: how a run stands, such as "Running"; 2: such as "1,209 of 2,418" */}
        {sprintf(__('%1$s: %2$s', 'crosswalk'), ...([runState(run).word, doneOf(run)] as const))}
      </p>
      {run.reason !== null && run.state !== 'succeeded' && <p>{run.reason}</p>}
      <Problem error={stop.error} />
      {!over && mayChange(role) && (
        <Button __next40pxDefaultSize variant="tertiary" isBusy={stop.busy} onClick={() => void stop.run()}>
          {__('Stop looking', 'crosswalk')}
        </Button>
      )}
    </div>
  ) // prettier-ignore
}
