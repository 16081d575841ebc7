import { useState } from '@wordpress/element'
import { __ } from '@wordpress/i18n'
import type { CallerRole } from '@crosswalk/shared/contract'
import { useBridge } from '../../screens/bridge.tsx'
import { useAction } from '../../screens/loaded.ts'
import { Card } from '../../screens/parts/Card.tsx'
import { Line, SmallForm } from '../parts.tsx'
import type { MadeLink } from './PeoplePage.tsx'
import { RoleChoice } from './RoleChoice.tsx'

/** Makes a link for somebody new. */
export function InviteCard({ made }: { made: (link: MadeLink) => void }) {
  const { api } = useBridge()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<CallerRole>('operator')
  const invite = useAction(async () => {
    made(await api.accounts.invite({ body: { email, role } }))
    setEmail('')
  })
  return (
    <Card title={__('Invite somebody', 'crosswalk')}>
      <SmallForm fields={['email']} action={invite} send={__('Make a link', 'crosswalk')}>
        {(problemOf) => (
          <>
            <Line
              type="email"
              label={__('E-mail address', 'crosswalk')}
              help={__('They will sign in with it.', 'crosswalk')}
              autoComplete="off"
              value={email}
              onChange={setEmail}
              problem={problemOf('email')}
            />
            <div className="cw-field">
              <RoleChoice role={role} choose={setRole} />
            </div>
          </>
        )}
      </SmallForm>
    </Card>
  )
}
