import { sql } from 'kysely'
import { voidAllLeases } from '../store/records.ts'
import type { Executor } from '../store/schema.ts'
import type { Store } from '../store/database.ts'
import { BackupError, BackupHeader, EndLine, RowLine, TableLine } from './format.ts'

const ROWS_PER_INSERT = 500

/** Lines of a backup, one at a time. */
export type Lines = AsyncIterator<string>

async function nextLine(lines: Lines): Promise<unknown> {
  let text: string | undefined
  try {
    const { value, done } = await lines.next()
    if (!done) text = value
  } catch (error) {
    throw new BackupError('The file is damaged or is no backup: it cannot be unpacked.', { cause: error })
  }
  if (text === undefined) throw new BackupError('The file ends too early: it is not a whole backup.')
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new BackupError('The file is not a backup of Crosswalk.')
  }
}

/** The first line. @throws BackupError where it is none, or of a format this version does not know */
export async function readHeader(lines: Lines): Promise<BackupHeader> {
  const parsed = BackupHeader.safeParse(await nextLine(lines))
  if (!parsed.success)
    throw new BackupError('The file is not a backup that this version of Crosswalk can read.')
  return parsed.data
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** Types of the columns, and which tables a table must come after. */
async function describe(db: Executor, schema: string) {
  const { rows: columns } = await sql<{
    name: string
    column_name: string
    type: string
    sequence: string | null
  }>`
    select c.relname as name, a.attname as column_name, format_type(a.atttypid, a.atttypmod) as type,
           pg_get_serial_sequence(quote_ident(n.nspname) || '.' || quote_ident(c.relname), a.attname) as sequence
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where n.nspname = ${schema} and c.relkind = 'r'`.execute(db)
  const types = new Map<string, Map<string, string>>()
  for (const { name, column_name, type } of columns) {
    const table = types.get(name) ?? new Map<string, string>()
    types.set(name, table.set(column_name, type))
  }
  const sequences = columns.flatMap(({ name, column_name, sequence }) =>
    sequence === null ? [] : [{ table: name, column: column_name, sequence }],
  )
  return { types, sequences }
}

async function insertRows(
  db: Executor,
  table: string,
  columns: readonly string[],
  types: ReadonlyMap<string, string>,
  rows: readonly (string | null)[][],
): Promise<void> {
  if (rows.length === 0) return
  const names = sql.raw(columns.map(quoted).join(', '))
  const values = sql.raw(
    columns.map((name, index) => `(v->>${index})::${types.get(name) ?? 'text'}`).join(', '),
  )
  await sql`insert into ${sql.raw(quoted(table))} (${names})
    select ${values} from json_array_elements(${JSON.stringify(rows)}::json) as rows(v)`.execute(db)
}

/** Foreign keys are taken away while rows come in any order, and checked as a whole when they are put back. */
async function withoutForeignKeys(db: Executor, schema: string, work: () => Promise<void>): Promise<void> {
  const { rows } = await sql<{ name: string; table_name: string; definition: string }>`
    select k.conname as name, c.relname as table_name, pg_get_constraintdef(k.oid) as definition
      from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = ${schema} and k.contype = 'f'`.execute(db)
  for (const key of rows)
    await sql.raw(`alter table ${quoted(key.table_name)} drop constraint ${quoted(key.name)}`).execute(db)
  await work()
  for (const key of rows)
    await sql
      .raw(`alter table ${quoted(key.table_name)} add constraint ${quoted(key.name)} ${key.definition}`)
      .execute(db)
}

/**
 * Fills an empty store, whose tables are those of the backup's migrations, with the lines after the header. Not in one
 * transaction: whoever calls it throws the store away where it fails. Leases and claims of processes of that time are
 * void. @returns how many rows
 * @throws BackupError where the lines are not a whole backup
 */
export async function loadStore(store: Pick<Store, 'db' | 'schema'>, lines: Lines): Promise<number> {
  const { db, schema } = store
  const { types, sequences } = await describe(db, schema)
  let total = 0
  await withoutForeignKeys(db, schema, async () => {
    total = await readTables(db, types, lines)
  })
  for (const { table, column, sequence } of sequences) {
    await sql`select setval(${sequence}::regclass, coalesce(max(${sql.ref(column)}), 0) + 1, false)
      from ${sql.raw(quoted(table))}`.execute(db)
  }
  await voidAllLeases(db)
  await sql`update dependency set updated_at = '-infinity', holder = null where state = 'creating'`.execute(db) // prettier-ignore
  return total
}

async function readTables(
  db: Executor,
  types: ReadonlyMap<string, ReadonlyMap<string, string>>,
  lines: Lines,
): Promise<number> {
  let current: { table: string; columns: string[]; types: ReadonlyMap<string, string> } | undefined
  let waiting: (string | null)[][] = []
  let total = 0
  const flush = async (): Promise<void> => {
    if (current) await insertRows(db, current.table, current.columns, current.types, waiting)
    waiting = []
  }
  for (;;) {
    const line = await nextLine(lines)
    if (Array.isArray(line)) {
      const row = RowLine.safeParse(line)
      if (!row.success || !current || row.data.length !== current.columns.length)
        throw new BackupError('The file holds a row that fits no table.')
      total += waiting.push(row.data) > 0 ? 1 : 0
      if (waiting.length >= ROWS_PER_INSERT) await flush()
      continue
    }
    await flush()
    const end = EndLine.safeParse(line)
    if (end.success) {
      if (end.data.rows === total) return total
      throw new BackupError(`The file holds ${total} rows and should hold ${end.data.rows}.`)
    }
    const table = TableLine.safeParse(line)
    const known = table.success ? types.get(table.data.table) : undefined
    if (!table.success || !known || table.data.columns.some((column) => !known.has(column)))
      throw new BackupError('The file holds a table that its version of Crosswalk does not have.')
    current = { ...table.data, types: known }
  }
}
