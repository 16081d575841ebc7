import { Button } from '@wordpress/components'
import { __, sprintf } from '@wordpress/i18n'
import type { Failure, Flow } from '@crosswalk/shared/contract'
import { mayChange, useBridge } from '../bridge.tsx'
import { useAction, useLoaded } from '../loaded.ts'
import { Empty, Loadable } from '../parts/Loadable.tsx'
import { Problem } from '../parts/Message.tsx'
import { Pager } from '../parts/Pager.tsx'
import { recordName, recordPath } from '../parts/records.ts'
import { Time } from '../parts/Time.tsx'
import { PlaceLink, usePlace } from '../place.tsx'
import { wordsOf } from './cause.ts'
import { endedWord } from './nouns.ts'

/** What was solved, or set aside, the last first. */
export function Closed({ state, done }: { state: 'ignored' | 'ended'; done: (text: string) => void }) {
  const { api } = useBridge()
  const { cursor } = usePlace().query
  const found = useLoaded(`${state} ${cursor ?? ''}`, async () => {
    const [page, flows] = await Promise.all([
      api.failures.list({ query: { state, ...(cursor === undefined ? {} : { cursor }) } }),
      api.flows.list(),
    ])
    return { ...page, kinds: new Map(flows.items.map(({ id, entity }) => [id, entity])) }
  })
  return (
    <Loadable of={found} lines={3}>
      {({ items, next, kinds }) =>
        items.length === 0 ? (
          <Nothing state={state} />
        ) : (
          <>
            <ul className="cw-rows">
              {items.map((failure) => (
                <Row key={`${failure.flowId} ${failure.externalId} ${failure.closedAt}`} failure={failure} kind={kinds.get(failure.flowId)} done={(text) => { done(text); found.reload() }} />
              ))}
            </ul>
            <Pager next={next} />
          </>
        )
      }
    </Loadable>
  )
} // prettier-ignore

const Nothing = ({ state }: { state: 'ignored' | 'ended' }) =>
  state === 'ignored' ? (
    <Empty
      why={__('Nothing is ignored.', 'crosswalk')}
      next={__('What you ignore stays here with your note, and you can take it back.', 'crosswalk')}
    />
  ) : (
    <Empty
      why={__('Nothing was solved in the last days.', 'crosswalk')}
      next={__('Failures that end are kept here for 14 days.', 'crosswalk')}
    />
  )

function Row({
  failure,
  kind,
  done,
}: {
  failure: Failure
  kind: Flow['entity'] | undefined
  done: (text: string) => void
}) {
  const { api, role } = useBridge()
  const { flowId, externalId, note, state } = failure
  const name = recordName(kind, failure)
  const back = useAction(async () => {
    await api.failures.restore({ body: { flowId, externalIds: [externalId] } })
    // translators: %s: a record, such as "Order #1042"
    done(sprintf(__('%s is open again.', 'crosswalk'), name))
  })
  return (
    <li className="cw-row">
      <div>
        <PlaceLink to={recordPath(failure)} dir="auto">
          {name}
        </PlaceLink>{' '}
        <span className="cw-quiet">{wordsOf(failure.cause).title}</span>
        <p className="cw-quiet">
          {state === 'ignored' ? <bdi>{note}</bdi> : endedWord(failure.ended)}
          {' · '}
          <Time at={failure.closedAt} seconds />
        </p>
        <Problem error={back.error} />
      </div>
      {state === 'ignored' && mayChange(role) && (
        <div className="cw-buttons">
          <Button __next40pxDefaultSize variant="secondary" isBusy={back.busy} onClick={() => void back.run()}>
            {/* translators: %s: a record, such as "Order #1042" */}
            {sprintf(__('Take %s back', 'crosswalk'), name)}
          </Button>
        </div>
      )}
    </li>
  ) // prettier-ignore
}
