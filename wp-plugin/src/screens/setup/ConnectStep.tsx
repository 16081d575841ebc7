import { __, sprintf } from '@wordpress/i18n'
import { useBridge } from '../bridge.tsx'
import { ConnectForm } from '../connections/ConnectForm.tsx'
import { Findings } from '../connections/Findings.tsx'
import { connectionChip } from '../connections/words.ts'
import { Message } from '../parts/Message.tsx'
import { StateChip } from '../parts/state.tsx'
import { pathOf, PlaceButton, PlaceLink, usePlace } from '../place.tsx'
import { SetupPage } from './SetupPage.tsx'
import { chosenOf, connectionOf, type SetupFacts, stepsOf, unfinished } from './steps.ts'

/** Connects one of the two systems; what is connected already is shown, and gone on with. */
export function ConnectStep(props: { facts: SetupFacts; connectorId: string; look: () => void }) {
  const { facts, connectorId, look } = props
  const { role } = useBridge()
  const { query } = usePlace()
  const connector = facts.connectors.find(({ id }) => id === connectorId)
  const chosen = chosenOf(facts, query)
  const steps = stepsOf(facts, chosen, unfinished(facts))
  const at = connectorId === chosen.to ? 'to' : 'from'
  const connection = connectionOf(facts, connectorId)
  const next = steps[steps.findIndex(({ id }) => id === at) + 1]
  const title = sprintf(
    // translators: %s: name of a system
    __('Connect %s', 'crosswalk'),
    connector?.label ?? connectorId,
  )
  if (!connector) {
    return (
      <SetupPage steps={steps} at="systems" title={title}>
        <Message kind="warning">{__('This bridge does not know that system.', 'crosswalk')}</Message>
      </SetupPage>
    )
  }
  const waiting = facts.connections.find((one) => one.connector === connectorId && one.state !== 'active' && one.state !== 'disconnected') // prettier-ignore
  return (
    <SetupPage steps={steps} at={at} title={title}>
      {connection ? (
        <>
          <p>
            <StateChip {...connectionChip(connection)} /> <bdi>{connection.account || connection.name}</bdi>
          </p>
          <Findings findings={connection.findings} />
          <div className="cw-buttons">
            {next && (
              <PlaceButton variant="primary" to={next.path} query={next.query}>
                {/* translators: %s: name of a step */}
                {sprintf(__('Continue: %s', 'crosswalk'), next.title)}
              </PlaceButton>
            )}
            <PlaceLink to={pathOf('connections', connection.id)}>{__('Check it again, or renew it', 'crosswalk')}</PlaceLink>
          </div>
        </>
      ) : waiting ? (
        <>
          <Message kind="warning">{waiting.stateReason ?? __('This connection needs you first.', 'crosswalk')}</Message>
          <PlaceButton variant="primary" to={pathOf('connections', waiting.id)}>
            {__('Put it right', 'crosswalk')}
          </PlaceButton>
        </>
      ) : role === 'owner' ? (
        <ConnectForm key={connectorId} connector={connector} done={look} />
      ) : (
        <Message kind="info">{__('An owner of the bridge can connect systems.', 'crosswalk')}</Message>
      )}
    </SetupPage>
  ) // prettier-ignore
}
