import { Button, TextControl } from '@wordpress/components'
import { createInterpolateElement, useEffect, useRef } from '@wordpress/element'
import { speak } from '@wordpress/a11y'
import { __, sprintf } from '@wordpress/i18n'
import { Card } from '../../screens/parts/Card.tsx'
import { Time } from '../../screens/parts/Time.tsx'
import type { MadeLink } from './PeoplePage.tsx'

/** A link that works once, shown this once: whoever made it passes it on. */
export function LinkToPassOn({ link }: { link: MadeLink }) {
  const field = useRef<HTMLInputElement>(null)
  const address = `${location.origin}${location.pathname}#invitation=${link.code}`
  useEffect(() => {
    field.current?.focus()
    field.current?.select()
  }, [address])
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(address)
    speak(__('Copied.', 'crosswalk'), 'polite')
  }
  return (
    // translators: %s: an e-mail address
    <Card title={sprintf(__('A link for %s', 'crosswalk'), link.email)}>
      <p>
        {createInterpolateElement(
          __(
            'Pass it on yourself: Crosswalk sends no mail, and shows it only now. It works once, until <time />; whoever has it can use it.',
            'crosswalk',
          ),
          { time: <Time at={link.expiresAt} /> },
        )}
      </p>
      <TextControl
        __next40pxDefaultSize
        ref={field}
        readOnly
        dir="ltr"
        label={__('Link', 'crosswalk')}
        value={address}
        onChange={() => {}}
      />
      <div className="cw-buttons">
        <Button __next40pxDefaultSize variant="secondary" onClick={() => void copy()}>
          {__('Copy the link', 'crosswalk')}
        </Button>
      </div>
    </Card>
  )
}
