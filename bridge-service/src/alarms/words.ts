import type { Entity } from '@crosswalk/shared/model'

/**
 * Every text of alarms, with named places in braces; other languages put a catalogue of this shape beside it. `{n}` is a
 * count, written as people do. Times, lengths of time and counted nouns are made before they are put in.
 */
export interface Catalogue {
  locale: string
  /** One record, several of them, and both with their number. */
  nouns: Readonly<Record<Entity, { one: string; many: string }>>
  counted: { one: string; other: string }
  /** The same as the subject of a sentence. */
  countedAre: { one: string; other: string }
  flows: { one: string; other: string }
  noFlows: string
  causes: { one: string; other: string }
  changes: { one: string; other: string }
  units: Readonly<Record<'minute' | 'hour' | 'day', { one: string; other: string }>>
  shortTime: string
  today: string
  messages: Readonly<Record<WordsOf, Words>>
  mail: Readonly<Record<MailText, string>>
}

/** What a message is made of. `title` and `solved` are also a mail's subject, so they stay short. */
export interface Words {
  title: string
  what: string
  why?: string
  remedy: string
  calm?: string
  solved: string
}

export const WORDS_OF = [
  'quiet', 'unread', 'untold', 'unsubscribed', 'hookTrouble', 'ending', 'refused', 'unreachable', 'limited', 'moved', 'failure',
  'failures', 'stopped', 'backup', 'noBackup',
] as const // prettier-ignore
export type WordsOf = (typeof WORDS_OF)[number]

export type MailText =
  | 'why'
  | 'remedy'
  | 'link'
  | 'calm'
  | 'footer'
  | 'footerLink'
  | 'reminder'
  | 'solved'
  | 'took'
  | 'testTitle'
  | 'test'

const WAITS = 'Nothing is lost: what changes meanwhile waits here and goes out by itself afterwards.'

export const ENGLISH: Catalogue = {
  locale: 'en-GB',
  nouns: {
    order: { one: 'order', many: 'orders' },
    invoice: { one: 'invoice', many: 'invoices' },
    customer: { one: 'customer', many: 'customers' },
    product: { one: 'product', many: 'products' },
    category: { one: 'category', many: 'categories' },
    stock: { one: 'stock level', many: 'stock levels' },
    journal_entry: { one: 'journal entry', many: 'journal entries' },
  },
  counted: { one: '{n} {one}', other: '{n} {many}' },
  countedAre: { one: '{n} {one} is', other: '{n} {many} are' },
  flows: { one: '{n} flow stands still', other: '{n} flows stand still' },
  noFlows: 'No flow needs it just now',
  causes: { one: '{n} cause', other: '{n} causes' },
  changes: { one: '{n} change', other: '{n} changes' },
  units: {
    minute: { one: '{n} minute', other: '{n} minutes' },
    hour: { one: '{n} hour', other: '{n} hours' },
    day: { one: '{n} day', other: '{n} days' },
  },
  shortTime: 'under a minute',
  today: '{time} today',
  messages: {
    quiet: {
      title: 'No {one} for {length} ({account})',
      what: 'No new or changed {one} has come from {account} since {since}; usually {usual} by now.',
      remedy: 'Look whether there really were none. If there were, check the connection to {account}.',
      calm: 'Nothing is lost: what was missed is read as soon as {account} tells of it.',
      solved: 'Solved: {many} come from {account} again',
    },
    unread: {
      title: '{account} was not read for {length}',
      what: 'The {many} of {account} were last read {since}; that is due every {every}.',
      why: '{reason}',
      remedy: 'Check the connection to {account}. If it is well, look at the flow “{flow}”.',
      calm: WAITS,
      solved: 'Solved: the {many} of {account} are read again',
    },
    untold: {
      title: '{account} stopped telling us about changes',
      what: 'Since {since} we found {changes} at {account} by looking; no webhook told of them.',
      remedy:
        'Check the connection. If that finds nothing, look whether something blocks calls from {system} to this bridge.',
      calm: 'Nothing is missing: we look every {every} in any case.',
      solved: 'Solved: {account} tells us about changes again',
    },
    unsubscribed: {
      title: '{account} cannot tell us about changes',
      what: 'Webhooks could not be made at {account} since {since}.',
      why: '{reason}',
      remedy: 'Check the connection and do what it says. Webhooks are then made by themselves.',
      calm: 'Nothing is missing: we look every {every} instead.',
      solved: 'Solved: {account} tells us about changes again',
    },
    hookTrouble: {
      title: '{account} sends webhooks without records',
      what: 'Since {since} the webhooks of {account} say that something is wrong there.',
      why: '{reason}',
      remedy: 'Check the connection and do what it says.',
      calm: 'Nothing is missing: we look every {every} in any case.',
      solved: 'Solved: the webhooks of {account} are well again',
    },
    ending: {
      title: 'The sign-in to {system} ends in {left}',
      what: 'Our sign-in to {system} ({account}) ends {until}. After that nothing travels.',
      remedy: 'Connect {account} again before then.',
      calm: 'Until then everything goes on.',
      solved: 'Solved: the sign-in to {system} ({account}) was renewed',
    },
    refused: {
      title: '{system} no longer accepts our sign-in',
      what: 'Since {since} {system} ({account}) refuses our sign-in. {flows}.',
      why: '{reason}',
      remedy: 'Connect {account} again.',
      calm: WAITS,
      solved: 'Solved: {system} ({account}) accepts our sign-in again',
    },
    unreachable: {
      title: '{system} does not answer ({account})',
      what: '{system} ({account}) has not answered for {length}, since {since}. {flows}.',
      why: '{reason}',
      remedy: 'Look whether {system} is down. Here nothing has to be done: we try again every minute.',
      calm: WAITS,
      solved: 'Solved: {system} ({account}) answers again',
    },
    limited: {
      title: '{system} asks us to wait ({account})',
      what: '{system} ({account}) has asked us to wait for {length}, since {since}. {flows}.',
      why: '{reason}',
      remedy:
        'Look whether other programs use up the calls of this account. We go on as soon as {system} lets us.',
      calm: WAITS,
      solved: 'Solved: {system} ({account}) lets us go on',
    },
    moved: {
      title: '{account} may be a copy: its flows are paused',
      what: 'Since {since} {account} calls itself {to}; it was connected as {from}. {flows}.',
      remedy: 'Say whether it has moved or is a copy.',
      calm: WAITS,
      solved: 'Solved: {account} goes on',
    },
    failure: {
      title: '{recordsAre} not in {target} yet ({account})',
      what: 'Since {since}, {records} could not be sent to {target}: {examples}.',
      why: '{reason}',
      remedy: '{todo}',
      calm: 'All other {many} travel as usual.',
      solved: 'Solved: no {one} fails for this cause any more',
    },
    failures: {
      title: '{recordsAre} not in {target} ({account})',
      what: '{recordsAre} not in {target}, for {causes}. You asked to be told from {limit} on.',
      remedy: 'See the causes, the largest first. One act often repairs many.',
      calm: 'All other {many} travel as usual.',
      solved: 'Solved: no longer many {many} of {account} fail',
    },
    stopped: {
      title: '{target} refuses the rules of a flow',
      what: 'Since {since} the flow “{flow}” stands still: {target} refuses its rules, so every {one} would fail.',
      why: '{reason}',
      remedy: 'Correct the rule or the setting that is named here, then set the flow going again.',
      calm: WAITS,
      solved: 'Solved: the flow “{flow}” goes again',
    },
    backup: {
      title: 'The last backup is {length} old',
      what: 'The last backup was made {since}; one is due every {every}.',
      why: '{reason}',
      remedy: 'Look at the folder for backups: whether it can be written to, and the disk has room.',
      calm: 'Everything else goes on.',
      solved: 'Solved: a backup was made',
    },
    noBackup: {
      title: 'No backup was made for {length}',
      what: 'Since {since} no backup could be made; one is due every {every}.',
      why: '{reason}',
      remedy: 'Look at the folder for backups: whether it can be written to, and the disk has room.',
      calm: 'Everything else goes on.',
      solved: 'Solved: a backup was made',
    },
  },
  mail: {
    why: 'Why: {why}',
    remedy: 'What to do: {remedy}',
    link: 'Do it here:',
    calm: 'What is not affected: {calm}',
    footer:
      'You get one message per cause and one when it is solved. Change this in Crosswalk: Settings → Alarms.',
    footerLink: 'Open the settings of alarms:',
    reminder: 'This is still so; it was told {raised} for the first time.',
    solved: '{solved} ({at}).',
    took: 'It began {since} and took {length}.',
    testTitle: 'Test message from Crosswalk',
    test: 'This is a test. Alarms of Crosswalk reach you this way.',
  },
}
