import type { KeyboardEvent } from 'react'
import { Button, SelectControl, TextControl } from '@wordpress/components'
import { useEffect, useRef, useState } from '@wordpress/element'
import { __, _n, sprintf } from '@wordpress/i18n'
import type { Field } from '@crosswalk/shared/mapping'
import { Disclosure } from '../parts/Details.tsx'
import { count } from '../parts/format.ts'
import { useCatalogues } from './context.ts'
import { typeWord } from './words.ts'

/** Height of a line, px; the styles hold it. */
const LINE = 44
/** Lines that are there at once, more than any window of the list shows. */
const SHOWN = 24
const BEFORE = 6

/** Fields of the target that no rule fills: folded, searched, by group. Only those in sight are drawn, however many. */
export function Unfilled({ fields, fill }: { fields: readonly Field[]; fill: (target: string) => void }) {
  const { target, mayChange } = useCatalogues()
  const [search, setSearch] = useState('')
  const [group, setGroup] = useState('')
  const [wanted, setWanted] = useState(false)
  if (fields.length === 0) return null
  const groups = [...new Set(fields.map((field) => field.group))].filter((name) => name !== '').sort()
  const words = search.trim().toLowerCase()
  const found = fields.filter(
    (field) =>
      (group === '' || field.group === group) &&
      (words === '' || `${field.label} ${field.name} ${field.group}`.toLowerCase().includes(words)),
  )
  return (
    <Disclosure
      summary={sprintf(
        // translators: 1: number of fields; 2: name of a system
        _n('%1$s field in %2$s is not filled', '%1$s fields in %2$s are not filled', fields.length, 'crosswalk'),
        ...([count(fields.length), target] as const),
      )}
      onToggle={setWanted}
    >
      {wanted && (
        <>
          <div className="cw-filters" role="search" aria-label={__('Fields that are not filled', 'crosswalk')}>
            <TextControl
              __next40pxDefaultSize
              type="search"
              label={__('Search fields', 'crosswalk')}
              value={search}
              onChange={setSearch}
            />
            {groups.length > 1 && (
              <SelectControl
                __next40pxDefaultSize
                label={__('Group', 'crosswalk')}
                value={group}
                options={[{ value: '', label: __('All', 'crosswalk') }, ...groups.map((name) => ({ value: name, label: name }))]}
                onChange={setGroup}
              />
            )}
            <p role="status" className="cw-quiet">
              {/* translators: %s: number of fields */}
              {sprintf(_n('%s field', '%s fields', found.length, 'crosswalk'), count(found.length))}
            </p>
          </div>
          {found.length === 0 ? (
            <p>{__('No field fits. Search for another word.', 'crosswalk')}</p>
          ) : (
            <Lines key={`${words} ${group}`} fields={found} fill={mayChange ? fill : null} />
          )}
        </>
      )}
    </Disclosure>
  )
} // prettier-ignore

function Lines({ fields, fill }: { fields: readonly Field[]; fill: ((target: string) => void) | null }) {
  const box = useRef<HTMLDivElement>(null)
  const [first, setFirst] = useState(0)
  const [focused, setFocused] = useState<number | null>(null)
  useEffect(() => {
    if (focused !== null) box.current?.querySelector<HTMLElement>(`[data-at="${focused}"]`)?.focus({ preventScroll: true }) // prettier-ignore
  }, [focused, first])
  const show = (top: number): void => setFirst(Math.max(0, Math.min(Math.floor(top / LINE) - BEFORE, fields.length - SHOWN))) // prettier-ignore
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = Number((event.target as HTMLElement).dataset['at'])
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -fields.length, End: fields.length } // prettier-ignore
    const by = steps[event.key]
    if (by === undefined || !Number.isInteger(at) || box.current === null) return
    event.preventDefault()
    const to = Math.max(0, Math.min(fields.length - 1, at + by))
    const top = to * LINE
    const { scrollTop, clientHeight } = box.current
    if (top < scrollTop || top + LINE > scrollTop + clientHeight) box.current.scrollTop = Math.max(0, top - clientHeight / 2) // prettier-ignore
    show(box.current.scrollTop || Math.max(0, top - BEFORE * LINE))
    setFocused(to)
  }
  const shown = fields.slice(first, first + SHOWN)
  const rest = fields.length - first - shown.length
  return (
    // Scrolls, so the keyboard must reach it: its buttons do, and without them the box itself.
    <div
      className="cw-window"
      ref={box}
      tabIndex={fill === null ? 0 : undefined}
      role={fill === null ? 'region' : undefined}
      aria-label={fill === null ? __('Fields that are not filled', 'crosswalk') : undefined}
      onScroll={(event) => show(event.currentTarget.scrollTop)}
    >
      <table className="cw-lines-table" aria-rowcount={fields.length + 1} onKeyDown={onKeyDown}>
        <caption className="screen-reader-text">{__('Fields that are not filled', 'crosswalk')}</caption>
        <thead className="screen-reader-text">
          <tr aria-rowindex={1}>
            <th scope="col">{__('Field', 'crosswalk')}</th>
            <th scope="col">{__('Kind', 'crosswalk')}</th>
            <th scope="col">{__('Rule', 'crosswalk')}</th>
          </tr>
        </thead>
        <tbody>
          <Gap lines={first} />
          {shown.map((field, index) => (
            <tr key={field.name} aria-rowindex={first + index + 2}>
              <th scope="row" title={field.help}>
                <bdi>{field.label}</bdi>
              </th>
              <td className="cw-quiet">
                {typeWord(field.type)}
                {field.group !== '' && ` · ${field.group}`}
              </td>
              <td>
                {fill && (
                  <Button size="compact" variant="secondary" data-at={first + index} onClick={() => fill(field.name)}>
                    {__('Fill it', 'crosswalk')}
                    <span className="screen-reader-text">{field.label}</span>
                  </Button>
                )}
              </td>
            </tr>
          ))}
          <Gap lines={rest} />
        </tbody>
      </table>
    </div>
  )
} // prettier-ignore

/** The room of lines that are not drawn. */
const Gap = ({ lines }: { lines: number }) =>
  lines <= 0 ? null : (
    <tr aria-hidden="true" className="cw-gap">
      <td colSpan={3} style={{ height: lines * LINE }} />
    </tr>
  )
