import type { ReactNode } from 'react'
import { Button } from '@wordpress/components'
import { useRef } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { CallerRole } from '@crosswalk/shared/contract'
import { PageLinks, type OwnScreens } from '../screens/Screens.tsx'
import { roleWord } from './roles.ts'

/** The console's rail beside the page. @param name of who is signed in; null for an access key */
export function Frame(props: {
  role: CallerRole
  name: string | null
  failures: number
  own: OwnScreens
  signOut: () => void
  children: ReactNode
}) {
  const { role, name, failures, own, signOut, children } = props
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
        <PageLinks failures={failures} own={own} />
        <div className="cw-user">
          <p>
            {name === null
              ? // translators: %s: owner, operator or viewer
                sprintf(__('Signed in with a key of the role “%s”', 'crosswalk'), roleWord(role))
              : // translators: 1: a person's name; 2: owner, operator or viewer
                sprintf(__('%1$s, %2$s', 'crosswalk'), name, roleWord(role))}
          </p>
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
