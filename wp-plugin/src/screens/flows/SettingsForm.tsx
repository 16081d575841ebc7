import type { FormEvent, ReactNode } from 'react'
import { Button } from '@wordpress/components'
import { useMemo, useState } from '@wordpress/element'
import { __ } from '@wordpress/i18n'
import { ApiError, type Flow } from '@crosswalk/shared/contract'
import { mayChange, useBridge } from '../bridge.tsx'
import { type FieldProblem, problemsOf, startValues, type Values } from '../form/model.ts'
import { SchemaForm } from '../form/SchemaForm.tsx'
import { useAction } from '../loaded.ts'
import { Message, Problem } from '../parts/Message.tsx'
import { asQuestions, settingProblems } from './settings.ts'
import type { FlowForm } from './useFlowForm.ts'

/**
 * The settings of a flow. Nothing is saved before the button is pressed; what is wrong is told at its field.
 * @param asked questions first, the rest folded: for who sets it up @param save words of the button
 * @param above what stands over the form, by what is filled in now
 */
export function SettingsForm(props: {
  flow: Flow
  form: FlowForm
  asked?: boolean
  save: string
  /** Where the page has another first thing to do. */
  second?: boolean
  saved: (flow: Flow) => void
  above?: (values: Values) => ReactNode
}) {
  const { flow, form, asked = false, save, second = false, saved, above } = props
  const { api, role } = useBridge()
  const [values, setValues] = useState<Values>(() =>
    startValues(form.fields, { ...form.defaults, ...flow.settings }),
  )
  const [problems, setProblems] = useState<readonly FieldProblem[]>([])
  // The order is that of the beginning: a field that is being answered does not jump.
  const [begun] = useState(values)
  const fields = useMemo(
    () => (asked ? asQuestions(form.fields, begun, form.options) : form.fields),
    [asked, form, begun],
  )
  const send = useAction(async () => {
    try {
      saved(await api.flows.update({ params: { flowId: flow.id }, body: { settings: { ...values } } }))
    } catch (error) {
      if (!(error instanceof ApiError) || error.issues.length === 0) throw error
      setProblems(settingProblems(error))
    }
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const found = problemsOf(form.fields, values)
    setProblems(found)
    if (found.length === 0) void send.run()
  }
  const mayNot = !mayChange(role)
  return (
    <form noValidate onSubmit={submit}>
      {form.warning !== null && <Message kind="warning">{form.warning}</Message>}
      {above?.(values)}
      <SchemaForm fields={fields} values={values} onChange={setValues} problems={problems} options={form.options} />
      <Problem error={send.error} />
      <div className="cw-buttons cw-sticky">
        <Button __next40pxDefaultSize variant={second ? 'secondary' : 'primary'} type="submit" isBusy={send.busy} disabled={mayNot || send.busy} accessibleWhenDisabled>
          {save}
        </Button>
        {mayNot && <span className="cw-quiet">{__('Your key may only look.', 'crosswalk')}</span>}
      </div>
    </form>
  ) // prettier-ignore
}
