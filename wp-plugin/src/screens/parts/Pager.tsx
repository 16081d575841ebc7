import { Button } from '@wordpress/components'
import { __ } from '@wordpress/i18n'
import { usePlace } from '../place.tsx'

/** Cursors of the pages before the shown one, by filter: pages are keyed, so only the way here leads back. */
const before = new Map<string, string[]>()

/** Newer and older, by the `cursor` of the address; the other filters stay. @param next of the shown page, null at the end */
export function Pager({ next }: { next: string | null }) {
  const { path, query, go } = usePlace()
  const { cursor, ...filters } = query
  const name = `${path}?${new URLSearchParams(filters).toString()}`
  const newer = (): void => {
    const way = before.get(name) ?? []
    const previous = way.pop()
    go(path, previous === undefined ? filters : { ...filters, cursor: previous })
  }
  const older = (): void => {
    before.set(name, cursor === undefined ? [] : [...(before.get(name) ?? []), cursor])
    go(path, { ...filters, cursor: next ?? '' })
  }
  if (cursor === undefined && next === null) return null
  return (
    <nav className="cw-pager" aria-label={__('Pages of the list', 'crosswalk')}>
      <Button __next40pxDefaultSize variant="secondary" disabled={cursor === undefined} accessibleWhenDisabled onClick={newer}>
        {__('‹ Newer', 'crosswalk')}
      </Button>
      <Button __next40pxDefaultSize variant="secondary" disabled={next === null} accessibleWhenDisabled onClick={older}>
        {__('Older ›', 'crosswalk')}
      </Button>
    </nav>
  ) // prettier-ignore
}
