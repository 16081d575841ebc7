import { __, sprintf } from '@wordpress/i18n'
import type { MappingTry } from '@crosswalk/shared/contract'
import type { FieldRule } from '@crosswalk/shared/mapping'
import { Nothing } from '../parts/DataTable.tsx'
import { StateIcon } from '../parts/state.tsx'
import { sourceText, stepText } from '../record/rule-words.ts'
import { ruleWord, shown } from '../record/words.ts'
import { useCatalogues } from './context.ts'
import { isChosen } from './draft.ts'

export type RuleTrace = MappingTry['parts'][number]['rules'][number]

const outcomeOf = (trace: RuleTrace) => trace.outcome as Parameters<typeof ruleWord>[0]

/** What came out of a rule, for its line in the table. */
export function Result({ trace }: { trace: RuleTrace | undefined }) {
  const { isInSample } = useCatalogues()
  if (trace === undefined) return isInSample ? <Nothing /> : <>{__('not part of this record', 'crosswalk')}</>
  if (trace.outcome === 'failed') {
    return (
      <span className="cw-problem cw-with-icon">
        <StateIcon state="failed" /> <span dir="auto">{trace.problem}</span>
      </span>
    )
  }
  if (trace.outcome !== 'written') return <span className="cw-quiet">{ruleWord(outcomeOf(trace))}</span>
  return <bdi className="cw-value">{shown(valueOf(trace))}</bdi>
}

const valueOf = ({ steps, input }: RuleTrace): unknown => (steps.length > 0 ? steps.at(-1)?.value : input)

/** How a rule's result came about, step by step. */
export function Trace({
  rule,
  trace,
  label,
}: {
  rule: FieldRule
  trace: RuleTrace | undefined
  label: string
}) {
  const { words, isInSample } = useCatalogues()
  if (trace === undefined) {
    // On its way, or there is nothing to try yet.
    if (isInSample || !isChosen(rule)) return null
    return <p className="cw-quiet">{__('The sample has no such part, so there is nothing to show. Choose another sample.', 'crosswalk')}</p> // prettier-ignore
  }
  const skipped = trace.outcome.startsWith('skipped')
  return (
    // translators: %s: name of a field
    <ol className="cw-trace" aria-label={sprintf(__('How %s came about', 'crosswalk'), label)}>
      {!skipped && (
        <li>
          {sourceText(rule.value, words)}: <bdi className="cw-value">{shown(trace.input)}</bdi>
        </li>
      )}
      {stepsThatRan(rule, trace).map(({ step, value }, at) => (
        <li key={at}>
          {stepText(step, words)}: <bdi className="cw-value">{shown(value)}</bdi>
        </li>
      ))}
      <li className={trace.outcome === 'failed' ? 'cw-problem' : ''}>
        {trace.problem ?? ruleWord(outcomeOf(trace))}
      </li>
    </ol>
  )
}

/** The rule's steps beside what they gave; one that was passed by, for there was no value, is left out. */
function stepsThatRan(rule: FieldRule, trace: RuleTrace) {
  let from = 0
  return trace.steps.map(({ use, value }) => {
    const at = rule.transforms.findIndex((step, index) => index >= from && step.use === use)
    from = at + 1
    return { step: rule.transforms[at] ?? { use, with: {} }, value }
  })
}
