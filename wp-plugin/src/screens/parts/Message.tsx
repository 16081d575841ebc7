import type { ReactNode } from 'react'
import { Notice } from '@wordpress/components'
import { __ } from '@wordpress/i18n'

interface Way {
  label: string
  /** Either is given: what to do, or where to go. */
  onClick?: () => void
  url?: string
}

/**
 * What a page must say: cause, then remedy, then one way out. Errors and warnings stay until they are solved.
 * @param spoken the same as plain text; null where a screen reader has heard it already
 */
export function Message(props: {
  kind: 'error' | 'warning' | 'info' | 'success'
  children: ReactNode
  spoken?: string | null
  way?: Way
  onDismiss?: () => void
}) {
  const { kind, children, spoken, way, onDismiss } = props
  const heard = spoken === null ? '' : (spoken ?? (typeof children === 'string' ? children : ''))
  return (
    <Notice
      className="cw-message"
      status={kind}
      spokenMessage={heard}
      politeness={kind === 'error' ? 'assertive' : 'polite'}
      isDismissible={onDismiss !== undefined && (kind === 'info' || kind === 'success')}
      {...(onDismiss ? { onRemove: onDismiss } : {})}
      actions={
        way
          ? [way.url === undefined
              ? { label: way.label, onClick: () => way.onClick?.(), variant: 'secondary' as const }
              : { label: way.label, url: way.url, variant: 'secondary' as const }] // prettier-ignore
          : []
      }
    >
      {children}
    </Notice>
  )
}

/** What went wrong with something the user did, or with reading the page; nothing where nothing did. */
export const Problem = ({ error, again }: { error: Error | null; again?: () => void }) =>
  error === null ? null : (
    <Message
      kind="error"
      {...(again ? { way: { label: __('Try again', 'crosswalk'), onClick: again } } : {})}
    >
      {error.message}
    </Message>
  )
