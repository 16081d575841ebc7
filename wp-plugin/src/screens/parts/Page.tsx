import type { ReactNode } from 'react'
import { createContext, createPortal, useContext, useEffect, useRef } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'

/** Where a face keeps its page's `<h1>`: WordPress prints it outside of the screens. Null: it stands on the page. */
export const TitleElement = createContext<HTMLElement | null>(null)

/** A page that opens takes the focus to its title, so that a screen reader says where it is; not the very first one. */
let opened = false

/**
 * The frame of every page: title, state, at most one primary button, then what it must say and its content.
 * @param state a chip @param primary a button; none where all is well
 */
export function Page(props: { title: string; state?: ReactNode; primary?: ReactNode; children: ReactNode }) {
  const { title, state, primary, children } = props
  const outside = useContext(TitleElement)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    // translators: %s: title of the page
    document.title = sprintf(__('%s · Crosswalk', 'crosswalk'), title)
  }, [title])
  useEffect(() => {
    window.scrollTo(0, 0)
    const place = outside ?? heading.current
    if (opened) place?.focus()
    opened = true
  }, [outside])
  return (
    <>
      <div className="cw-head">
        {outside ? (
          createPortal(title, outside)
        ) : (
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
        )}
        {state}
        <span className="cw-head-action">{primary}</span>
      </div>
      {children}
    </>
  )
}
