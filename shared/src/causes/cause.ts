/** Part of the world a cause lies in, for grouping and for who can help. */
export type CauseArea = 'shop' | 'account' | 'network' | 'target' | 'rules' | 'data' | 'books'

/** As the states people see: `failed` something is not there that should be · `attention` a choice is open · `waiting`. */
export type CauseSeverity = 'failed' | 'attention' | 'waiting'

/**
 * Where a remedy is carried out. `edit` sends the record once with other values · `source` and `target` are the record's
 * pages in the two systems · `help` explains what nobody can do here.
 */
export const SCREENS = [
  'connection',
  'flow-settings',
  'mapping',
  'lookup',
  'record',
  'edit',
  'match',
  'source',
  'target',
  'help',
] as const
export type Screen = (typeof SCREENS)[number]

/** Values for the placeholders of a cause. Times are ISO text. Never personal data: failures are kept for long. */
export type CauseParams = Readonly<Record<string, string | number>>

/** A cause as it is stored and sent: the words are made where they are read, in the reader's language. */
export interface CauseRef<Key extends string = string> {
  key: Key
  params: CauseParams
}

export interface RemedyTarget {
  screen: Screen
  /** The field that gets the focus; may have placeholders. */
  field?: string
  /** Which of the flow's two ends, where the screen is one of them. */
  side?: 'source' | 'target'
}

/**
 * Why records are not where they should be. Texts have placeholders in braces; of several the first one counts whose
 * placeholders are all known, so the last may only use `{system}`. Translations replace the texts by key.
 */
export interface CauseDefinition {
  area: CauseArea
  severity: CauseSeverity
  /** What it holds up: one record, all of a flow, or all of a connection. */
  scope: 'record' | 'flow' | 'connection'
  /** Whether another try can help as things are. False: it fails again until the remedy was carried out. */
  retryable: boolean
  /** It is tried again by itself; nothing has to be done. */
  waits: boolean
  title: readonly string[]
  remedy: readonly string[]
  /** Words of the remedy's button; null where there is none. */
  action: string | null
  target: RemedyTarget | null
  /** Params that tell one group from another: those which one act repairs together. */
  groupBy: readonly string[]
}

type Given = Partial<Pick<CauseDefinition, 'severity' | 'scope' | 'retryable' | 'waits' | 'groupBy'>>

/** What most causes have in common: a failed record that stays so until somebody acts. */
export const cause = (
  area: CauseArea,
  words: Pick<CauseDefinition, 'title' | 'remedy' | 'action' | 'target'>,
  more: Given = {},
): CauseDefinition => ({
  area,
  severity: 'failed',
  scope: 'record',
  retryable: false,
  waits: false,
  groupBy: ['system'],
  ...words,
  ...more,
})
