import { Button } from '@wordpress/components'
import { speak } from '@wordpress/a11y'
import { __ } from '@wordpress/i18n'
import { Message } from '../../screens/parts/Message.tsx'

/** Shown this once: each lets its person in without the app, one time. */
export function RecoveryCodes({ codes, done }: { codes: readonly string[]; done: () => void }) {
  const text = codes.join('\n')
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text)
    speak(__('Copied.', 'crosswalk'), 'polite')
  }
  return (
    <div className="cw-codes">
      <Message kind="warning">
        {__(
          'Keep these recovery codes where you keep passwords: they are shown only now. Each lets you in once without the app.',
          'crosswalk',
        )}
      </Message>
      {/* Scrolls, so the keyboard must reach it. */}
      <pre tabIndex={0} aria-label={__('Recovery codes', 'crosswalk')} role="region">
        {text}
      </pre>
      <div className="cw-buttons">
        <Button __next40pxDefaultSize variant="secondary" onClick={() => void copy()}>
          {__('Copy the codes', 'crosswalk')}
        </Button>
        <Button __next40pxDefaultSize variant="primary" onClick={done}>
          {__('I have kept them', 'crosswalk')}
        </Button>
      </div>
    </div>
  )
}
