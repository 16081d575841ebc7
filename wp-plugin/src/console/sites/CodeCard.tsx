import { Button, TextControl } from '@wordpress/components'
import { speak } from '@wordpress/a11y'
import { createInterpolateElement, useEffect, useRef, useState } from '@wordpress/element'
import { __ } from '@wordpress/i18n'
import { useBridge, type Api } from '../../screens/bridge.tsx'
import { useAction } from '../../screens/loaded.ts'
import { Card } from '../../screens/parts/Card.tsx'
import { Problem } from '../../screens/parts/Message.tsx'
import { Time } from '../../screens/parts/Time.tsx'

type MadeCode = Awaited<ReturnType<Api['pairing']['createCode']>>

/** Makes the code that a site is paired with, and shows it this once, with the address that goes with it. */
export function CodeCard() {
  const { api } = useBridge()
  const [made, setMade] = useState<MadeCode | null>(null)
  const make = useAction(async () => setMade(await api.pairing.createCode({ body: {} })))
  return (
    <Card title={__('Pair a WordPress site', 'crosswalk')}>
      <p>
        {__(
          'Crosswalk’s plugin asks for two things: the address of this bridge, and a code that its owner made.',
          'crosswalk',
        )}
      </p>
      {made !== null && <Code key={made.code} made={made} />}
      <Problem error={make.error} />
      <div className="cw-buttons">
        <Button
          __next40pxDefaultSize
          variant={made === null ? 'primary' : 'secondary'}
          isBusy={make.busy}
          disabled={make.busy}
          accessibleWhenDisabled
          onClick={() => void make.run()}
        >
          {made === null ? __('Make a code', 'crosswalk') : __('Make another code', 'crosswalk')}
        </Button>
      </div>
    </Card>
  )
}

function Code({ made }: { made: MadeCode }) {
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    field.current?.focus()
    field.current?.select()
  }, [])
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(made.code)
    speak(__('Copied.', 'crosswalk'), 'polite')
  }
  return (
    <>
      <TextControl
        __next40pxDefaultSize
        readOnly
        dir="ltr"
        label={__('Address of the bridge', 'crosswalk')}
        help={__('As this browser reaches it; WordPress must be able to reach it too.', 'crosswalk')}
        value={location.origin}
        onChange={() => {}}
      />
      <TextControl
        __next40pxDefaultSize
        ref={field}
        readOnly
        dir="ltr"
        label={__('Code', 'crosswalk')}
        value={made.code}
        onChange={() => {}}
      />
      <p>
        {createInterpolateElement(
          __('It is shown only now, works once, and only until <time />.', 'crosswalk'),
          { time: <Time at={made.expiresAt} /> },
        )}
      </p>
      <div className="cw-buttons">
        <Button __next40pxDefaultSize variant="primary" onClick={() => void copy()}>
          {__('Copy the code', 'crosswalk')}
        </Button>
      </div>
    </>
  )
}
