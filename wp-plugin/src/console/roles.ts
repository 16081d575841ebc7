import { __ } from '@wordpress/i18n'
import type { CallerRole } from '@crosswalk/shared/contract'

export const roleWord = (role: CallerRole): string =>
  role === 'owner'
    ? __('owner', 'crosswalk')
    : role === 'operator'
      ? __('operator', 'crosswalk')
      : __('viewer', 'crosswalk')

/** What a role may do, for whoever gives it. */
export const roleHelp = (role: CallerRole): string =>
  role === 'owner'
    ? __('Does everything: connects systems, sees to keys and people, deletes.', 'crosswalk')
    : role === 'operator'
      ? __('Changes flows and rules, repairs failures; connects nothing.', 'crosswalk')
      : __('Looks at everything but secrets, changes nothing.', 'crosswalk')
