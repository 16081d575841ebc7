import type { ReactNode } from 'react'
import { createInterpolateElement } from '@wordpress/element'
import { __ } from '@wordpress/i18n'
import type { Flow } from '@crosswalk/shared/contract'
import { Card } from '../parts/Card.tsx'
import { StateChip } from '../parts/state.tsx'
import { Time } from '../parts/Time.tsx'
import { pathOf, PlaceLink } from '../place.tsx'
import { callFacts, connectionState, flowState, hears, recordFacts, type OverviewData } from './words.ts'

const Row = ({ children, beside }: { children: ReactNode; beside: ReactNode }) => (
  <li className="cw-row">
    <div>{children}</div>
    <div className="cw-beside">{beside}</div>
  </li>
)

export const FlowsCard = ({ overview }: { overview: OverviewData }) => (
  <Card title={__('Flows', 'crosswalk')}>
    {overview.flows.length === 0 && <p>{__('No flow yet.', 'crosswalk')}</p>}
    <ul className="cw-rows">
      {overview.flows.map((flow) => (
        <Row
          key={flow.id}
          beside={
            <>
              <StateChip state={flowState(flow)} />
              {flow.lastSyncedAt && (
                <p className="cw-quiet">
                  {createInterpolateElement(__('last <time />', 'crosswalk'), {
                    time: <Time at={flow.lastSyncedAt} />,
                  })}
                </p>
              )}
            </>
          }
        >
          <PlaceLink to={pathOf('flows', flow.id)}>{flow.name}</PlaceLink>
          <p className="cw-quiet">{recordFacts(flow.records)}</p>
          {flow.text && <p>{flow.text}</p>}
        </Row>
      ))}
    </ul>
  </Card>
)

export const ConnectionsCard = ({ overview, flows }: { overview: OverviewData; flows: readonly Flow[] }) => (
  <Card title={__('Connections', 'crosswalk')}>
    <ul className="cw-rows">
      {overview.connections.map((connection) => (
        <Row key={connection.id} beside={<StateChip state={connectionState(connection)} />}>
          <p className="cw-name">
            <PlaceLink to={pathOf('connections', connection.id)}>{connection.name}</PlaceLink>
          </p>
          <p className="cw-quiet">
            {hears(connection, flows) ?? __('Takes what is sent to it.', 'crosswalk')}{' '}
            {connection.feed.mode === 'webhooks' &&
              connection.feed.lastWebhookAt !== null &&
              createInterpolateElement(__('Last told <time />. ', 'crosswalk'), {
                time: <Time at={connection.feed.lastWebhookAt} />,
              })}
            {callFacts(connection.budget)}
          </p>
          {connection.text && <p>{connection.text}</p>}
        </Row>
      ))}
    </ul>
  </Card>
)
