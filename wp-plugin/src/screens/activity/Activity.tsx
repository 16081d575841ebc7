import { useMemo, useRef, useState } from '@wordpress/element'
import { Button } from '@wordpress/components'
import { __, _n, sprintf } from '@wordpress/i18n'
import { RECORD_STATES, type Flow, type SyncRecord } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import { useLoaded } from '../loaded.ts'
import { count } from '../parts/format.ts'
import { Empty, Loadable } from '../parts/Loadable.tsx'
import { Page } from '../parts/Page.tsx'
import { Pager } from '../parts/Pager.tsx'
import { PlaceButton, usePlace } from '../place.tsx'
import { Filters } from './Filters.tsx'
import { RecordsTable } from './RecordsTable.tsx'

const PAGE = 50
const REFRESH_MS = 10_000

interface Found {
  /** The filters and the page it was asked for with. */
  of: string
  items: SyncRecord[]
  next: string | null
  flows: Flow[]
}

/** Where is order X: every record, last changed first. */
export function Activity() {
  const { api } = useBridge()
  const { query } = usePlace()
  const { cursor, search, state, flow } = query
  const filters = {
    ...(search ? { search } : {}),
    ...(flow ? { flowId: flow } : {}),
    ...(isState(state) ? { state } : {}),
  }
  const of = JSON.stringify(query)
  const found = useLoaded<Found>(
    of,
    async () => {
      const [page, flows] = await Promise.all([
        api.records.list({ query: { ...filters, limit: PAGE, ...(cursor ? { cursor } : {}) } }),
        api.flows.list(),
      ])
      return { ...page, of, flows: flows.items }
    },
    () => REFRESH_MS,
  )
  // The list stays until the next one is there, and with it the buttons that have the focus.
  const last = useRef<Found | null>(null)
  last.current = found.data ?? last.current
  const data = found.data ?? (found.error === null ? last.current : null)
  return (
    <Page title={__('Activity', 'crosswalk')}>
      <Filters flows={last.current?.flows ?? []} />
      <div aria-busy={found.data === null && found.error === null}>
        <Loadable of={{ ...found, data }} lines={8}>
          {(shown) => <Shown fresh={shown} isFiltered={Object.keys(filters).length > 0} />}
        </Loadable>
      </div>
    </Page>
  ) // prettier-ignore
}

const isState = (text: string | undefined): text is SyncRecord['state'] =>
  (RECORD_STATES as readonly string[]).includes(text ?? '')

const nameOf = ({ flowId, externalId }: SyncRecord): string => `${flowId} ${externalId}`
const versionOf = (record: SyncRecord): string => `${nameOf(record)} ${record.updatedAt}`

/** The list stays under the reader's pointer; what has changed since is offered, not pushed. */
function Shown({ fresh, isFiltered }: { fresh: Found; isFiltered: boolean }) {
  const [kept, setTaken] = useState(fresh)
  // Of another page or with other filters nothing is held back.
  const taken = kept.of === fresh.of ? kept : fresh
  if (kept !== taken) setTaken(fresh)
  const news = useMemo(() => {
    const known = new Set(taken.items.map(versionOf))
    return fresh.items.filter((record) => !known.has(versionOf(record))).length
  }, [taken, fresh])
  const list = taken.items.length === 0 ? fresh : taken
  if (list.items.length === 0) return <NothingHere isFiltered={isFiltered} />
  return (
    <>
      <p className="cw-news" role="status">
        {list === taken && news > 0 && (
          <Button __next40pxDefaultSize variant="secondary" onClick={() => setTaken(fresh)}>
            {/* translators: %s: number of records */}
            {sprintf(_n('Show %s change', 'Show %s changes', news, 'crosswalk'), count(news))}
          </Button>
        )}
      </p>
      <RecordsTable records={list.items} flows={fresh.flows} />
      <Pager next={list.next} />
    </>
  )
}

const NothingHere = ({ isFiltered }: { isFiltered: boolean }) =>
  isFiltered ? (
    <Empty
      why={__('No record fits these filters.', 'crosswalk')}
      next={__('Search by the exact number, or show all.', 'crosswalk')}
    >
      <PlaceButton to="/activity">{__('Clear filters', 'crosswalk')}</PlaceButton>
    </Empty>
  ) : (
    <Empty
      why={__('Nothing has travelled yet.', 'crosswalk')}
      next={__('Records show here as soon as a flow is live.', 'crosswalk')}
    >
      <PlaceButton to="/">{__('Go to the overview', 'crosswalk')}</PlaceButton>
    </Empty>
  )
