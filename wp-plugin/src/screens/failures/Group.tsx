import { Button } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, _n, sprintf } from '@wordpress/i18n'
import type { Failure, FailureGroup, Run } from '@crosswalk/shared/contract'
import { mayChange, useBridge } from '../bridge.tsx'
import { useAction } from '../loaded.ts'
import { Confirm } from '../parts/Confirm.tsx'
import { Disclosure } from '../parts/Details.tsx'
import { count } from '../parts/format.ts'
import { Problem } from '../parts/Message.tsx'
import { StateIcon } from '../parts/state.tsx'
import { aboutGroup, byFlow, wayOf, wordsOf } from './cause.ts'
import { EditForm } from './EditForm.tsx'
import { GroupFacts } from './GroupFacts.tsx'
import { GroupRecords, keyOf, type State } from './GroupRecords.tsx'
import { IgnoreQuestion } from './IgnoreQuestion.tsx'
import { countOf, entityIn, entityOf } from './nouns.ts'
import { Remedy } from './Remedy.tsx'
import { RetryRun } from './RetryRuns.tsx'
import { recordName } from '../parts/records.ts'

/** From more than this on, the number is asked about before so many are sent. */
const MANY = 20

/**
 * One cause: what happened, what to do, and its records.
 * @param first the remedy of the largest group is the page's one primary button
 * @param done told what was done, in words; the list is read again
 */
export function Group(props: {
  group: FailureGroup
  state: State
  first: boolean
  open: boolean
  done: (text: string | null) => void
}) {
  const { group, state, first, done } = props
  const { api, role } = useBridge()
  const [open, setOpen] = useState(props.open)
  const [asks, setAsks] = useState<'retry' | 'ignore' | null>(null)
  const [edits, setEdits] = useState(false)
  const [chosen, setChosen] = useState<ReadonlyMap<string, Failure>>(new Map())
  const [runs, setRuns] = useState<readonly Run[]>([])
  const entity = entityOf(group)
  const about = aboutGroup(group)
  const way = wayOf(about)
  const { title, remedy } = wordsOf(group.cause)
  const size = chosen.size > 0 ? chosen.size : group.count
  // translators: %s: number and kind of records, such as "5 orders"
  const retryText = sprintf(__('Retry %s', 'crosswalk'), countOf(entity, size))
  // translators: %s: number and kind of records, such as "5 orders"
  const ignoreText = sprintf(__('Ignore %s', 'crosswalk'), countOf(entity, size))

  const retry = useAction(async () => {
    if (chosen.size > 0) {
      for (const records of byFlow([...chosen.values()])) await api.failures.retry({ body: records })
      setChosen(new Map())
      done(
        sprintf(
          // translators: %s: number of records
          _n('%s record is being tried again.', '%s records are being tried again.', size, 'crosswalk'),
          count(size),
        ),
      )
    } else setRuns((await api.failures.retry({ body: { group: group.id } })).runs)
    setAsks(null)
  })
  const ignore = async (note: string): Promise<void> => {
    let ignored = 0
    if (chosen.size === 0) ({ ignored } = await api.failures.ignore({ body: { group: group.id, note } }))
    for (const records of byFlow([...chosen.values()])) {
      ignored += (await api.failures.ignore({ body: { ...records, note } })).ignored
    }
    setChosen(new Map())
    setAsks(null)
    // translators: %s: number of records
    done(sprintf(_n('%s record is ignored.', '%s records are ignored.', ignored, 'crosswalk'), count(ignored)))
  }
  const choose = (failure: Failure, on: boolean): void => {
    const next = new Map(chosen)
    if (on) next.set(keyOf(failure), failure)
    else next.delete(keyOf(failure))
    setChosen(next)
  }
  const [sample] = group.samples
  const canRetry = group.count > 0 && state === 'open'
  const remedyFirst = first && !group.cause.retryable && way !== null
  return (
    <div className="cw-failure" data-cause={group.cause.key} data-waits={group.cause.severity === 'waiting'}>
      <Disclosure
        open={open}
        onToggle={setOpen}
        summary={
          <>
            <StateIcon state={group.cause.severity} /> <strong>{title}</strong> <GroupFacts group={group} />
          </>
        }
      >
        <p>{remedy}</p>
        {canRetry && !group.cause.retryable && (
          <p className="cw-quiet">{__('Until then a retry fails again.', 'crosswalk')}</p>
        )}
        <Problem error={retry.error} />
        {runs.map((run) => (
          <RetryRun key={run.id} started={run} ended={() => done(null)} />
        ))}
        {mayChange(role) && (
          <div className="cw-buttons">
            <Remedy
              way={way === 'edit' && group.count !== 1 ? null : way}
              action={group.cause.action}
              variant={remedyFirst ? 'primary' : 'secondary'}
              onEdit={() => setEdits(true)}
            />
            {canRetry && (
              <Button
                __next40pxDefaultSize
                variant={first && group.cause.retryable ? 'primary' : 'secondary'}
                isBusy={retry.busy}
                onClick={() => (size > MANY ? setAsks('retry') : void retry.run())}
              >
                {retryText}
              </Button>
            )}
            {canRetry && (
              <Button __next40pxDefaultSize variant="tertiary" onClick={() => setAsks('ignore')}>
                {__('Ignore…', 'crosswalk')}
              </Button>
            )}
          </div>
        )}
        {edits && sample && (
          <EditForm
            record={sample}
            name={recordName(entityIn(group, sample.flowId), sample)}
            target={String(group.cause.params['system'] ?? '')}
            leave={() => setEdits(false)}
            done={(text) => {
              setEdits(false)
              done(text)
            }}
          />
        )}
        {open && <GroupRecords group={group} state={state} chosen={new Set(chosen.keys())} choose={choose} done={done} />}
      </Disclosure>
      {asks === 'retry' && (
        <Confirm
          // translators: %s: number and kind of records, such as "5 orders"
          question={sprintf(__('Retry %s?', 'crosswalk'), countOf(entity, size))}
          act={retryText}
          leave={__('Not now', 'crosswalk')}
          busy={retry.busy}
          error={retry.error}
          onLeave={() => setAsks(null)}
          onAct={() => void retry.run()}
        >
          <p>
            {group.cause.retryable
              ? __('Each is read again and sent with today’s rules. New records go first meanwhile.', 'crosswalk')
              : __('Each is read again and sent with today’s rules. Unless the cause is gone, they fail again.', 'crosswalk')}
          </p>
        </Confirm>
      )}
      {asks === 'ignore' && (
        <IgnoreQuestion
          // translators: %s: number and kind of records, such as "5 orders"
          question={sprintf(__('Ignore %s?', 'crosswalk'), countOf(entity, size))}
          act={ignoreText}
          ignore={ignore}
          leave={() => setAsks(null)}
        />
      )}
    </div>
  )
} // prettier-ignore
