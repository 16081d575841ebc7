import { z } from 'zod'
import {
  EmailAddress,
  INVITATION_KINDS,
  NewPassword,
  Password,
  PersonName,
  SecondFactorCode,
} from './accounts.ts'
import { Time } from './common.ts'
import { CALLER_ROLES, endpoint } from './endpoint.ts'

/**
 * A header that every call of the console carries. A page from elsewhere cannot set it without asking first, which is
 * refused: together with the check of `Origin` it keeps other sites from acting in a signed-in browser's name.
 */
export const CONSOLE_HEADER = 'x-crosswalk-console'

/** Of a link: 43 characters of base64url, 256 bits. */
const Code = z.string().min(1).max(200)

const signedIn = z.object({
  state: z.literal('signed_in'),
  /** Told where one of them was used just now. */
  recoveryCodesLeft: z.int().nullable(),
})

/** The console's way in: what a browser asks before it has a session. Answers set or clear its cookie. */
export const signIn = {
  session: endpoint({
    method: 'GET',
    path: '/session',
    summary: 'Who is signed in with this browser',
    response: z.object({
      account: z
        .object({ id: z.string(), name: z.string(), email: z.string(), role: z.enum(CALLER_ROLES) })
        .nullable(),
      /** False until the first owner has made an account, with the link that the service prints when it starts. */
      setUp: z.boolean(),
      /** Why nobody can sign in from where the browser is; null where one can. */
      obstacle: z.string().nullable(),
    }),
  }),
  setUp: endpoint({
    method: 'POST',
    path: '/session/set-up',
    summary: 'Make the first owner’s account, with the code the service printed',
    status: 201,
    body: z.strictObject({ code: Code, email: EmailAddress, name: PersonName, password: NewPassword }),
    response: signedIn,
  }),
  signIn: endpoint({
    method: 'POST',
    path: '/session',
    summary: 'Sign in; where a second factor is on, the answer has a ticket for the next call',
    body: z.strictObject({ email: EmailAddress, password: Password }),
    response: z.discriminatedUnion('state', [
      signedIn,
      z.object({ state: z.literal('second_factor'), ticket: z.string(), expiresAt: Time }),
    ]),
  }),
  secondFactor: endpoint({
    method: 'POST',
    path: '/session/second-factor',
    summary: 'End signing in with a code of the app, or a recovery code',
    body: z.strictObject({ ticket: z.string().min(1).max(1_000), code: SecondFactorCode }),
    response: signedIn,
  }),
  signOut: endpoint({
    method: 'DELETE',
    path: '/session',
    summary: 'Sign out',
    response: z.object({ ended: z.literal(true) }),
  }),
  lookAtInvitation: endpoint({
    method: 'POST',
    path: '/session/invitation',
    summary: 'Whom a link is for',
    body: z.strictObject({ code: Code }),
    response: z.object({
      kind: z.enum(INVITATION_KINDS),
      email: z.string(),
      /** Of the account that is there; null for a new one. */
      name: z.string().nullable(),
      role: z.enum(CALLER_ROLES),
      expiresAt: Time,
    }),
  }),
  acceptInvitation: endpoint({
    method: 'POST',
    path: '/session/invitation/accept',
    summary: 'Use a link: make the account, or give it a new password',
    status: 201,
    body: z.strictObject({ code: Code, name: PersonName.optional(), password: NewPassword }),
    response: signedIn,
  }),
}

/** Beside the contract of the API: these ask for no caller, so they are mounted by another way. */
export const signInContract = { signIn } as const
