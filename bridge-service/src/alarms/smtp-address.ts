import { isIP } from 'node:net'
import { z } from 'zod'

/** A mail server and who mails come from. */
export interface SmtpSettings {
  host: string
  port: number
  /** `at_once`: TLS from the first byte · `starttls`: it has to be agreed before anything is said · `none`: this machine. */
  tls: 'at_once' | 'starttls' | 'none'
  user: string | null
  password: string | null
  from: { name: string; address: string }
}

/** The settings do not make sense; the message names the variable and says what would be right. */
export class SmtpSettingsError extends Error {
  override readonly name = 'SmtpSettingsError'
}

const EXAMPLE = 'smtps://user:password@mail.example.com:465, or smtp://… with port 587'
const Address = z.email().max(254)
const isHere = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

/** Reads SMTP_URL and SMTP_FROM. Only a server on this machine is spoken to without TLS. @throws SmtpSettingsError */
export function readSmtp(url: string, from: string | undefined): SmtpSettings {
  const parsed = URL.parse(url)
  if (parsed === null || !/^smtps?:$/.test(parsed.protocol) || parsed.hostname === '') {
    throw new SmtpSettingsError(`SMTP_URL: write ${EXAMPLE}`)
  }
  if ((parsed.pathname !== '' && parsed.pathname !== '/') || parsed.search !== '' || parsed.hash !== '') {
    throw new SmtpSettingsError(`SMTP_URL: nothing may follow the port; write ${EXAMPLE}`)
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) === 0 && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host)) {
    throw new SmtpSettingsError(`SMTP_URL: "${host}" is not the name of a host`)
  }
  const implicit = parsed.protocol === 'smtps:'
  return {
    host,
    port: parsed.port === '' ? (implicit ? 465 : 587) : Number(parsed.port),
    tls: implicit ? 'at_once' : isHere(host) ? 'none' : 'starttls',
    user: parsed.username === '' ? null : decoded(parsed.username),
    password: parsed.password === '' ? null : decoded(parsed.password),
    from: readFrom(from),
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new SmtpSettingsError(
      'SMTP_URL: write signs such as % and @ in user name and password as %25 and %40',
    )
  }
}

function readFrom(text: string | undefined): SmtpSettings['from'] {
  const found = /^\s*(?:"?([^"<>\p{Cc}]*?)"?\s*<([^<>\s]+)>|([^<>\s]+))\s*$/u.exec(text ?? '')
  const address = Address.safeParse(found?.[2] ?? found?.[3])
  if (!address.success) {
    throw new SmtpSettingsError(
      'SMTP_FROM: write who mails come from, such as Crosswalk <alarms@example.com>',
    )
  }
  return { name: found?.[1]?.trim() || 'Crosswalk', address: address.data }
}
