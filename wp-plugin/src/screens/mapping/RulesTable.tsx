import type { KeyboardEvent } from 'react'
import { Button } from '@wordpress/components'
import { Fragment, useRef } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { FieldRule, MappingDocument } from '@crosswalk/shared/mapping'
import type { MappingProblem } from '@crosswalk/shared/contract'
import { isTyping } from '../parts/typing.ts'
import { Nothing } from '../parts/DataTable.tsx'
import { StateIcon } from '../parts/state.tsx'
import { sourceText, stepText } from '../record/rule-words.ts'
import { useCatalogues } from './context.ts'
import { isChosen, moveRule, type Place, removeRule, type Row, ruleAt, samePlace, setRule } from './draft.ts'
import { problemsOfRow } from './problems.ts'
import { RowProblems, RuleEditor } from './RuleEditor.tsx'
import { Result, type RuleTrace } from './Trace.tsx'
import { onWord, typeWord } from './words.ts'

export interface RulesTableProps {
  caption: string
  part: string
  rows: readonly Row[]
  document: MappingDocument
  problems: readonly MappingProblem[]
  traceOf: (place: Place) => RuleTrace | undefined
  /** Of the record the rules are tried on; null where they are not. */
  sample: string | null
  open: Place | null
  setOpen: (place: Place | null) => void
  change: (document: MappingDocument) => void
  /** Makes a rule for a field that needs one. */
  fill: (target: string) => void
}

/** Rules as lines; one of them open at a time. Arrows go from line to line, Enter opens, Escape closes, Alt and arrows move. */
export function RulesTable(props: RulesTableProps) {
  const { caption, part, rows, document, problems, open, sample } = props
  const { mayChange } = useCatalogues()
  const table = useRef<HTMLTableElement>(null)
  const columns = [
    __('Field', 'crosswalk'),
    __('From', 'crosswalk'),
    __('Steps', 'crosswalk'),
    // translators: %s: a record, such as "#1042"
    ...(sample === null ? [] : [sprintf(__('Result for %s', 'crosswalk'), sample)]),
  ]
  const focusLine = (key: string): void =>
    [...(table.current?.querySelectorAll<HTMLElement>('[data-line]') ?? [])].find((one) => one.dataset['line'] === key)?.focus()
  const close = (row: Row): void => {
    props.setOpen(null)
    // The line is drawn anew before it can take the focus back.
    setTimeout(() => focusLine(row.key))
  }
  const move = (row: Row, by: -1 | 1): void => {
    const { place } = row
    if (place === null) return
    const moved = moveRule(document, place, by)
    if (moved === document) return
    const to = { ...place, index: place.index + by }
    props.change(moved)
    if (samePlace(open, place)) props.setOpen(to)
    else setTimeout(() => focusLine(`${place.list === null ? '' : `${place.list} `}${to.index} ${row.target}`))
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>): void => {
    const line = (event.target as HTMLElement).closest<HTMLElement>('[data-line]')
    if (line === null || isTyping(event.target)) return
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (by === 0) return
    event.preventDefault()
    const row = rows.find(({ key }) => key === line.dataset['line'])
    if (event.altKey) return row && mayChange ? move(row, by) : undefined
    const lines = [...(table.current?.querySelectorAll<HTMLElement>('[data-line]') ?? [])]
    lines[lines.indexOf(line) + by]?.focus()
  }
  return (
    <table className="cw-table cw-rules widefat" ref={table} onKeyDown={onKeyDown} aria-rowcount={rows.length + 1}>
      <caption className="screen-reader-text">{caption}</caption>
      <thead>
        <tr aria-rowindex={1}>
          {columns.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => {
          const isOpen = row.place !== null && samePlace(open, row.place)
          const wrong = problemsOfRow(problems, row, part)
          const trace = row.place === null ? undefined : props.traceOf(row.place)
          return (
            <Fragment key={row.key}>
              <tr aria-rowindex={at + 2} className={wrong.length > 0 ? 'is-wrong' : ''} data-target={row.target}>
                <th scope="row" data-label={columns[0]}>
                  <FieldName row={row} isOpen={isOpen} onClick={() => (row.place === null ? props.fill(row.target) : isOpen ? close(row) : props.setOpen(row.place))} />
                </th>
                <td data-label={columns[1]}>
                  <div>
                    <From row={row} />
                    {!isOpen && <RowProblems problems={wrong} />}
                  </div>
                </td>
                <td data-label={columns[2]}>
                  <Steps rule={row.rule} />
                </td>
                {sample !== null && (
                  <td data-label={columns[3]}>
                    {row.rule === null || !isChosen(row.rule) ? <Nothing /> : <Result trace={trace} />}
                  </td>
                )}
              </tr>
              {isOpen && row.rule !== null && (
                <tr className="cw-open-rule">
                  <td colSpan={columns.length}>
                    <RuleEditor
                      row={{ ...row, rule: row.rule }}
                      trace={trace}
                      problems={wrong}
                      sample={sample ?? ''}
                      onChange={(rule) => props.change(changed(document, row, rule))}
                      onMove={(by) => move(row, by)}
                      onRemove={() => {
                        props.setOpen(null)
                        if (row.place) props.change(removeRule(document, row.place))
                        table.current?.querySelectorAll<HTMLElement>('[data-line]')[Math.max(0, at - 1)]?.focus()
                      }}
                      onClose={() => close(row)}
                    />
                  </td>
                </tr>
              )}
            </Fragment>
          )
        })}
      </tbody>
    </table>
  )
} // prettier-ignore

const changed = (document: MappingDocument, { place }: Row, rule: FieldRule): MappingDocument =>
  place !== null && ruleAt(document, place) !== null ? setRule(document, place, rule) : document

function FieldName({ row, isOpen, onClick }: { row: Row; isOpen: boolean; onClick: () => void }) {
  const { mayChange } = useCatalogues()
  const { field, target, required, rule } = row
  const label = field?.label ?? target
  const name = (
    <>
      <bdi>{label}</bdi>
      {required && (
        <>
          <span aria-hidden="true"> *</span>
          <span className="screen-reader-text"> {__('(needed)', 'crosswalk')}</span>
        </>
      )}
    </>
  )
  return (
    <div>
      {mayChange ? (
        <Button variant="link" data-line={row.key} aria-expanded={rule === null ? undefined : isOpen} onClick={onClick}>
          {name}
        </Button>
      ) : (
        <span>{name}</span>
      )}
      <span className="cw-field-kind">
        {field === null ? (
          <span className="cw-problem cw-with-icon">
            <StateIcon state="attention" /> {__('gone', 'crosswalk')}
          </span>
        ) : (
          typeWord(field.type)
        )}
      </span>
    </div>
  ) // prettier-ignore
}

function From({ row: { rule } }: { row: Row }) {
  const { words } = useCatalogues()
  if (rule === null || !isChosen(rule)) {
    return <span className="cw-problem">{__('nothing yet', 'crosswalk')}</span>
  }
  return <bdi>{sourceText(rule.value, words)}</bdi>
}

/** Steps and the rest that is out of the ordinary, a line each. */
function Steps({ rule }: { rule: FieldRule | null }) {
  const { words } = useCatalogues()
  if (rule === null) return <Nothing />
  const lines = [
    ...rule.transforms.map((step) => stepText(step, words)),
    ...(rule.when === undefined ? [] : [__('only when its condition holds', 'crosswalk')]),
    ...(rule.on === 'both' ? [] : [onWord(rule.on)]),
    ...(rule.onEmpty === 'clear' ? [__('emptied without a value', 'crosswalk')] : []),
    ...(rule.onEmpty === 'fail' ? [__('stops without a value', 'crosswalk')] : []),
  ]
  if (lines.length === 0) return <Nothing />
  return (
    <ul className="cw-lines">
      {lines.map((line, at) => (
        <li key={at}>{line}</li>
      ))}
    </ul>
  )
}
