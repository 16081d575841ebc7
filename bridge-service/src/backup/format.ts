import { z } from 'zod'

/**
 * A backup is one gzip file of JSON lines: the header, then for each table a line that names it and its columns,
 * followed by a line per row with each value as PostgreSQL's own text (null where it has none), and an end line. It is
 * the same for the embedded store and a server, so one can be restored into the other.
 */
export const BackupHeader = z.object({
  crosswalk: z.literal('backup'),
  format: z.literal(1),
  madeAt: z.iso.datetime(),
  /** Which store it was made from; either can take it. */
  store: z.enum(['embedded', 'server']),
  /** Names of the migrations the tables had. */
  migrations: z.array(z.string()),
  /** False where attempts, deliveries and payloads were left out. */
  history: z.boolean(),
  /** The key itself is never inside; the id tells whether a key is the one that belongs to it. */
  masterKey: z.object({ included: z.literal(false), id: z.string() }),
})
export type BackupHeader = z.infer<typeof BackupHeader>

export const TableLine = z.object({ table: z.string(), columns: z.array(z.string()).min(1) })
export const RowLine = z.array(z.string().nullable())
/** Rows of all tables together. */
export const EndLine = z.object({ end: z.literal(true), rows: z.int().nonnegative() })

/** Short-lived, or told by the header. */
export const NEVER_KEPT: readonly string[] = [
  'migration',
  'oauth_state',
  'invitation',
  'pairing_code',
  'refresh_lock',
  'session',
  'site_nonce',
  'wrong_try',
]
/** What explains the past; nothing is synced by it. */
export const HISTORY: readonly string[] = [
  'attempt',
  'attempt_pack',
  'delivery',
  'match_entry',
  'payload',
  'preview_record',
]

/** The backup cannot be made or used; the message is for the user. */
export class BackupError extends Error {
  override readonly name = 'BackupError'
}
