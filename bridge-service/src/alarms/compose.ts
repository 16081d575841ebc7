import type { AlarmSettings } from '@crosswalk/shared/alarms'
import type { AlarmMessageKind, AlarmRow } from '../store/alarm-schema.ts'
import { fill, say, timeText } from './say.ts'
import { linkOf, settingsLink, targetOf } from './target.ts'
import { ENGLISH, type Catalogue } from './words.ts'

/** A mail without its addresses. Both parts say the same words. */
export interface MailBody {
  subject: string
  text: string
  html: string
}

export interface ComposeOptions {
  settings: Pick<AlarmSettings, 'timeZone'>
  publicUrl: string | null
  now: Date
  words?: Catalogue
}

/** A paragraph, with the address it ends in. */
interface Paragraph {
  text: string
  link?: string | null
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' } // prettier-ignore
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] as string)

/** Links are ours, and only web addresses. */
const isWeb = (link: string | null | undefined): link is string => /^https?:\/\//.test(link ?? '')

function bodyOf(subject: string, paragraphs: readonly Paragraph[]): MailBody {
  const shown = paragraphs.filter(({ text }) => text !== '')
  return {
    subject,
    text: `${shown.map(({ text, link }) => (isWeb(link) ? `${text}\n  ${link}` : text)).join('\n\n')}\n`,
    html: [
      '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>',
      escaped(subject),
      '</title></head><body style="font-family:sans-serif;font-size:15px;line-height:1.5;max-width:680px">',
      ...shown.map(({ text, link }) => {
        const shownLink = isWeb(link) ? `<br><a href="${escaped(link)}">${escaped(link)}</a>` : ''
        return `<p>${escaped(text)}${shownLink}</p>`
      }),
      '</body></html>',
    ].join(''),
  }
}

/** The mail about an alarm: that it began, still is, or is over. */
export function composeMail(kind: AlarmMessageKind, alarm: AlarmRow, options: ComposeOptions): MailBody {
  const { settings, publicUrl, now, words = ENGLISH } = options
  const said = say(alarm, now, settings.timeZone, words)
  const link = linkOf(publicUrl, targetOf(alarm))
  const settingsAt = settingsLink(publicUrl)
  const footer: Paragraph[] = [
    { text: words.mail.footer },
    ...(settingsAt === null ? [] : [{ text: words.mail.footerLink, link: settingsAt }]),
  ]
  if (kind === 'solved') {
    const { title, what, took } = said.solved
    return bodyOf(title, [{ text: what }, { text: took }, ...footer])
  }
  const raised = timeText(alarm.raised_at, now, settings.timeZone, words)
  return bodyOf(said.title, [
    ...(kind === 'reminder' ? [{ text: fill(words.mail.reminder, { raised }) }] : []),
    { text: said.what },
    { text: said.why === null ? '' : fill(words.mail.why, { why: said.why }) },
    { text: fill(words.mail.remedy, { remedy: said.remedy }) },
    ...(link === null ? [] : [{ text: words.mail.link, link }]),
    { text: said.calm === null ? '' : fill(words.mail.calm, { calm: said.calm }) },
    ...footer,
  ])
}

/** What the called address gets. Names of fields stay; new ones may come. */
export interface HookBody {
  type: 'alarm.raised' | 'alarm.reminder' | 'alarm.solved' | 'alarm.test'
  timestamp: string
  data: Record<string, unknown>
}

/** The call about an alarm. */
export function composeHook(kind: AlarmMessageKind, alarm: AlarmRow, options: ComposeOptions): HookBody {
  const { settings, publicUrl, now, words = ENGLISH } = options
  const said = say(alarm, now, settings.timeZone, words)
  const target = targetOf(alarm)
  return {
    type: `alarm.${kind}`,
    timestamp: now.toISOString(),
    data: {
      id: alarm.id,
      workspaceId: alarm.workspace_id,
      cause: alarm.cause,
      state: kind === 'solved' ? 'solved' : 'open',
      flowId: alarm.flow_id,
      connectionId: alarm.connection_id,
      since: alarm.since.toISOString(),
      raisedAt: alarm.raised_at.toISOString(),
      endedAt: alarm.ended_at?.toISOString() ?? null,
      title: kind === 'solved' ? said.solved.title : said.title,
      text: kind === 'solved' ? said.solved.what : said.what,
      why: said.why,
      remedy: said.remedy,
      link: linkOf(publicUrl, target),
      count: typeof alarm.facts['count'] === 'number' ? alarm.facts['count'] : null,
    },
  }
}

export function composeTestMail({
  publicUrl,
  words = ENGLISH,
}: Omit<ComposeOptions, 'settings' | 'now'>): MailBody {
  const settingsAt = settingsLink(publicUrl)
  return bodyOf(words.mail.testTitle, [
    { text: words.mail.test },
    ...(settingsAt === null ? [] : [{ text: words.mail.footerLink, link: settingsAt }]),
  ])
}

export const composeTestHook = (workspaceId: string, now: Date, words: Catalogue = ENGLISH): HookBody => ({
  type: 'alarm.test',
  timestamp: now.toISOString(),
  data: { workspaceId, title: words.mail.testTitle, text: words.mail.test },
})
