import { __ } from '@wordpress/i18n'
import type { CallerRole } from '@crosswalk/shared/contract'
import type { OwnScreens } from '../screens/Screens.tsx'
import { AccountPage } from './account/AccountPage.tsx'
import { PeoplePage } from './people/PeoplePage.tsx'
import { SitesPage } from './sites/SitesPage.tsx'

/** Pages that only the console has, for it alone has people and lets sites in: for owners, and one's own account. */
export const ownScreens = (role: CallerRole, hasAccount: boolean): OwnScreens => ({
  ...(role === 'owner'
    ? {
        sites: { label: () => __('WordPress sites', 'crosswalk'), show: () => <SitesPage /> },
        people: { label: () => __('People', 'crosswalk'), show: () => <PeoplePage /> },
      }
    : {}),
  ...(hasAccount
    ? { account: { label: () => __('Your account', 'crosswalk'), show: () => <AccountPage /> } }
    : {}),
})
