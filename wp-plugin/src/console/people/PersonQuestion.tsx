import { useState } from '@wordpress/element'
import { __, sprintf } from '@wordpress/i18n'
import type { Person } from '@crosswalk/shared/contract'
import { useBridge } from '../../screens/bridge.tsx'
import { useAction } from '../../screens/loaded.ts'
import { Confirm } from '../../screens/parts/Confirm.tsx'
import { roleWord } from '../roles.ts'
import type { MadeLink } from './PeoplePage.tsx'
import { RoleChoice } from './RoleChoice.tsx'

export type Question = 'role' | 'renew' | 'remove'

/** A decision about somebody's account, with what it does. */
export function PersonQuestion(props: {
  person: Person
  about: Question
  made: (link: MadeLink) => void
  done: (text: string) => void
  leave: () => void
}) {
  const { person, about, made, done, leave } = props
  const { api } = useBridge()
  const [role, setRole] = useState(person.role)
  const { name } = person
  const params = { accountId: person.id }
  const act = useAction(async () => {
    if (about === 'renew') {
      made(await api.accounts.renew({ params }))
    } else if (about === 'remove') {
      await api.accounts.remove({ params })
      // translators: %s: a person's name
      done(sprintf(__('%s is removed and signed out.', 'crosswalk'), name))
    } else {
      await api.accounts.changeRole({ params, body: { role } })
      // translators: 1: a person's name; 2: owner, operator or viewer
      done(sprintf(__('The role of %1$s is “%2$s” now.', 'crosswalk'), name, roleWord(role)))
    }
    leave()
  })
  const common = {
    busy: act.busy,
    error: act.error,
    leave: __('Leave it as it is', 'crosswalk'),
    onLeave: leave,
    onAct: () => void act.run(),
  }
  switch (about) {
    case 'role':
      return (
        <Confirm
          {...common}
          // translators: %s: a person's name
          question={sprintf(__('What may %s do?', 'crosswalk'), name)}
          act={__('Save the role', 'crosswalk')}
          disabled={role === person.role}
        >
          <RoleChoice role={role} choose={setRole} />
        </Confirm>
      )
    case 'renew':
      return (
        <Confirm
          {...common}
          // translators: %s: a person's name
          question={sprintf(__('Make a new password link for %s?', 'crosswalk'), name)}
          act={__('Make the link', 'crosswalk')}
        >
          <p>
            {__(
              'For who lost the password or the authenticator app. Once the link is used, the old password, all sessions and the second step end.',
              'crosswalk',
            )}
          </p>
        </Confirm>
      )
    default:
      return (
        <Confirm
          {...common}
          destructive
          // translators: %s: a person's name
          question={sprintf(__('Remove %s?', 'crosswalk'), name)}
          // translators: %s: a person's name
          act={sprintf(__('Remove %s', 'crosswalk'), name)}
        >
          <p>
            {__(
              'The account and its sessions end at once. What this person did stays in the history. Access keys are not touched.',
              'crosswalk',
            )}
          </p>
        </Confirm>
      )
  }
}
