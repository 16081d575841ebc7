import type { ReactNode } from 'react'
import { Button } from '@wordpress/components'
import { __ } from '@wordpress/i18n'
import { speak } from '@wordpress/a11y'

/** A disclosure, closed until it is opened. */
export const Disclosure = (props: { summary: ReactNode; open?: boolean; onToggle?: (open: boolean) => void; children: ReactNode }) => (
  <details className="cw-details" open={props.open} onToggle={(event) => props.onToggle?.(event.currentTarget.open)}>
    <summary>{props.summary}</summary>
    {props.children}
  </details>
) // prettier-ignore

/** Ids, codes and addresses for whoever is asked for help; never secrets. @param of shown as indented JSON */
export function TechnicalDetails({ of }: { of: unknown }) {
  const text = JSON.stringify(of, null, 2)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text)
    speak(__('Copied.', 'crosswalk'), 'polite')
  }
  return (
    <Disclosure summary={__('Technical details', 'crosswalk')}>
      {/* Scrolls, so the keyboard must reach it. */}
      <pre tabIndex={0}>{text}</pre>
      <Button __next40pxDefaultSize variant="secondary" onClick={() => void copy()}>
        {__('Copy for support', 'crosswalk')}
      </Button>
    </Disclosure>
  )
}
