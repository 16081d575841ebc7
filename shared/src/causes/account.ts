import { cause } from './cause.ts'

const connection = { scope: 'connection' } as const
const waits = { ...connection, severity: 'waiting', waits: true, retryable: true } as const

/** What stands between us and an account: sign-in, permission, limits, the network. */
export const ACCOUNT_CAUSES = {
  sign_in_refused: cause(
    'account',
    {
      title: ['{system} no longer accepts our sign-in.'],
      remedy: [
        'Somebody removed the app or the right. {n} records wait.',
        'Somebody removed the app or the right. Records wait until you sign in.',
      ],
      action: 'Sign in again',
      target: { screen: 'connection', field: 'credentials' },
    },
    connection,
  ),
  account_gone: cause(
    'account',
    {
      title: ['The account at {system} is gone.'],
      remedy: ['Connect another one. What was sent stays linked.'],
      action: 'Connect again',
      target: { screen: 'connection', field: 'credentials' },
    },
    connection,
  ),
  permission_missing: cause(
    'account',
    {
      title: [
        'A permission is missing in {system}: {permission}.',
        '{system} does not permit this to our sign-in.',
      ],
      remedy: ['Sign in again and allow it. Then send the records again.'],
      action: 'Sign in and allow',
      target: { screen: 'connection', side: 'target', field: 'permissions' },
    },
    { groupBy: ['system', 'permission'] },
  ),
  installation_unknown: cause(
    'account',
    {
      title: ['{system} does not know this bridge.'],
      remedy: [
        'Its client id, secret or return address is wrong. The operator of the bridge can correct it.',
      ],
      action: 'Show how',
      target: { screen: 'help', field: 'installation' },
    },
    connection,
  ),
  plan_excludes: cause(
    'account',
    {
      title: [
        'The plan at {system} does not include {feature}.',
        'The plan at {system} does not include this.',
      ],
      remedy: ['Change the plan there, or switch this part of the flow off.'],
      action: 'Open the settings',
      target: { screen: 'flow-settings' },
    },
    { groupBy: ['system', 'feature'] },
  ),
  company_not_ready: cause(
    'account',
    {
      title: ['The company in {system} is not ready.'],
      remedy: ['Finish its start guide there, or make it active again.'],
      action: 'Open the company',
      target: { screen: 'target' },
    },
    connection,
  ),
  daily_limit: cause(
    'account',
    {
      title: [
        'The daily limit of {system} is used up (ours today: {used}).',
        'The daily limit of {system} is used up.',
      ],
      remedy: ['All apps share it. It goes on at {time}.', 'All apps share it. It goes on by itself.'],
      action: 'See our use',
      target: { screen: 'connection', field: 'limits' },
    },
    waits,
  ),
  slow_down: cause(
    'account',
    {
      title: ['{system} asks us to slow down.'],
      remedy: ['Next try {time}.', 'It goes on by itself.'],
      action: null,
      target: null,
    },
    waits,
  ),
  account_moving: cause(
    'account',
    {
      title: ['{system} is moving this account to another place.'],
      remedy: ['It may take a day. Records wait and nothing is lost.'],
      action: 'Check now',
      target: { screen: 'connection' },
    },
    waits,
  ),
  system_silent: cause(
    'network',
    {
      title: ['{system} does not answer since {since}.', '{system} does not answer.'],
      remedy: ['{n} records wait, nothing is lost.', 'Records wait, nothing is lost.'],
      action: 'Check now',
      target: { screen: 'connection' },
    },
    waits,
  ),
  certificate_bad: cause(
    'network',
    {
      title: [
        'The secure connection to {host} cannot be trusted.',
        'The secure connection to {system} cannot be trusted.',
      ],
      remedy: [
        'Its certificate {why}. Its host can renew it; records wait.',
        'Its host can renew the certificate; records wait.',
      ],
      action: 'Show who can fix it',
      target: { screen: 'help', field: 'certificate' },
    },
    { ...connection, waits: true },
  ),
  answer_lost: cause(
    'network',
    {
      title: ['We do not know whether {system} took it.'],
      remedy: ['The line broke while sending. We look there before we send again.'],
      action: 'Look now',
      target: { screen: 'record' },
    },
    { ...waits, scope: 'record' },
  ),
  clock_differs: cause(
    'network',
    {
      title: [
        'The clocks of {system} and this bridge differ by {n} minutes.',
        'The clocks of {system} and this bridge differ too much.',
      ],
      remedy: ['5 minutes are allowed. Let both set their clocks by the network.'],
      action: 'Show how',
      target: { screen: 'help', field: 'clock' },
    },
    connection,
  ),
  address_moved: cause(
    'network',
    {
      title: ['{host} sends us on to {to}.', '{system} sends us on to another address.'],
      remedy: ['Enter the new address if it is the right one.'],
      action: 'Change the address',
      target: { screen: 'connection', field: 'address' },
    },
    connection,
  ),
  address_unsafe: cause(
    'network',
    {
      title: ['The address of {system} may not be called.'],
      remedy: ['It leads into a private network. Enter its public address.'],
      action: 'Change the address',
      target: { screen: 'connection', field: 'address' },
    },
    connection,
  ),
  answer_unreadable: cause(
    'network',
    {
      title: ['{system} answered in a way we do not understand.'],
      remedy: [
        'Its words: «{words}». Try again; if it stays, send us the technical details.',
        'Try again; if it stays, send us the technical details.',
      ],
      action: 'Copy for support',
      target: { screen: 'record' },
    },
    { retryable: true },
  ),
} as const
