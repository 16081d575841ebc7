import { __, sprintf } from '@wordpress/i18n'
import type { Connection } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import { useLoaded } from '../loaded.ts'
import { Card } from '../parts/Card.tsx'
import { Empty, Loadable } from '../parts/Loadable.tsx'
import { Page } from '../parts/Page.tsx'
import { StateChip, worst } from '../parts/state.tsx'
import { pathOf, PlaceButton, PlaceLink } from '../place.tsx'
import { connectionChip, feedWords } from './words.ts'

const LOOK_MS = 10_000

/** Every account that is connected: whether it answers, how it tells of changes, what it asks. */
export default function Connections() {
  const { api } = useBridge()
  const found = useLoaded(
    'connections',
    async () => (await api.connections.list()).items,
    () => LOOK_MS,
  )
  const all = found.data ?? []
  return (
    <Page
      title={__('Connections', 'crosswalk')}
      state={all.length > 0 && <StateChip state={worst(all.map((one) => connectionChip(one).state))} />}
      primary={all.length > 0 && <PlaceButton to="/setup/systems">{__('Connect another system', 'crosswalk')}</PlaceButton>}
    >
      <Loadable of={found}>
        {(connections) =>
          connections.length === 0 ? (
            <Empty why={__('Nothing is connected yet.', 'crosswalk')} next={__('Connect the two systems that shall be kept level.', 'crosswalk')}>
              <PlaceButton variant="primary" to="/setup">
                {__('Connect a system', 'crosswalk')}
              </PlaceButton>
            </Empty>
          ) : (
            <Card title={__('Connected systems', 'crosswalk')}>
              <ul className="cw-rows">
                {connections.map((one) => (
                  <Row key={one.id} connection={one} />
                ))}
              </ul>
            </Card>
          )
        }
      </Loadable>
    </Page>
  ) // prettier-ignore
}

const Row = ({ connection }: { connection: Connection }) => (
  <li className="cw-row">
    <div>
      <PlaceLink to={pathOf('connections', connection.id)} className="cw-name">
        <bdi>{connection.name}</bdi>
      </PlaceLink>
      <p className="cw-quiet">
        {/* translators: 1: name of a system; 2: name of an account there */}
        {sprintf(__('%1$s · %2$s', 'crosswalk'), ...([connection.connectorLabel, connection.account || connection.origin] as const))}
      </p>
      <p>{connection.stateReason ?? feedWords(connection)}</p>
    </div>
    <div className="cw-beside">
      <StateChip {...connectionChip(connection)} />
    </div>
  </li>
) // prettier-ignore
