import type { FormEvent } from 'react'
import { Button } from '@wordpress/components'
import { useEffect, useRef, useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import { ApiError, type Connection, type ConnectorInfo, type ConnectResult } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import { type FieldProblem, problemsOf, type Values } from '../form/model.ts'
import { SchemaForm } from '../form/SchemaForm.tsx'
import { useAction } from '../loaded.ts'
import { Message, Problem } from '../parts/Message.tsx'
import { OutsideLink } from '../parts/OutsideLink.tsx'
import { Findings } from './Findings.tsx'
import { keyFields, keyProblems, partOf, startKeys } from './key-form.ts'

const NONE: readonly FieldProblem[] = []

/** Connects with an address and keys: what the check finds is told with its cause and its remedy. */
export function KeyForm(props: {
  connector: ConnectorInfo
  method: ConnectorInfo['methods'][number]
  connection?: Connection
  done: (connection: Connection) => void
}) {
  const { connector, method, connection, done } = props
  const { api } = useBridge()
  const fields = keyFields(connector, method)
  const [values, setValues] = useState<Values>(() => startKeys(fields, connection?.settings))
  const [problems, setProblems] = useState(NONE)
  const [findings, setFindings] = useState<ConnectResult['findings']>([])
  const send = useAction(async () => {
    setFindings([])
    const body = {
      method: method.id,
      settings: partOf('settings', values),
      credentials: partOf('credentials', values),
    }
    try {
      const result = connection
        ? await api.connections.reconnect({ params: { connectionId: connection.id }, body })
        : await api.connections.create({ body: { connector: connector.id, ...body } })
      setFindings(result.findings)
      if (result.connection) done(result.connection)
    } catch (error) {
      // What lies at a field is told there.
      if (!(error instanceof ApiError) || error.issues.length === 0) throw error
      setProblems(keyProblems(error))
    }
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const found = problemsOf(fields, values)
    setProblems(found)
    if (found.length === 0) void send.run()
  }
  return (
    <form noValidate onSubmit={submit} autoComplete="off">
      <SchemaForm fields={fields} values={values} onChange={setValues} problems={problems} />
      <Refused findings={findings} />
      <Problem error={send.error} />
      <div className="cw-buttons">
        <Button __next40pxDefaultSize variant="primary" type="submit" isBusy={send.busy} disabled={send.busy} accessibleWhenDisabled>
          {/* translators: %s: name of a system */}
          {sprintf(__('Check and connect %s', 'crosswalk'), connector.label)}
        </Button>
        <OutsideLink to={connector.docsUrl}>{__('Where do I find these?', 'crosswalk')}</OutsideLink>
      </div>
      {send.busy && <p className="cw-quiet">{__('Checking. This can take half a minute.', 'crosswalk')}</p>}
    </form>
  ) // prettier-ignore
}

/** What kept the account from being connected; the focus goes there. */
export function Refused({ findings }: { findings: ConnectResult['findings'] }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (findings.length > 0) place.current?.focus()
  }, [findings])
  if (findings.length === 0) return null
  const text = __('Not connected yet. Nothing was saved.', 'crosswalk')
  return (
    <div ref={place} tabIndex={-1} className="cw-result">
      <Message kind="error" spoken={text}>
        {text}
      </Message>
      <Findings findings={findings} />
    </div>
  )
}
