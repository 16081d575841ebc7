import { RadioControl } from '@wordpress/components'
import { __ } from '@wordpress/i18n'
import { CALLER_ROLES, type CallerRole } from '@crosswalk/shared/contract'
import { roleHelp, roleWord } from '../roles.ts'

/** A role, each with what it may do. */
export const RoleChoice = ({ role, choose }: { role: CallerRole; choose: (role: CallerRole) => void }) => (
  <RadioControl
    label={__('Role', 'crosswalk')}
    selected={role}
    options={CALLER_ROLES.map((value) => ({ value, label: roleWord(value), description: roleHelp(value) }))}
    onChange={(value) => choose(value as CallerRole)}
  />
)
