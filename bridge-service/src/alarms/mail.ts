import { createTransport } from 'nodemailer'
import type { MailBody } from './compose.ts'
import type { SmtpSettings } from './smtp-address.ts'

/** A message that could not be handed over. `message` is for the user: no password, no address. */
export class SendError extends Error {
  override readonly name = 'SendError'
}

export interface Mailer {
  /** Hands a mail to the server. `id` names it in every try, so that a second copy is known as one. @throws SendError */
  send: (mail: MailBody & { to: string; id: string }, signal?: AbortSignal) => Promise<void>
}

/** The parts of sending that may hang, in ms; together well below the time a message is claimed for. */
const LIMITS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 }

/** Sends mails one by one over a connection of their own. TLS is verified, whatever the environment says. */
export function createMailer(smtp: SmtpSettings): Mailer {
  const transport = createTransport({
    host: smtp.host,
    port: smtp.port,
    secure: smtp.tls === 'at_once',
    requireTLS: smtp.tls === 'starttls',
    ignoreTLS: smtp.tls === 'none',
    ...(smtp.user === null ? {} : { auth: { user: smtp.user, pass: smtp.password ?? '' } }),
    tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true },
    disableFileAccess: true,
    disableUrlAccess: true,
    ...LIMITS,
  })
  const domain = smtp.from.address.slice(smtp.from.address.lastIndexOf('@') + 1)
  return {
    send: async ({ to, id, subject, text, html }, signal) => {
      try {
        await transport.sendMail({
          // Addresses as objects: nothing in them is read as a list or as another header.
          from: smtp.from,
          to: { name: '', address: to },
          envelope: { from: smtp.from.address, to: [to] },
          messageId: `<${id}@${domain}>`,
          subject,
          text,
          html,
          // Out-of-office answers and the like are not for us.
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
          ...(signal ? { signal } : {}),
        })
      } catch (error) {
        throw new SendError(reasonOf(error), { cause: error })
      }
    },
  }
}

interface SmtpError {
  code?: string
  command?: string
  responseCode?: number
  message?: string
}

/** Why the server did not take a mail, in plain words. What it answered is quoted only as its number. */
function reasonOf(error: unknown): string {
  const { code, command, responseCode, message = '' } = (error ?? {}) as SmtpError
  const number = responseCode === undefined ? '' : ` (answer ${responseCode})`
  if (code === 'EAUTH') return `The mail server does not accept our user name and password${number}.`
  if (/certificate|self.signed|altname/i.test(message)) {
    return 'The secure connection to the mail server cannot be trusted.'
  }
  if (code === 'ETLS') return 'The mail server offers no secure connection.'
  if (command === 'RCPT TO' || code === 'EENVELOPE') return `The mail server refused the recipient${number}.`
  if (responseCode !== undefined) return `The mail server refused the mail${number}.`
  if (code === 'EDNS' || /ENOTFOUND|EAI_AGAIN/.test(message)) return 'The mail server was not found.'
  return 'The mail server does not answer.'
}
