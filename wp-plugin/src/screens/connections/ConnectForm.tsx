import { RadioControl } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { Connection, ConnectorInfo } from '@crosswalk/shared/contract'
import { Message } from '../parts/Message.tsx'
import { KeyForm } from './KeyForm.tsx'
import { SignInThere } from './SignInThere.tsx'

type Method = ConnectorInfo['methods'][number]

/** True where this way can be gone on this bridge. */
const isOpen = ({ unavailable }: Method): boolean => unavailable === null

/**
 * Connects a system in one of its ways, or renews a connection.
 * @param connection is renewed; absent: a new one is made
 * @param done with what it has become, after a check that let it through
 */
export function ConnectForm(props: {
  connector: ConnectorInfo
  connection?: Connection
  done: (connection: Connection) => void
}) {
  const { connector, connection, done } = props
  const { methods } = connector
  const [chosen, setChosen] = useState((methods.find(isOpen) ?? methods[0])?.id ?? '')
  const method = methods.find(({ id }) => id === chosen)
  if (method === undefined) {
    return <Message kind="warning">{__('This system cannot be connected from here.', 'crosswalk')}</Message>
  }
  const common = { connector, method, done, ...(connection ? { connection } : {}) }
  return (
    <>
      {connector.caveat !== null && <Message kind="info">{connector.caveat}</Message>}
      {methods.length > 1 && (
        <RadioControl
          className="cw-field"
          label={__('How do you want to connect?', 'crosswalk')}
          options={methods.map((one) => ({ value: one.id, label: one.label }))}
          selected={chosen}
          onChange={setChosen}
        />
      )}
      {method.limits !== null && <p className="cw-quiet">{method.limits}</p>}
      <Scopes label={connector.label} scopes={method.scopes} />
      {!isOpen(method) ? (
        <Message kind="warning">{method.unavailable}</Message>
      ) : method.kind === 'oauth2' ? (
        <SignInThere key={method.id} {...common} />
      ) : (
        <KeyForm key={method.id} {...common} />
      )}
    </>
  )
}

/** What is asked for there, and why. */
const Scopes = ({ label, scopes }: { label: string; scopes: Method['scopes'] }) =>
  scopes.length === 0 ? null : (
    <details className="cw-details">
      <summary>
        {/* translators: %s: name of a system */}
        {sprintf(__('What we ask %s for, and why', 'crosswalk'), label)}
      </summary>
      <ul className="cw-problems">
        {scopes.map(({ scope, reason, optional }) => (
          <li key={scope}>
            {optional
              ? // translators: 1: what a permission is for; 2: its name
                sprintf(__('%1$s (%2$s, may be left out)', 'crosswalk'), ...([reason, scope] as const))
              : // translators: 1: what a permission is for; 2: its name
                sprintf(__('%1$s (%2$s)', 'crosswalk'), ...([reason, scope] as const))}
          </li>
        ))}
      </ul>
    </details>
  )
