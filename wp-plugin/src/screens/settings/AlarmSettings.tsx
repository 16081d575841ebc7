import type { FormEvent } from 'react'
import { Button } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import { ApiError, type AlarmSettingsView, type AlarmTest } from '@crosswalk/shared/contract'
import { mayChange, useBridge } from '../bridge.tsx'
import {
  type FieldProblem,
  type FormField,
  problemsFrom,
  problemsOf,
  startValues,
  type Values,
} from '../form/model.ts'
import { SchemaForm } from '../form/SchemaForm.tsx'
import { useAction, useLoaded } from '../loaded.ts'
import { Card } from '../parts/Card.tsx'
import { Loadable } from '../parts/Loadable.tsx'
import { Message, Problem } from '../parts/Message.tsx'
import { Page } from '../parts/Page.tsx'
import { HookSecret } from './HookSecret.tsx'

/** Who is told when something goes wrong, and of what. */
export default function AlarmSettings() {
  const { role } = useBridge()
  return (
    <Page title={__('Alarms', 'crosswalk')}>
      {mayChange(role) ? (
        <Asked />
      ) : (
        <Message kind="info">{__('Who is told of alarms can be seen by operators and owners. Ask an owner for the right.', 'crosswalk')}</Message>
      )}
    </Page>
  ) // prettier-ignore
}

function Asked() {
  const { api } = useBridge()
  const found = useLoaded('alarm settings', () => api.alarms.settings())
  return (
    <Loadable of={found} lines={8}>
      {(view) => <Form key={view.version} view={view} />}
    </Loadable>
  )
}

function Form({ view: first }: { view: AlarmSettingsView }) {
  const { api, role } = useBridge()
  const [view, setView] = useState(first)
  const fields = view.fields as FormField[]
  const [values, setValues] = useState<Values>(() =>
    startValues(fields, { ...view.defaults, ...view.settings }),
  )
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  const [saved, setSaved] = useState(0)
  const [tests, setTests] = useState<readonly AlarmTest[]>([])
  const save = useAction(async () => {
    try {
      setView(await api.alarms.saveSettings({ body: { settings: { ...values }, basedOn: view.version } }))
      setSaved((n) => n + 1)
    } catch (error) {
      if (!(error instanceof ApiError) || error.issues.length === 0) throw error
      setProblems(problemsFrom(error, ['body', 'settings']))
    }
  })
  const test = useAction(async () => setTests((await api.alarms.test()).results))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const found = problemsOf(fields, values)
    setProblems(found)
    if (found.length === 0) void save.run()
  }
  return (
    <>
      {!view.mail.ready && <Message kind="warning">{view.mail.text}</Message>}
      <Card title={__('Who is told, and of what', 'crosswalk')}>
        <form noValidate onSubmit={submit}>
          <SchemaForm fields={fields} values={values} onChange={setValues} problems={problems} />
          {saved > 0 && (
            <Message key={saved} kind="success">
              {__('Saved.', 'crosswalk')}
            </Message>
          )}
          <Problem error={save.error} />
          <div className="cw-buttons">
            <Button __next40pxDefaultSize variant="primary" type="submit" isBusy={save.busy} disabled={save.busy} accessibleWhenDisabled>
              {__('Save the alarms', 'crosswalk')}
            </Button>
            <Button __next40pxDefaultSize variant="secondary" isBusy={test.busy} disabled={test.busy} accessibleWhenDisabled onClick={() => void test.run()}>
              {__('Send a test message', 'crosswalk')}
            </Button>
          </div>
        </form>
        <Problem error={test.error} />
        <Tests results={tests} />
      </Card>
      {role === 'owner' && <HookSecret set={view.hookSecret} />}
    </>
  ) // prettier-ignore
}

/** How each way fared; it counts what is saved, not what is being typed. */
const Tests = ({ results }: { results: readonly AlarmTest[] }) => (
  <div role="status">
    {results.map(({ channel, to, ok, text }) => (
      <Message key={`${channel} ${to}`} kind={ok ? 'success' : 'error'} spoken={null}>
        {/* translators: 1: an address; 2: how a test message fared */}
        {to === null ? text : sprintf(__('%1$s: %2$s', 'crosswalk'), ...([to, text] as const))}
      </Message>
    ))}
  </div>
)
