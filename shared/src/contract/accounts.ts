import { z } from 'zod'
import { AccountId, InvitationId, Removed, SessionId, Time } from './common.ts'
import { CALLER_ROLES, endpoint } from './endpoint.ts'

/** Long enough for any sentence; what is longer costs time to hash and nothing else. */
export const LONGEST_PASSWORD = 256
export const SHORTEST_PASSWORD = 8

/** A password as it is typed in to be checked. */
export const Password = z.string().min(1).max(LONGEST_PASSWORD)
/** A new one. No rules of composition; common ones are refused by the service, which has the list. */
export const NewPassword = z
  .string()
  .max(LONGEST_PASSWORD)
  .refine((text) => [...text].length >= SHORTEST_PASSWORD, {
    error: `A password needs at least ${SHORTEST_PASSWORD} characters.`,
  })
export const EmailAddress = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email({ error: 'This is not an e-mail address, such as anna@example.com.' }))
export const PersonName = z.string().trim().min(1).max(120)
/** Of an app that shows six digits, or a recovery code; spaces and dashes in it do not count. */
export const SecondFactorCode = z.string().trim().min(6).max(60)

export const OwnAccount = z
  .object({
    id: AccountId,
    email: z.string(),
    name: z.string(),
    role: z.enum(CALLER_ROLES),
    /** Whether a code is asked for beside the password. */
    secondFactor: z.boolean(),
    recoveryCodesLeft: z.int(),
    passwordSetAt: Time,
  })
  .meta({ id: 'OwnAccount' })
export type OwnAccount = z.infer<typeof OwnAccount>

export const AccountSession = z
  .object({
    id: SessionId,
    /** The one that asks. */
    current: z.boolean(),
    /** What the browser calls itself. */
    agent: z.string(),
    createdAt: Time,
    seenAt: Time,
    expiresAt: Time,
  })
  .meta({ id: 'AccountSession' })
export type AccountSession = z.infer<typeof AccountSession>

export const Person = z
  .object({
    id: AccountId,
    email: z.string(),
    name: z.string(),
    role: z.enum(CALLER_ROLES),
    secondFactor: z.boolean(),
    /** The one that asks. */
    you: z.boolean(),
    createdAt: Time,
    /** When a browser was last signed in as this person; null where none is. */
    seenAt: Time.nullable(),
  })
  .meta({ id: 'Person' })
export type Person = z.infer<typeof Person>

/** `invite` makes an account; `renew` gives one that is there a new password and takes its second factor away. */
export const INVITATION_KINDS = ['invite', 'renew'] as const

export const Invitation = z
  .object({
    id: InvitationId,
    kind: z.enum(INVITATION_KINDS),
    email: z.string(),
    role: z.enum(CALLER_ROLES),
    createdAt: Time,
    expiresAt: Time,
  })
  .meta({ id: 'Invitation' })
export type Invitation = z.infer<typeof Invitation>

/** `code` is shown this once; the console's address with `#invitation=<code>` is the link to pass on. */
const MadeInvitation = Invitation.extend({ code: z.string() })
const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) })
const again = z.strictObject({ password: Password })

/** One's own account, whatever the role; and the owner's look at everybody's. */
export const accounts = {
  own: endpoint({
    method: 'GET',
    path: '/account',
    summary: 'The account of who is signed in; null for an access key',
    response: z.object({ account: OwnAccount.nullable() }),
  }),
  changePassword: endpoint({
    method: 'POST',
    path: '/account/password',
    summary: 'Change one’s password; all other sessions end',
    role: 'viewer',
    body: z.strictObject({ current: Password, password: NewPassword }),
    response: z.object({ endedSessions: z.int() }),
  }),
  sessions: endpoint({
    method: 'GET',
    path: '/account/sessions',
    summary: 'Where one is signed in',
    response: z.object({ items: z.array(AccountSession) }),
  }),
  endSession: endpoint({
    method: 'DELETE',
    path: '/account/sessions/:sessionId',
    summary: 'End a session of one’s own',
    role: 'viewer',
    params: z.object({ sessionId: SessionId }),
    response: Removed,
  }),
  endOtherSessions: endpoint({
    method: 'POST',
    path: '/account/sessions/end-others',
    summary: 'End all sessions of one’s own but this one',
    role: 'viewer',
    response: z.object({ endedSessions: z.int() }),
  }),
  beginSecondFactor: endpoint({
    method: 'POST',
    path: '/account/second-factor',
    summary: 'Begin to set up a second factor: a secret for an authenticator app, shown this once',
    role: 'viewer',
    body: again,
    response: z.object({
      /** Base32, for typing in. */
      secret: z.string(),
      uri: z.string(),
      /** The address as a QR code, SVG. */
      qr: z.string(),
    }),
  }),
  confirmSecondFactor: endpoint({
    method: 'POST',
    path: '/account/second-factor/confirm',
    summary: 'Switch the second factor on with a first code; the recovery codes are shown this once',
    role: 'viewer',
    body: z.strictObject({ code: SecondFactorCode }),
    response: RecoveryCodes,
  }),
  renewRecoveryCodes: endpoint({
    method: 'POST',
    path: '/account/recovery-codes',
    summary: 'Make new recovery codes; the old ones end',
    role: 'viewer',
    body: again,
    response: RecoveryCodes,
  }),
  endSecondFactor: endpoint({
    method: 'POST',
    path: '/account/second-factor/off',
    summary: 'Switch the second factor off',
    role: 'viewer',
    body: again,
    response: z.object({ off: z.literal(true) }),
  }),
  people: endpoint({
    method: 'GET',
    path: '/people',
    summary: 'Who has an account, and who is invited',
    role: 'owner',
    sites: false,
    response: z.object({ items: z.array(Person), invitations: z.array(Invitation) }),
  }),
  invite: endpoint({
    method: 'POST',
    path: '/people/invitations',
    summary: 'Invite somebody by a link that works once, for seven days',
    role: 'owner',
    sites: false,
    status: 201,
    body: z.strictObject({ email: EmailAddress, role: z.enum(CALLER_ROLES) }),
    response: MadeInvitation,
  }),
  withdrawInvitation: endpoint({
    method: 'DELETE',
    path: '/people/invitations/:invitationId',
    summary: 'Withdraw a link that was not used yet',
    role: 'owner',
    sites: false,
    params: z.object({ invitationId: InvitationId }),
    response: Removed,
  }),
  renew: endpoint({
    method: 'POST',
    path: '/people/:accountId/renew',
    summary: 'A link for somebody who lost the password or the second factor; it works once, for a day',
    role: 'owner',
    sites: false,
    status: 201,
    params: z.object({ accountId: AccountId }),
    response: MadeInvitation,
  }),
  changeRole: endpoint({
    method: 'PATCH',
    path: '/people/:accountId',
    summary: 'Change somebody’s role; the last owner stays one',
    role: 'owner',
    sites: false,
    params: z.object({ accountId: AccountId }),
    body: z.strictObject({ role: z.enum(CALLER_ROLES) }),
    response: Person,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/people/:accountId',
    summary: 'Remove an account and end its sessions; the last owner cannot be removed',
    role: 'owner',
    sites: false,
    params: z.object({ accountId: AccountId }),
    response: Removed,
  }),
}
