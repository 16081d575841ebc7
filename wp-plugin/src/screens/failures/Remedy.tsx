import { Button } from '@wordpress/components'
import { PlaceButton, useIsPage } from '../place.tsx'
import type { Way } from './cause.ts'

/** The button that leads to where a cause is dealt with; nothing where that is not a page of ours. */
export function Remedy(props: {
  way: Way
  action: string | null
  variant: 'primary' | 'secondary'
  onEdit?: () => void
}) {
  const { way, action, variant, onEdit } = props
  const isPage = useIsPage()
  if (action === null || way === null) return null
  if (way === 'edit') {
    if (!onEdit) return null
    return (
      <Button __next40pxDefaultSize variant={variant} onClick={onEdit}>
        {action}
      </Button>
    )
  }
  if (!isPage(way.place)) return null
  return (
    <PlaceButton to={way.place} query={way.query} variant={variant}>
      {action}
    </PlaceButton>
  )
}
