import type { ReactNode } from 'react'
import { Button } from '@wordpress/components'
import { useRef } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { CallerRole } from '@crosswalk/shared/contract'
import { PageLinks } from '../screens/Screens.tsx'

const roleWord = (role: CallerRole): string =>
  role === 'owner'
    ? __('owner', 'crosswalk')
    : role === 'operator'
      ? __('operator', 'crosswalk')
      : __('viewer', 'crosswalk')

/** The console's rail beside the page. */
export function Frame(props: {
  role: CallerRole
  failures: number
  signOut: () => void
  children: ReactNode
}) {
  const { role, failures, signOut, children } = props
  const content = useRef<HTMLElement>(null)
  return (
    <div className="cw-frame">
      <a
        className="cw-skip"
        href="#content"
        onClick={(event) => {
          // The address names the page, so it must not change.
          event.preventDefault()
          content.current?.focus()
        }}
      >
        {__('Skip to the content', 'crosswalk')}
      </a>
      <header className="cw-rail">
        <p className="cw-brand">Crosswalk</p>
        <PageLinks failures={failures} />
        <div className="cw-user">
          {/* translators: %s: owner, operator or viewer */}
          <p>{sprintf(__('Signed in with a key of the role “%s”', 'crosswalk'), roleWord(role))}</p>
          <Button __next40pxDefaultSize variant="secondary" onClick={signOut}>
            {__('Sign out', 'crosswalk')}
          </Button>
        </div>
      </header>
      <main id="content" ref={content} tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}
