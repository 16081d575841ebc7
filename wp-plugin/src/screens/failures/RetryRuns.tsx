import { ProgressBar } from '@wordpress/components'
import { speak } from '@wordpress/a11y'
import { useEffect, useRef } from '@wordpress/element'
import { __, _n, sprintf } from '@wordpress/i18n'
import type { Run } from '@crosswalk/shared/contract'
import { doneOf, progressLine } from '../overview/progress.ts'
import { useRun } from '../overview/useRun.ts'
import { count } from '../parts/format.ts'
import { Message } from '../parts/Message.tsx'
import { isOpen } from '../parts/runs.ts'

/** A retry of all of one cause in one flow, as it goes and what it came to. @param ended called once, when it is over */
export function RetryRun({ started, ended }: { started: Run; ended: () => void }) {
  const [run] = useRun(started)
  const open = isOpen(run)
  const told = useRef(false)
  const latest = useRef(ended)
  latest.current = ended
  useEffect(() => {
    if (open || told.current) return
    told.current = true
    speak(summaryOf(run), 'polite')
    latest.current()
  }, [open, run])
  if (!open) return <Message kind={run.counts.failed > 0 || run.state === 'failed' ? 'warning' : 'success'} spoken={null}>{summaryOf(run)}</Message> // prettier-ignore
  return (
    <div className="cw-run" data-run={run.state}>
      <ProgressBar
        className="cw-progress"
        {...(run.total ? { value: Math.min(100, (100 * run.done) / run.total) } : {})}
        aria-label={__('Records tried again', 'crosswalk')}
        aria-valuetext={doneOf(run)}
      />
      <p className="cw-quiet">
        {progressLine(run)} · {__('You can close this page; the bridge goes on.', 'crosswalk')}
      </p>
    </div>
  )
}

/** `1,233 solved, 7 still failing.` */
export function summaryOf({ done, counts, state, reason }: Run): string {
  const solved = Math.max(0, done - counts.failed)
  // translators: %s: number of records
  const words: string[] = [sprintf(_n('%s solved', '%s solved', solved, 'crosswalk'), count(solved))]
  if (counts.failed > 0) {
    // translators: %s: number of records
    words.push(sprintf(_n('%s still failing', '%s still failing', counts.failed, 'crosswalk'), count(counts.failed))) // prettier-ignore
  }
  const said = `${words.join(', ')}.`
  return reason !== null && state !== 'succeeded' ? `${said} ${reason}` : said
}
