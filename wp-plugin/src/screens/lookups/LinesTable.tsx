import { Button, TextControl } from '@wordpress/components'
import { useEffect, useRef, useState } from '@wordpress/element'
import { __, _n, sprintf } from '@wordpress/i18n'
import type { LookupPage } from '@crosswalk/shared/contract'
import { Choice } from '../form/Choice.tsx'
import { exactCount } from '../parts/format.ts'
import { StateIcon } from '../parts/state.tsx'
import { recordPath } from '../parts/records.ts'
import { PlaceLink } from '../place.tsx'
import { fold, type Line, type LineProblem } from './rows.ts'

const PAGE = 50

const blank = (lines: readonly Line[], from: string): Line => ({
  id: Math.max(-1, ...lines.map(({ id }) => id)) + 1,
  from,
  to: '',
  saved: null,
  waiting: 0,
  examples: [],
})

/** The lines of a list, a page at a time; missing ones stand first. */
export function LinesTable(props: {
  lines: readonly Line[]
  answers: LookupPage['answers']
  values: LookupPage['values']
  /** What answers are: the field they go to. */
  answerName: string
  problems: ReadonlyMap<number, LineProblem>
  mayChange: boolean
  onChange: (lines: readonly Line[]) => void
}) {
  const { lines, answers, values, answerName, problems, mayChange, onChange } = props
  const [search, setSearch] = useState('')
  const [page, setPage] = useState(0)
  const [focused, setFocused] = useState<number | null>(null)
  const table = useRef<HTMLTableElement>(null)
  useEffect(() => {
    if (focused !== null) table.current?.querySelector<HTMLElement>(`[data-line="${focused}"] input`)?.focus()
  }, [focused])
  const labels = new Map(answers?.map(({ value, label }) => [value, label]))
  const words = fold(search)
  const found = words === '' ? lines : lines.filter(({ from, to }) => fold(`${from} ${to} ${labels.get(to) ?? ''}`).includes(words))
  const pages = Math.max(1, Math.ceil(found.length / PAGE))
  const at = Math.min(page, pages - 1)
  const shown = found.slice(at * PAGE, (at + 1) * PAGE)
  const set = (id: number, change: Partial<Line>): void => onChange(lines.map((line) => (line.id === id ? { ...line, ...change } : line)))
  const add = (from: string): void => {
    const line = blank(lines, from)
    onChange([...lines, line])
    setSearch('')
    setPage(Math.floor(lines.length / PAGE))
    setFocused(line.id)
  }
  const there = new Set(lines.map(({ from }) => fold(from)))
  const suggested = values.filter(({ value }) => !there.has(fold(value)))
  const names = [__('Value', 'crosswalk'), answerName, __('Records', 'crosswalk'), ...(mayChange ? [__('Remove', 'crosswalk')] : [])]
  return (
    <>
      {lines.length > PAGE && (
        <div className="cw-filters" role="search" aria-label={__('Lines of the list', 'crosswalk')}>
          <TextControl
            __next40pxDefaultSize
            type="search"
            label={__('Search lines', 'crosswalk')}
            value={search}
            onChange={(text) => {
              setSearch(text)
              setPage(0)
            }}
          />
        </div>
      )}
      {lines.length === 0 ? (
        <p>{__('The list has no line yet. Add one, or paste a table.', 'crosswalk')}</p>
      ) : found.length === 0 ? (
        <p role="status">{__('No line fits. Search for another word.', 'crosswalk')}</p>
      ) : (
        <table className="cw-table cw-lookup widefat" ref={table} aria-rowcount={found.length + 1}>
          <caption>{__('Lines; those that records wait for come first', 'crosswalk')}</caption>
          <thead>
            <tr aria-rowindex={1}>
              {names.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((line, index) => (
              <tr key={line.id} aria-rowindex={at * PAGE + index + 2} data-line={line.id} className={line.waiting > 0 && line.to === '' ? 'is-wrong' : ''}>
                <th scope="row" data-label={names[0]}>
                  <Value line={line} mayChange={mayChange} onChange={(from) => set(line.id, { from })} />
                </th>
                <td data-label={names[1]}>
                  {mayChange ? (
                    <Choice
                      // translators: 1: name of a field; 2: a value
                      label={sprintf(__('%1$s for %2$s', 'crosswalk'), ...([answerName, line.from === '' ? __('the new line', 'crosswalk') : line.from] as const))}
                      labelHidden
                      options={answers}
                      invalid={problems.has(line.id)}
                      help={<Wrong problem={problems.get(line.id)} answerName={answerName} />}
                      value={line.to}
                      onChange={(to) => set(line.id, { to })}
                    />
                  ) : (
                    <bdi>{labels.get(line.to) ?? line.to}</bdi>
                  )}
                </td>
                <td data-label={names[2]}>
                  <Waits line={line} />
                </td>
                {mayChange && (
                  <td data-label={names[3]}>
                    {line.waiting === 0 && (
                      <Button size="compact" variant="tertiary" onClick={() => onChange(lines.filter(({ id }) => id !== line.id))}>
                        {/* translators: %s: a value */}
                        {sprintf(__('Remove %s', 'crosswalk'), line.from === '' ? __('this line', 'crosswalk') : line.from)}
                      </Button>
                    )}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {pages > 1 && (
        <nav className="cw-pager" aria-label={__('Pages of the list', 'crosswalk')}>
          <span className="cw-quiet">
            {/* translators: 1: first line; 2: last line; 3: number of all */}
            {sprintf(__('%1$s to %2$s of %3$s', 'crosswalk'), ...([exactCount(at * PAGE + 1), exactCount(at * PAGE + shown.length), exactCount(found.length)] as const))}
          </span>
          <Button __next40pxDefaultSize variant="secondary" disabled={at === 0} accessibleWhenDisabled onClick={() => setPage(at - 1)}>
            {__('‹ Before', 'crosswalk')}
          </Button>
          <Button __next40pxDefaultSize variant="secondary" disabled={at === pages - 1} accessibleWhenDisabled onClick={() => setPage(at + 1)}>
            {__('Next ›', 'crosswalk')}
          </Button>
        </nav>
      )}
      {mayChange && (
        <div className="cw-buttons">
          <Button __next40pxDefaultSize variant="secondary" onClick={() => add('')}>
            {__('Add a line', 'crosswalk')}
          </Button>
          {suggested.length > 0 && (
            <Button __next40pxDefaultSize variant="secondary" onClick={() => onChange(suggested.reduce<readonly Line[]>((all, { value }) => [...all, blank(all, value)], lines))}>
              {/* translators: %s: number of values */}
              {sprintf(_n('Add the %s value the shop can send', 'Add the %s values the shop can send', suggested.length, 'crosswalk'), exactCount(suggested.length))}
            </Button>
          )}
        </div>
      )}
    </>
  )
} // prettier-ignore

/** A value that is saved, or that records came with, is what it is; a new one is typed. */
function Value({ line, mayChange, onChange }: { line: Line; mayChange: boolean; onChange: (from: string) => void }) {
  if (!mayChange || line.saved !== null || line.waiting > 0) {
    return line.from === '' ? <em>{__('(empty)', 'crosswalk')}</em> : <bdi>{line.from}</bdi>
  }
  return (
    <TextControl
      __next40pxDefaultSize
      label={__('Value', 'crosswalk')}
      hideLabelFromVision
      maxLength={200}
      value={line.from}
      onChange={onChange}
    />
  )
} // prettier-ignore

function Wrong({ problem, answerName }: { problem: LineProblem | undefined; answerName: string }) {
  if (problem === undefined) return null
  const text =
    problem === 'twice'
      ? __('This value stands in another line already. Remove one of them.', 'crosswalk')
      : problem === 'nothing'
        ? __('Choose an answer, or remove the line.', 'crosswalk')
        : // translators: %s: name of a field
          sprintf(__('This is not one of the values of “%s”. Choose one of them.', 'crosswalk'), answerName)
  return <span className="cw-field-problem">{text}</span>
}

function Waits({ line: { waiting, examples } }: { line: Line }) {
  if (waiting === 0) return null
  return (
    <span className="cw-with-icon">
      <StateIcon state="failed" />
      <span>
        {/* translators: %s: number of records */}
        {sprintf(_n('%s record waits:', '%s records wait:', waiting, 'crosswalk'), exactCount(waiting))}{' '}
        {examples.map((record, at) => (
          <span key={`${record.flowId} ${record.externalId}`}>
            {at > 0 && ', '}
            <PlaceLink to={recordPath(record)}>{record.label ?? record.externalId}</PlaceLink>
          </span>
        ))}
        {waiting > examples.length && ' …'}
      </span>
    </span>
  ) // prettier-ignore
}
