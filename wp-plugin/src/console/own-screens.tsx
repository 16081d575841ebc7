import { __ } from '@wordpress/i18n'
import type { CallerRole } from '@crosswalk/shared/contract'
import type { OwnScreens } from '../screens/Screens.tsx'
import { AccountPage } from './account/AccountPage.tsx'
import { PeoplePage } from './people/PeoplePage.tsx'

/** Pages that only the console has, for it alone has people: one's own account, and everybody's for owners. */
export const ownScreens = (role: CallerRole, hasAccount: boolean): OwnScreens => ({
  ...(role === 'owner'
    ? { people: { label: () => __('People', 'crosswalk'), show: () => <PeoplePage /> } }
    : {}),
  ...(hasAccount
    ? { account: { label: () => __('Your account', 'crosswalk'), show: () => <AccountPage /> } }
    : {}),
})
