import type { ReactNode } from 'react'
import { Button } from '@wordpress/components'
import { __ } from '@wordpress/i18n'

/** A way to another system, in a new tab. Addresses come from there: only http and https are followed. */
export function OutsideLink({ to, children }: { to: string; children: ReactNode }) {
  if (!/^https?:\/\//i.test(to)) return null
  return (
    <Button __next40pxDefaultSize variant="secondary" href={to} target="_blank" rel="noopener noreferrer">
      {children}
      <span className="screen-reader-text">{__('(opens in a new tab)', 'crosswalk')}</span>
    </Button>
  )
}
