import { Button, Modal, TextControl } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, _n, sprintf } from '@wordpress/i18n'
import { mayChange, useBridge } from '../bridge.tsx'
import { useLoaded } from '../loaded.ts'
import { DataTable } from '../parts/DataTable.tsx'
import { exactCount } from '../parts/format.ts'
import { Empty, Loadable } from '../parts/Loadable.tsx'
import { Page } from '../parts/Page.tsx'
import { StateChip } from '../parts/state.tsx'
import { Time } from '../parts/Time.tsx'
import { pathOf, PlaceLink, usePlace } from '../place.tsx'

/** All lists: those that records wait for first. */
export default function ListsPage() {
  const { api, role } = useBridge()
  const [asks, setAsks] = useState(false)
  const all = useLoaded('lists', async () => (await api.lookups.summaries()).items)
  const add = mayChange(role) && (
    <Button __next40pxDefaultSize variant="secondary" onClick={() => setAsks(true)}>
      {__('New list', 'crosswalk')}
    </Button>
  )
  return (
    <Page title={__('Lists', 'crosswalk')} primary={all.data && all.data.length > 0 ? add : null}>
      <Loadable of={all} lines={4}>
        {(items) =>
          items.length === 0 ? (
            <Empty
              why={__('There is no list yet.', 'crosswalk')}
              next={__('A list says what a value of one system is called in the other, such as a tax rate and its code.', 'crosswalk')}
            >
              {add}
            </Empty>
          ) : (
            <DataTable
              caption={__('Lists; those that records wait for come first', 'crosswalk')}
              rows={[...items].sort((a, b) => b.waiting - a.waiting || a.name.localeCompare(b.name))}
              keyOf={({ name }) => name}
              columns={[
                { name: __('List', 'crosswalk'), cell: ({ name }) => <PlaceLink to={pathOf('lists', name)} dir="auto">{name}</PlaceLink> },
                { name: __('Lines', 'crosswalk'), number: true, cell: ({ rows }) => (rows === null ? __('not made yet', 'crosswalk') : exactCount(rows)) },
                { name: __('Used by', 'crosswalk'), cell: ({ flows }) => flows.join(', ') },
                { name: __('Changed', 'crosswalk'), cell: ({ updatedAt }) => updatedAt && <Time at={updatedAt} /> },
                { name: __('State', 'crosswalk'), cell: ({ waiting, rows }) => <Waiting waiting={waiting} isThere={rows !== null} /> },
              ]}
            />
          )
        }
      </Loadable>
      {asks && <NewList leave={() => setAsks(false)} />}
    </Page>
  )
} // prettier-ignore

const Waiting = ({ waiting, isThere }: { waiting: number; isThere: boolean }) =>
  waiting > 0 ? (
    // translators: %s: number of records
    <StateChip state="failed" word={sprintf(_n('%s record waits', '%s records wait', waiting, 'crosswalk'), exactCount(waiting))} />
  ) : isThere ? (
    <StateChip state="live" word={__('Nothing is missing', 'crosswalk')} />
  ) : (
    <StateChip state="attention" word={__('To be made', 'crosswalk')} />
  ) // prettier-ignore

function NewList({ leave }: { leave: () => void }) {
  const { go } = usePlace()
  const [name, setName] = useState('')
  const make = (): void => {
    if (name.trim() !== '') go(pathOf('lists', name.trim()))
  }
  return (
    <Modal title={__('New list', 'crosswalk')} size="small" onRequestClose={leave}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          make()
        }}
      >
        <TextControl
          __next40pxDefaultSize
          label={__('Name', 'crosswalk')}
          help={__('Rules ask the list by this name. It is made when you save its first line.', 'crosswalk')}
          maxLength={80}
          value={name}
          onChange={setName}
        />
        <div className="cw-buttons">
          <Button __next40pxDefaultSize variant="primary" type="submit" disabled={name.trim() === ''} accessibleWhenDisabled>
            {__('Go on', 'crosswalk')}
          </Button>
          <Button __next40pxDefaultSize variant="secondary" onClick={leave}>
            {__('Cancel', 'crosswalk')}
          </Button>
        </div>
      </form>
    </Modal>
  )
} // prettier-ignore
