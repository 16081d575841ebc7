import { Button } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { Connection, ConnectorInfo, Finding, Flow } from '@crosswalk/shared/contract'
import { mayChange, useBridge } from '../bridge.tsx'
import { useAction, useLoaded } from '../loaded.ts'
import { Card } from '../parts/Card.tsx'
import { TechnicalDetails } from '../parts/Details.tsx'
import { Loadable } from '../parts/Loadable.tsx'
import { Message, Problem } from '../parts/Message.tsx'
import { Page } from '../parts/Page.tsx'
import { StateChip } from '../parts/state.tsx'
import { PlaceLink } from '../place.tsx'
import { ConnectForm } from './ConnectForm.tsx'
import { DisconnectQuestion } from './DisconnectQuestion.tsx'
import { Facts } from './Facts.tsx'
import { Findings } from './Findings.tsx'
import { MovedQuestion } from './MovedQuestion.tsx'
import { connectionChip } from './words.ts'

interface Everything {
  connection: Connection
  connector: ConnectorInfo | undefined
  flows: Flow[]
}

/** One account: who it is, whether it answers, how it tells of changes; check, renew, end. */
export default function ConnectionPage({ id }: { id: string }) {
  const { api } = useBridge()
  const found = useLoaded<Everything>(`connection ${id}`, async () => {
    const [connection, { connectors }, flows] = await Promise.all([
      api.connections.get({ params: { connectionId: id } }),
      api.connectors.list(),
      api.flows.list(),
    ])
    const own = flows.items.filter(({ source, target }) =>
      [source.connectionId, target.connectionId].includes(id),
    )
    return { connection, connector: connectors.find((one) => one.id === connection.connector), flows: own }
  })
  const [changed, setChanged] = useState<Connection | null>(null)
  const connection = changed ?? found.data?.connection ?? null
  return (
    <Page
      title={connection?.name ?? __('Connection', 'crosswalk')}
      state={connection && <StateChip {...connectionChip(connection)} />}
    >
      <p className="cw-back">
        <PlaceLink to="/connections">{__('‹ All connections', 'crosswalk')}</PlaceLink>
      </p>
      <Loadable of={found}>
        {(data) => <Content {...data} connection={connection ?? data.connection} changed={setChanged} />}
      </Loadable>
    </Page>
  ) // prettier-ignore
}

type Asks = 'renew' | 'end' | null

function Content(props: Everything & { changed: (connection: Connection) => void }) {
  const { connection, connector, flows, changed } = props
  const { api, role } = useBridge()
  const [asks, setAsks] = useState<Asks>(null)
  const [left, setLeft] = useState<readonly Finding[]>([])
  const [said, setSaid] = useState<string | null>(null)
  const check = useAction(async () => {
    setSaid(null)
    const { connection: now } = await api.connections.check({ params: { connectionId: connection.id } })
    if (now) changed(now)
    setSaid(__('Checked just now.', 'crosswalk'))
  })
  const ended = connection.state === 'disconnected'
  const isAsked = connection.moved !== null && connection.moved.answer === null && !ended
  const mustRenew = connection.state === 'unauthorized' || ended
  const renewed = (now: Connection): void => {
    setAsks(null)
    setLeft([])
    changed(now)
  }
  return (
    <>
      {connection.stateReason !== null && connection.moved === null && (
        <Message kind={ended ? 'info' : 'warning'}>{connection.stateReason}</Message>
      )}
      <MovedQuestion connection={connection} answered={changed} />
      <Card title={__('The account', 'crosswalk')}>
        <Facts connection={connection} />
        {flows.length > 0 && <FlowsOf flows={flows} />}
        <Problem error={check.error} />
        {said !== null && <Message kind="success">{said}</Message>}
        {mayChange(role) && !ended && (
          <div className="cw-buttons">
            <Button __next40pxDefaultSize variant={mustRenew || isAsked || asks === 'renew' ? 'secondary' : 'primary'} isBusy={check.busy} disabled={check.busy} accessibleWhenDisabled onClick={() => void check.run()}>
              {__('Check now', 'crosswalk')}
            </Button>
            {role === 'owner' && connector && (
              <Button __next40pxDefaultSize variant={mustRenew && asks !== 'renew' ? 'primary' : 'secondary'} aria-expanded={asks === 'renew'} onClick={() => setAsks(asks === 'renew' ? null : 'renew')}>
                {__('Renew the sign-in', 'crosswalk')}
              </Button>
            )}
            {role === 'owner' && (
              <Button __next40pxDefaultSize variant="tertiary" isDestructive onClick={() => setAsks('end')}>
                {__('Disconnect…', 'crosswalk')}
              </Button>
            )}
          </div>
        )}
        {role !== 'owner' && <p className="cw-quiet">{__('An owner of the bridge can renew or end it.', 'crosswalk')}</p>}
      </Card>
      {connector && role === 'owner' && (asks === 'renew' || ended) && (
        // translators: %s: name of a system
        <Card title={sprintf(__('Connect %s again', 'crosswalk'), connector.label)}>
          <ConnectForm connector={connector} {...(ended ? {} : { connection })} done={renewed} />
        </Card>
      )}
      {connection.findings.length > 0 && (
        <Card title={__('The last check', 'crosswalk')}>
          <Findings findings={connection.findings} />
        </Card>
      )}
      {left.length > 0 && (
        <Card title={__('Left to do by hand', 'crosswalk')}>
          <Findings findings={left} />
        </Card>
      )}
      <TechnicalDetails of={{ id: connection.id, connector: connection.connector, origin: connection.origin, settings: connection.settings, feed: connection.feed, copies: connection.copies }} />
      {asks === 'end' && (
        <DisconnectQuestion
          connection={connection}
          flows={flows}
          leave={() => setAsks(null)}
          ended={(now, findings) => {
            setAsks(null)
            setLeft(findings)
            changed(now)
          }}
        />
      )}
    </>
  ) // prettier-ignore
}

const FlowsOf = ({ flows }: { flows: readonly Flow[] }) => (
  <>
    <p className="cw-name">{__('Flows that use it', 'crosswalk')}</p>
    <ul className="cw-problems">
      {flows.map(({ id, name }) => (
        <li key={id}>
          <PlaceLink to={`/flows/${id}`}>{name}</PlaceLink>
        </li>
      ))}
    </ul>
  </>
)
