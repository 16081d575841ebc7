import { __ } from '@wordpress/i18n'
import type { Flow } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import { useLoaded } from '../loaded.ts'
import { type FlowHealth, recordFacts } from '../overview/words.ts'
import { Card } from '../parts/Card.tsx'
import { Empty, Loadable } from '../parts/Loadable.tsx'
import { Page } from '../parts/Page.tsx'
import { StateChip, worst } from '../parts/state.tsx'
import { pathOf, PlaceButton, PlaceLink } from '../place.tsx'
import { flowChip } from './words.ts'

const LOOK_MS = 10_000

interface Known {
  flows: Flow[]
  health: ReadonlyMap<string, FlowHealth>
}

/** Everything that travels, with its state; those that wait for something to be done say so. */
export default function FlowList() {
  const { api } = useBridge()
  const found = useLoaded<Known>(
    'flows',
    async () => {
      const [flows, overview] = await Promise.all([api.flows.list(), api.overview.get()])
      return { flows: flows.items, health: new Map(overview.flows.map((one) => [one.id, one])) }
    },
    () => LOOK_MS,
  )
  const { flows, health } = found.data ?? { flows: [], health: new Map<string, FlowHealth>() }
  const states = flows.map((flow) => flowChip(flow, health.get(flow.id)).state)
  return (
    <Page
      title={__('Flows', 'crosswalk')}
      state={states.length > 0 && <StateChip state={worst(states)} />}
      primary={flows.length > 0 && <PlaceButton to="/setup/flows">{__('Let more travel', 'crosswalk')}</PlaceButton>}
    >
      <Loadable of={found}>
        {(known) =>
          known.flows.length === 0 ? (
            <Empty why={__('Nothing travels yet.', 'crosswalk')} next={__('Connect two systems and choose what travels between them.', 'crosswalk')}>
              <PlaceButton variant="primary" to="/setup">
                {__('Set up the first flow', 'crosswalk')}
              </PlaceButton>
            </Empty>
          ) : (
            <Card title={__('What travels', 'crosswalk')}>
              <ul className="cw-rows">
                {known.flows.map((flow) => (
                  <Row key={flow.id} flow={flow} health={known.health.get(flow.id)} />
                ))}
              </ul>
            </Card>
          )
        }
      </Loadable>
    </Page>
  ) // prettier-ignore
}

const Row = ({ flow, health }: { flow: Flow; health: FlowHealth | undefined }) => (
  <li className="cw-row">
    <div>
      <PlaceLink to={pathOf('flows', flow.id)} className="cw-name">
        <bdi>{flow.name}</bdi>
      </PlaceLink>
      {health && <p className="cw-quiet">{recordFacts(health.records)}</p>}
      {(flow.stateReason ?? health?.text) && <p>{flow.stateReason ?? health?.text}</p>}
    </div>
    <div className="cw-beside">
      <StateChip {...flowChip(flow, health)} />
    </div>
  </li>
)
