import { __, _n, sprintf } from '@wordpress/i18n'
import type { Connection, Finding, Flow } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import { useAction } from '../loaded.ts'
import { Confirm } from '../parts/Confirm.tsx'
import { count } from '../parts/format.ts'
import { troubles } from './Findings.tsx'

/** Ends a connection, once that is meant: what stops, what stays, what is removed. */
export function DisconnectQuestion(props: {
  connection: Connection
  flows: readonly Flow[]
  leave: () => void
  ended: (connection: Connection, findings: readonly Finding[]) => void
}) {
  const { connection, flows, leave, ended } = props
  const { api } = useBridge()
  const end = useAction(async () => {
    const { connection: now, findings } = await api.connections.disconnect({
      params: { connectionId: connection.id },
    })
    if (now) ended(now, troubles(findings))
  })
  const live = flows.filter(({ state }) => state === 'active').length
  return (
    <Confirm
      // translators: %s: name of a connection
      question={sprintf(__('Disconnect “%s”?', 'crosswalk'), connection.name)}
      // translators: %s: name of a connection
      act={sprintf(__('Disconnect %s', 'crosswalk'), connection.name)}
      leave={__('Keep it connected', 'crosswalk')}
      destructive
      busy={end.busy}
      error={end.error}
      onLeave={leave}
      onAct={() => void end.run()}
    >
      <p>
        {live === 0
          ? __('No flow is live on it.', 'crosswalk')
          : sprintf(
              // translators: %s: number of flows
              _n('%s flow stops.', '%s flows stop.', live, 'crosswalk'),
              count(live),
            )}{' '}
        {__('Everything that was written stays where it is. Our keys and signals there are removed, and the sign-in is erased here.', 'crosswalk')}
      </p>
    </Confirm>
  ) // prettier-ignore
}
