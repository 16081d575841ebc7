import { __, _n, sprintf } from '@wordpress/i18n'
import type { Flow } from '@crosswalk/shared/contract'
import { asQuestions, isAnswered, isQuestion, START_DATE } from '../flows/settings.ts'
import { SettingsForm } from '../flows/SettingsForm.tsx'
import { type FlowForm, useFlowForm } from '../flows/useFlowForm.ts'
import type { Values } from '../form/model.ts'
import { count } from '../parts/format.ts'
import { Loadable } from '../parts/Loadable.tsx'
import { pathOf, usePlace } from '../place.tsx'
import { SetupPage } from './SetupPage.tsx'
import type { Step } from './steps.ts'

/** What cannot be guessed is asked first; the rest has safe answers. */
export function Questions({ flow, steps, look }: { flow: Flow; steps: readonly Step[]; look: () => void }) {
  const { go } = usePlace()
  const form = useFlowForm(flow)
  return (
    <SetupPage steps={steps} at="questions" title={__('A few questions', 'crosswalk')} intro={flow.name}>
      <Loadable of={form} lines={8}>
        {(of) => (
          <SettingsForm
            flow={flow}
            form={of}
            asked
            save={__('Save and continue', 'crosswalk')}
            above={(values) => <Answered form={of} values={values} />}
            saved={() => {
              look()
              go(pathOf('setup', flow.id, 'match'))
            }}
          />
        )}
      </Loadable>
    </SetupPage>
  )
}

/** How many of the questions have an answer. */
function Answered({ form, values }: { form: FlowForm; values: Values }) {
  const questions = form.fields.filter((field) => isQuestion(field) && field.name !== START_DATE)
  const answered = questions.filter((field) => isAnswered(field, values, form.options)).length
  const rest = asQuestions(form.fields, values, form.options).length - questions.length
  if (questions.length === 0) {
    return <p>{__('Nothing has to be asked: all settings have safe answers. Look at them below, if you like.', 'crosswalk')}</p> // prettier-ignore
  }
  return (
    <p role="status">
      {sprintf(
        // translators: 1: number of questions that are answered; 2: number of all
        _n('%1$s of %2$s question is answered.', '%1$s of %2$s questions are answered.', questions.length, 'crosswalk'),
        ...([count(answered), count(questions.length)] as const),
      )}{' '}
      {rest > 0 && __('The rest has safe answers.', 'crosswalk')}
    </p>
  ) // prettier-ignore
}
