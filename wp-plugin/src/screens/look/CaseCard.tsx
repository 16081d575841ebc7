import { Button, RadioControl } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __, _n, sprintf } from '@wordpress/i18n'
import type { MatchCase } from '@crosswalk/shared/contract'
import { Card } from '../parts/Card.tsx'
import { count } from '../parts/format.ts'
import { OutsideLink } from '../parts/OutsideLink.tsx'

type Answer = { as: 'candidate'; targetId: string } | { as: 'create' | 'leave_out' }

/** Other answers than a record that is there. */
const NEW = 'new:'
const OUT = 'out:'

const answerOf = (value: string): Answer =>
  value === NEW
    ? { as: 'create' }
    : value === OUT
      ? { as: 'leave_out' }
      : { as: 'candidate', targetId: value }

/** One question: who or what is meant, by the records that may be. Nothing is chosen for anybody. */
export function CaseCard(props: {
  of: MatchCase
  target: string
  may: boolean
  decide: (answer: Answer) => void
}) {
  const { of, target, may, decide } = props
  const [chosen, setChosen] = useState('')
  const name = of.label ?? of.externalId
  const facts: string[] = [of.objectLabel]
  // translators: %s: number of records
  if (of.records)
    facts.push(sprintf(_n('in %s record', 'in %s records', of.records, 'crosswalk'), count(of.records)))
  if (of.waiting > 0) {
    // translators: %s: number of records
    facts.push(sprintf(_n('%s record waits', '%s records wait', of.waiting, 'crosswalk'), count(of.waiting)))
  }
  return (
    <Card title={<bdi>{name}</bdi>} beside={<span className="cw-quiet">{facts.join(' · ')}</span>}>
      <RadioControl
        // translators: %s: name of a customer, company, product …
        label={sprintf(__('Who or what is “%s”?', 'crosswalk'), name)}
        options={[
          ...of.candidates.map(({ id, by, label }) => ({
            value: id,
            // translators: 1: name of a system; 2: what a record is called there; 3: what it has in common; 4: its id
            label: sprintf(__('in %1$s: %2$s (same %3$s, id %4$s)', 'crosswalk'), ...([target, label ?? id, by.toLowerCase(), id] as const)),
          })),
          { value: NEW, label: __('Make a new one', 'crosswalk') },
          { value: OUT, label: __('Leave it out', 'crosswalk') },
        ]}
        selected={chosen}
        onChange={setChosen}
      />
      <div className="cw-buttons">
        <Button __next40pxDefaultSize variant="secondary" disabled={!may || chosen === ''} accessibleWhenDisabled onClick={() => decide(answerOf(chosen))}>
          {/* translators: %s: name of a customer, company, product … */}
          {sprintf(__('Decide “%s”', 'crosswalk'), name)}
        </Button>
        {of.candidates.map(({ id, url }) =>
          url === null ? null : (
            <OutsideLink key={id} to={url}>
              {/* translators: 1: id of a record; 2: name of a system */}
              {sprintf(__('See %1$s in %2$s', 'crosswalk'), ...([id, target] as const))}
            </OutsideLink>
          ),
        )}
      </div>
    </Card>
  ) // prettier-ignore
}
