import type { ReactNode } from 'react'
import { __ } from '@wordpress/i18n'

export interface Column<T> {
  name: string
  /** Right-aligned, with digits of one width. */
  number?: boolean
  cell: (row: T) => ReactNode
}

/** An empty cell, told also to who cannot see the dash. */
export const Nothing = () => (
  <>
    <span aria-hidden="true">–</span>
    <span className="screen-reader-text">{__('empty', 'crosswalk')}</span>
  </>
)
const isNothing = (cell: ReactNode): boolean =>
  cell === null || cell === undefined || cell === '' || cell === false

/** A table whose rows become cards on narrow screens, each value with its column's name. */
export function DataTable<T>(props: {
  caption: string
  /** False: for screen readers only, where a heading says the same. */
  captionShown?: boolean
  columns: readonly Column<T>[]
  rows: readonly T[]
  keyOf: (row: T) => string | number
}) {
  const { caption, captionShown = true, columns, rows, keyOf } = props
  return (
    <table className="cw-table widefat striped">
      <caption className={captionShown ? '' : 'screen-reader-text'}>{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ name, number }) => (
            <th key={name} scope="col" className={number ? 'is-number' : ''}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ name, number, cell }) => {
              const shown = cell(row)
              return (
                <td key={name} data-label={name} className={number ? 'is-number' : ''}>
                  <div>{isNothing(shown) ? <Nothing /> : shown}</div>
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
