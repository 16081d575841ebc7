import { Button, CheckboxControl } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, _n, sprintf } from '@wordpress/i18n'
import type { Failure, FailureGroup } from '@crosswalk/shared/contract'
import { mayChange, useBridge } from '../bridge.tsx'
import { useAction, useLoaded } from '../loaded.ts'
import { count, money } from '../parts/format.ts'
import { Loadable } from '../parts/Loadable.tsx'
import { Problem } from '../parts/Message.tsx'
import { recordName, recordPath } from '../parts/records.ts'
import { Time } from '../parts/Time.tsx'
import { PlaceLink } from '../place.tsx'
import { EditForm } from './EditForm.tsx'
import { entityIn } from './nouns.ts'

/** Records of a group that are shown, and how many more with each asking. */
const SHOWN = 20

export type State = 'open' | 'waiting'

/** The records of one cause, those that began to fail last first; each may be chosen. */
export function GroupRecords(props: {
  group: FailureGroup
  state: State
  chosen: ReadonlySet<string>
  choose: (failure: Failure, on: boolean) => void
  done: (text: string) => void
}) {
  const { group, state, chosen, choose, done } = props
  const { api, role } = useBridge()
  const [pages, setPages] = useState(1)
  const found = useLoaded(`${group.id} ${group.count} ${group.newestAt} ${pages}`, async () => {
    const { items, next } = await api.failures.list({
      query: { state, group: group.id, limit: Math.min(SHOWN * pages, 200) },
    })
    return { items, isAll: next === null }
  })
  if (group.count === 0) return null
  return (
    <Loadable of={found} lines={2}>
      {({ items, isAll }) => (
        <>
          <ul className="cw-rows">
            {items.map((failure) => (
              <Row
                key={keyOf(failure)}
                failure={failure}
                name={recordName(entityIn(group, failure.flowId), failure)}
                target={String(group.cause.params['system'] ?? '')}
                choice={mayChange(role) && state === 'open' ? { on: chosen.has(keyOf(failure)), set: (on) => choose(failure, on) } : null}
                done={done}
              />
            ))}
          </ul>
          {!isAll && items.length < 200 && (
            <Button __next40pxDefaultSize variant="tertiary" onClick={() => setPages(pages + 1)}>
              {/* translators: 1: number of records that are shown; 2: number of all */}
              {sprintf(__('Show more (%1$s of %2$s shown)', 'crosswalk'), ...([count(items.length), count(group.count)] as const))}
            </Button>
          )}
          {!isAll && items.length >= 200 && (
            <p className="cw-quiet">
              {/* translators: %s: number of records */}
              {sprintf(_n('%s more is in Activity.', '%s more are in Activity.', group.count - items.length, 'crosswalk'), count(group.count - items.length))}
            </p>
          )}
        </>
      )}
    </Loadable>
  )
} // prettier-ignore

export const keyOf = ({ flowId, externalId }: Pick<Failure, 'flowId' | 'externalId'>): string =>
  `${flowId} ${externalId}`

interface RowProps {
  failure: Failure
  name: string
  target: string
  choice: { on: boolean; set: (on: boolean) => void } | null
  done: (text: string) => void
}

function Row({ failure, name, target, choice, done }: RowProps) {
  const { api, role } = useBridge()
  const [edits, setEdits] = useState(false)
  const { amount, flowId, externalId } = failure
  const retry = useAction(async () => {
    await api.failures.retry({ body: { flowId, externalIds: [externalId] } })
    // translators: %s: a record, such as "Order #1042"
    done(sprintf(__('%s is being tried again.', 'crosswalk'), name))
  })
  return (
    <li className="cw-row">
      {choice && (
        <CheckboxControl
          __nextHasNoMarginBottom
          // translators: %s: a record, such as "Order #1042"
          aria-label={sprintf(__('Choose %s', 'crosswalk'), name)}
          checked={choice.on}
          onChange={choice.set}
        />
      )}
      <div>
        <PlaceLink to={recordPath(failure)} dir="auto">
          {name}
        </PlaceLink>
        {amount && <span className="cw-amount"> {money(amount.total, amount.currency)}</span>}
        <p className="cw-quiet">
          <Time at={failure.firstAt} seconds />
          {failure.tries > 1 &&
            // translators: %s: number of tries
            ` · ${sprintf(_n('%s try', '%s tries', failure.tries, 'crosswalk'), count(failure.tries))}`}
          {failure.nextTryAt && (
            <>
              {' · '}
              {__('next try', 'crosswalk')} <Time at={failure.nextTryAt} seconds />
            </>
          )}
        </p>
        <Problem error={retry.error} />
        {edits && (
          <EditForm record={failure} name={name} target={target} leave={() => setEdits(false)} done={(text) => { setEdits(false); done(text) }} />
        )}
      </div>
      {mayChange(role) && !edits && (
        <div className="cw-buttons">
          <Button __next40pxDefaultSize variant="tertiary" isBusy={retry.busy} onClick={() => void retry.run()}>
            {/* translators: %s: a record, such as "Order #1042" */}
            {sprintf(__('Retry %s', 'crosswalk'), name)}
          </Button>
          {failure.state === 'open' && (
            <Button __next40pxDefaultSize variant="tertiary" onClick={() => setEdits(true)}>
              {/* translators: %s: a record, such as "Order #1042" */}
              {sprintf(__('Edit and send %s…', 'crosswalk'), name)}
            </Button>
          )}
        </div>
      )}
    </li>
  )
} // prettier-ignore
