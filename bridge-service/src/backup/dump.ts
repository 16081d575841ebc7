import type { Store } from '../store/database.ts'
import { HISTORY, NEVER_KEPT, type BackupHeader } from './format.ts'
import { inSnapshot, type Query } from './snapshot.ts'

const ROWS_PER_FETCH = 1_000

export interface DumpOptions {
  masterKeyId: string
  /** False leaves attempts, deliveries and payloads out. */
  history: boolean
  madeAt: Date
}

/** Takes what it is given before the next line is made. */
export type LineSink = (line: string) => void | Promise<void>

interface TableColumns {
  table: string
  columns: string[]
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** All tables of the schema and their columns, as they are: the dump knows no table by name. */
async function tablesOf(query: Query, schema: string, history: boolean): Promise<TableColumns[]> {
  const rows = await query<{ name: string; column_name: string }>(
    `select c.relname as name, a.attname as column_name from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      where n.nspname = $1 and c.relkind = 'r' order by c.relname, a.attnum`,
    [schema],
  )
  const left = new Set(history ? NEVER_KEPT : [...NEVER_KEPT, ...HISTORY])
  const tables = new Map<string, string[]>()
  for (const row of rows) {
    if (!left.has(row.name)) tables.set(row.name, [...(tables.get(row.name) ?? []), row.column_name])
  }
  return [...tables].map(([table, columns]) => ({ table, columns }))
}

async function dumpTable(query: Query, { table, columns }: TableColumns, sink: LineSink): Promise<number> {
  const values = columns.map((column) => `${quoted(column)}::text`).join(', ')
  await query(
    `declare dump no scroll cursor for select array_to_json(array[${values}]::text[])::text as line from ${quoted(table)}`,
  )
  let count = 0
  for (;;) {
    const rows = await query<{ line: string }>(`fetch ${ROWS_PER_FETCH} from dump`)
    for (const { line } of rows) await sink(line)
    count += rows.length
    if (rows.length < ROWS_PER_FETCH) break
  }
  await query('close dump')
  return count
}

/**
 * Writes the whole store as lines of a backup, from one snapshot. Values stay as they lie in the store: secrets and
 * payloads sealed, keys and addresses as hashes. @returns how many rows
 */
export async function dumpStore(store: Store, options: DumpOptions, sink: LineSink): Promise<number> {
  return inSnapshot(store, async (query) => {
    const migrations = await query<{ name: string }>('select name from migration order by name')
    const header: BackupHeader = {
      crosswalk: 'backup',
      format: 1,
      madeAt: options.madeAt.toISOString(),
      store: store.kind,
      migrations: migrations.map(({ name }) => name),
      history: options.history,
      masterKey: { included: false, id: options.masterKeyId },
    }
    await sink(JSON.stringify(header))
    let rows = 0
    for (const table of await tablesOf(query, store.schema, options.history)) {
      await sink(JSON.stringify(table))
      rows += await dumpTable(query, table, sink)
    }
    await sink(JSON.stringify({ end: true, rows }))
    return rows
  })
}
