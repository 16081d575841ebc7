import { Button } from '@wordpress/components'
import { useState } from '@wordpress/element'
import { __ } from '@wordpress/i18n'
import type { AlarmSettingsView } from '@crosswalk/shared/contract'
import { useBridge } from '../bridge.tsx'
import { useAction } from '../loaded.ts'
import { Card } from '../parts/Card.tsx'
import { Problem } from '../parts/Message.tsx'
import { Time } from '../parts/Time.tsx'

/** The secret that calls of an address are signed with: shown once, when it is made. */
export function HookSecret({ set }: { set: AlarmSettingsView['hookSecret'] }) {
  const { api } = useBridge()
  const [made, setMade] = useState<{ secret: string; beforeCountsUntil: string | null } | null>(null)
  const make = useAction(async () => setMade(await api.alarms.newHookSecret()))
  return (
    <Card title={__('Signature of calls', 'crosswalk')}>
      <p>
        {set.set
          ? __('Calls of your address are signed, so that it can tell them from forged ones.', 'crosswalk')
          : __('Calls of your address are signed with a secret. Make one and enter it there.', 'crosswalk')}{' '}
        {set.setAt !== null && (
          <>
            {__('Made:', 'crosswalk')} <Time at={set.setAt} />
          </>
        )}
      </p>
      {made && (
        <div role="status">
          <p>{__('The new secret. It is shown this once:', 'crosswalk')}</p>
          <p>
            <code>{made.secret}</code>
          </p>
          {made.beforeCountsUntil !== null && (
            <p className="cw-quiet">
              {__('The one before counts until:', 'crosswalk')} <Time at={made.beforeCountsUntil} />
            </p>
          )}
        </div>
      )}
      <Problem error={make.error} />
      <Button __next40pxDefaultSize variant="secondary" isBusy={make.busy} disabled={make.busy} accessibleWhenDisabled onClick={() => void make.run()}>
        {__('Make a new secret', 'crosswalk')}
      </Button>
    </Card>
  ) // prettier-ignore
}
