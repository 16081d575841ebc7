import type { ReactNode } from 'react'
import { __, _n, sprintf } from '@wordpress/i18n'
import type { MappingDocument } from '@crosswalk/shared/mapping'
import { DataTable } from '../parts/DataTable.tsx'
import { Disclosure } from '../parts/Details.tsx'
import { count } from '../parts/format.ts'
import { Time } from '../parts/Time.tsx'
import { detailOf, type PartTrace, type RecordData, type SentPart } from './detail.ts'
import { summaryText, totalOf } from './lines.ts'
import { ruleText } from './rule-words.ts'
import { foundWord, partName, partWord, ruleWord, shown } from './words.ts'

/** What is known of the record at its source; its contents are read again each time and not kept. */
export function WhatCame({ record }: { record: RecordData }) {
  const placed = summaryText(record, 'createdAt')
  const facts: [string, ReactNode][] = [
    [__('Id in the shop', 'crosswalk'), <code key="id">{record.externalId}</code>],
    [__('Status', 'crosswalk'), summaryText(record, 'status')],
    [__('Total', 'crosswalk'), totalOf(record)],
    [__('Placed', 'crosswalk'), placed === null ? null : <Time key="placed" at={placed} />],
  ]
  return (
    <>
      <dl className="cw-facts">
        {facts.map(([name, value]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd dir="auto">{value}</dd>
            </div>
          ),
        )}
      </dl>
      <p className="cw-quiet">
        {__('Its contents are read from the shop each time; what the rules took from them stands below.', 'crosswalk')}
      </p>
    </>
  ) // prettier-ignore
}

/** Every rule's way: from where, what came out, what became of it. */
export function WhatRulesDid({ record, mapping }: { record: RecordData; mapping: MappingDocument | null }) {
  const detail = detailOf(record)
  if (detail === null) {
    return <p>{__('The contents were deleted when their keeping time was over; the fact and ids remain.', 'crosswalk')}</p> // prettier-ignore
  }
  if (detail.traces.length === 0) {
    return <p>{__('What each rule did was not noted for this one. Choose Sync now to see rule by rule.', 'crosswalk')}</p> // prettier-ignore
  }
  const parts = new Map(detail.parts.map((part) => [part.part, part]))
  return (
    <>
      {detail.traces.map((trace) => (
        <RulesOfPart key={trace.part} trace={trace} name={partName(parts.get(trace.part) ?? trace)} mapping={mapping} />
      ))}
    </>
  ) // prettier-ignore
}

function RulesOfPart({
  trace,
  name,
  mapping,
}: {
  trace: PartTrace
  name: string
  mapping: MappingDocument | null
}) {
  const written = mapping?.parts[trace.part.split(':')[0] ?? '']
  const ruleOf = ({ list, index }: PartTrace['rules'][number]) =>
    (list ? written?.lists.find((one) => one.target === list.target) : written)?.rules[index]
  const numbered = trace.rules.map((rule, at) => ({ ...rule, at }))
  return (
    <Disclosure
      summary={sprintf(
        // translators: 1: name of a part of a record, such as "Deal"; 2: number of rules
        _n('%1$s: %2$s rule', '%1$s: %2$s rules', trace.rules.length, 'crosswalk'),
        ...([name, count(trace.rules.length)] as const),
      )}
    >
      <DataTable
        // translators: %s: name of a part of a record
        caption={sprintf(__('Rules of %s', 'crosswalk'), name)}
        captionShown={false}
        rows={numbered}
        keyOf={({ at }) => at}
        columns={[
          { name: __('Field', 'crosswalk'), cell: ({ target }) => <code>{target}</code> },
          { name: __('Rule', 'crosswalk'), cell: (rule) => ruleText(ruleOf(rule)) },
          {
            name: __('Came', 'crosswalk'),
            cell: ({ outcome, input }) => (outcome.startsWith('skipped') ? '' : shown(input)),
          },
          {
            name: __('Became', 'crosswalk'),
            cell: ({ outcome, steps, input }) => (outcome === 'written' ? shown(steps.length > 0 ? steps.at(-1)?.value : input) : ''), // prettier-ignore
          },
          {
            name: __('What the rule did', 'crosswalk'),
            cell: ({ outcome, problem }) => problem ?? ruleWord(outcome),
          },
        ]}
      />
    </Disclosure>
  )
}

/** Every part that went out, with its fields. */
export function WhatWasSent({ record }: { record: RecordData }) {
  const parts = detailOf(record)?.parts ?? []
  if (parts.length === 0) return <p>{__('Nothing was sent.', 'crosswalk')}</p>
  return (
    <ul className="cw-parts">
      {parts.map((part) => (
        <li key={part.part}>
          <SentFields part={part} />
          {part.problem && <p className="cw-problem">{part.problem.message}</p>}
        </li>
      ))}
    </ul>
  )
}

function SentFields({ part }: { part: SentPart }) {
  const fields = Object.entries(part.draft ?? {})
  const title = (
    <>
      <strong>{partWord(part)}:</strong> <bdi>{partName(part)}</bdi>
    </>
  )
  if (fields.length === 0) return <p className="cw-alone-part">{title}</p>
  return (
    <Disclosure summary={title}>
      <DataTable
        // translators: %s: name of a part of a record
        caption={sprintf(__('Fields of %s', 'crosswalk'), partName(part))}
        captionShown={false}
        rows={fields}
        keyOf={([name]) => name}
        columns={[
          { name: __('Field', 'crosswalk'), cell: ([name]) => <code>{name}</code> },
          { name: __('Value', 'crosswalk'), cell: ([, value]) => <span dir="auto">{shown(value)}</span> },
        ]}
      />
    </Disclosure>
  )
}

/** Ids that the target gave or knew. */
export function WhatWasAnswered({ record }: { record: RecordData }) {
  const sent = (detailOf(record)?.parts ?? []).filter(({ id }) => id !== null)
  const linked = record.parts.filter(({ id }) => id !== null).map((part) => ({ ...part, foundBy: null }))
  const known: readonly Pick<SentPart, 'part' | 'object' | 'id' | 'foundBy' | 'draft'>[] =
    sent.length > 0 ? sent : linked
  if (known.length === 0) return <p>{__('No id yet.', 'crosswalk')}</p>
  return (
    <DataTable
      caption={__('Where it is now', 'crosswalk')}
      captionShown={false}
      rows={known}
      keyOf={({ part }) => part}
      columns={[
        { name: __('Part', 'crosswalk'), cell: (part) => <bdi>{partName(part)}</bdi> },
        { name: __('Kind', 'crosswalk'), cell: ({ object }) => object?.replaceAll('_', ' ') },
        { name: __('Id', 'crosswalk'), cell: ({ id }) => <code>{id}</code> },
        { name: __('How it was found', 'crosswalk'), cell: ({ foundBy }) => foundWord(foundBy) },
      ]}
    />
  ) // prettier-ignore
}
