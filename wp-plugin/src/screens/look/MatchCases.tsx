import { Button } from '@wordpress/components'
import { speak } from '@wordpress/a11y'
import { __, _n, sprintf } from '@wordpress/i18n'
import type { contract, Flow, InputOf } from '@crosswalk/shared/contract'
import { mayChange, useBridge } from '../bridge.tsx'
import { type Loaded, useAction, useLoaded } from '../loaded.ts'
import { count } from '../parts/format.ts'
import { Loadable } from '../parts/Loadable.tsx'
import { Message, Problem } from '../parts/Message.tsx'
import { CaseCard } from './CaseCard.tsx'

const PAGE = 20

type Decision = InputOf<typeof contract.matches.decide>['body']

/** What waits for a decision: which of several records is meant. Decided ones go on by themselves. */
export function MatchCases(props: { flow: Flow; cases: ReturnType<typeof useMatchCases> }) {
  const { flow, cases } = props
  const { api, role } = useBridge()
  const decide = useAction(async (body: Decision) => {
    const { decided, sent } = await api.matches.decide({ params: { flowId: flow.id }, body })
    speak(
      sprintf(
        // translators: 1: number of decisions; 2: number of records
        _n('Decided: %1$s. %2$s record goes on.', 'Decided: %1$s. %2$s records go on.', sent, 'crosswalk'),
        ...([count(decided), count(sent)] as const),
      ),
      'polite',
    )
    cases.reload()
  })
  const may = mayChange(role)
  return (
    <Loadable of={cases} lines={3}>
      {({ items, next, warning }) => (
        <>
          {warning !== null && <Message kind="warning">{warning}</Message>}
          <Problem error={decide.error} />
          {items.length > 1 && may && (
            <div className="cw-buttons">
              <span>{__('The same answer for all that are open:', 'crosswalk')}</span>
              <Button __next40pxDefaultSize variant="secondary" disabled={decide.busy} accessibleWhenDisabled onClick={() => void decide.run({ all: {}, as: 'oldest' })}>
                {__('Take the oldest one each', 'crosswalk')}
              </Button>
              <Button __next40pxDefaultSize variant="secondary" disabled={decide.busy} accessibleWhenDisabled onClick={() => void decide.run({ all: {}, as: 'create' })}>
                {__('Make new ones', 'crosswalk')}
              </Button>
            </div>
          )}
          {items.map((one) => (
            <CaseCard key={one.id} of={one} target={flow.target.label} may={may && !decide.busy} decide={(answer) => void decide.run({ ids: [one.id], ...answer })} />
          ))}
          {next !== null && <p className="cw-quiet">{__('There are more; they show as soon as these are decided.', 'crosswalk')}</p>}
        </>
      )}
    </Loadable>
  ) // prettier-ignore
}

/** Open questions of a flow. */
export function useMatchCases(flowId: string) {
  const { api } = useBridge()
  const load = () => api.matches.list({ params: { flowId }, query: { state: 'open', limit: PAGE } })
  return useLoaded(`cases ${flowId}`, load) as Loaded<Awaited<ReturnType<typeof load>>>
}
