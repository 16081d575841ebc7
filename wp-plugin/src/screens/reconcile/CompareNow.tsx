import { Button, ProgressBar } from '@wordpress/components'
import { speak } from '@wordpress/a11y'
import { useEffect, useRef, useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { Flow, Run } from '@crosswalk/shared/contract'
import { mayChange, useBridge } from '../bridge.tsx'
import { useAction } from '../loaded.ts'
import { doneOf } from '../overview/progress.ts'
import { useRun } from '../overview/useRun.ts'
import { Problem } from '../parts/Message.tsx'
import { isOpen, runState } from '../parts/runs.ts'

/** Compares both sides at once, as a run; and how far it is. @param last the run under way, or the last one */
export function CompareNow({ flow, last, ended }: { flow: Flow; last: Run | null; ended: () => void }) {
  const { api, role } = useBridge()
  const [started, setStarted] = useState(last)
  const start = useAction(async () =>
    setStarted(await api.runs.start({ params: { flowId: flow.id }, body: { kind: 'reconcile' } })),
  )
  const run = started !== null && isOpen(started) ? started : null
  return (
    <>
      {run !== null && <Comparing key={run.id} started={run} ended={() => {
        setStarted(null)
        ended()
      }} />}
      {run === null && mayChange(role) && flow.state === 'active' && (
        <Button __next40pxDefaultSize variant="primary" isBusy={start.busy} onClick={() => void start.run()}>
          {__('Compare now', 'crosswalk')}
        </Button>
      )}
      <Problem error={start.error} />
    </>
  )
} // prettier-ignore

function Comparing({ started, ended }: { started: Run; ended: () => void }) {
  const [run] = useRun(started)
  const latest = useRef(ended)
  latest.current = ended
  const open = isOpen(run)
  useEffect(() => {
    if (open) return
    // translators: %s: such as "Done"
    speak(sprintf(__('Comparing: %s.', 'crosswalk'), runState(run).word), 'polite')
    latest.current()
  }, [open, run])
  return (
    <span className="cw-comparing" data-run={run.state} role="status">
      <ProgressBar
        {...(run.total ? { value: Math.min(100, (100 * run.done) / run.total) } : {})}
        aria-label={__('Records compared', 'crosswalk')}
        aria-valuetext={doneOf(run)}
      />
      <span>
        {/* translators: %s: such as "1,209 of 2,418" */}
        {sprintf(__('Comparing: %s', 'crosswalk'), doneOf(run))}
      </span>
    </span>
  )
}
