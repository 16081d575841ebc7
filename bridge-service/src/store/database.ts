import type { PGlite } from '@electric-sql/pglite'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Logger } from 'pino'
import { openEmbedded } from './embedded/open.ts'
import { migrate } from './migrations/migrate.ts'
import { pgliteDialect } from './pglite-dialect.ts'
import { preparingClient } from './preparing-client.ts'
import type { Database } from './schema.ts'
import { valueParsers } from './values.ts'

const OLDEST_SERVER = 15
/** A transaction never waits for the network: one that is left idle this long belongs to a process that stands still. */
const LONGEST_IDLE_MS = 30_000

export interface StoreOptions {
  /** PostgreSQL's address; without it the embedded store is used. */
  databaseUrl?: string
  /** Directory of the embedded store; needed without `databaseUrl`. */
  dataDir?: string
  /** PostgreSQL schema of our tables; the job engine's is `<schema>_jobs`. */
  schema?: string
  /** Connections to a server at most (default 10). */
  poolSize?: number
  /** Names of the migrations to apply: all by default, none to look at a store as it is. */
  migrations?: readonly string[]
  log: Logger
}

interface StoreBase {
  db: Kysely<Database>
  schema: string
  /** Runs one statement beside any transaction; for probes and maintenance, not for verbs. */
  raw<Row = Record<string, unknown>>(text: string, params?: unknown[]): Promise<Row[]>
  /** Embedded: VACUUM ANALYZE and CHECKPOINT, which nothing else would do; a server does both by itself. */
  maintain(): Promise<void>
  /** False while the disk is nearly full: nothing new may be begun. A server's disk is the server's business. */
  hasRoom(): boolean
  close(): Promise<void>
}

export interface EmbeddedStore extends StoreBase {
  kind: 'embedded'
  pglite: PGlite
  /** Syncs to the disk so far; 0 means that commits are not durable against power loss. */
  syncs(): number
  /** Resolves, with the reason, if the database gives up (its log cannot be written): this process must end. */
  broken: Promise<Error>
}

export interface ServerStore extends StoreBase {
  kind: 'server'
  pool: pg.Pool
  databaseUrl: string
}

export type Store = EmbeddedStore | ServerStore

function checkSchemaName(schema: string): string {
  if (!/^[a-z_][a-z0-9_]{0,50}$/.test(schema)) throw new Error(`"${schema}" cannot be used as a schema name.`)
  return schema
}

async function openEmbeddedStore(dataDir: string, schema: string, log: Logger): Promise<EmbeddedStore> {
  const { pglite, syncs, hasRoom, broken, close } = await openEmbedded(dataDir, schema, log)
  const db = new Kysely<Database>({ dialect: pgliteDialect(pglite) })
  return {
    kind: 'embedded',
    db,
    schema,
    pglite,
    syncs,
    hasRoom,
    broken,
    close,
    raw: async <Row>(text: string, params: unknown[] = []) => (await pglite.query<Row>(text, params)).rows,
    async maintain() {
      // Vacuuming writes to the log; where room is short, what the log holds is given free before.
      if (!hasRoom()) await pglite.exec('checkpoint')
      await pglite.exec('vacuum analyze')
      await pglite.exec('checkpoint')
    },
  }
}

function createPool(databaseUrl: string, schema: string, size: number, log: Logger): pg.Pool {
  const getTypeParser = (oid: number, format?: 'text' | 'binary'): unknown =>
    valueParsers[oid] ?? pg.types.getTypeParser(oid, format as 'text')
  // Batches of some hundred keys should go by the index on any disk of today, not scan a growing table.
  // A process that stands still in the middle of a transaction would hold up everybody else for as long.
  const settings =
    `-c search_path=${schema} -c TimeZone=UTC -c random_page_cost=1.1 ` +
    `-c idle_in_transaction_session_timeout=${LONGEST_IDLE_MS}`
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: size,
    options: settings,
    application_name: applicationName(schema),
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    Client: preparingClient(),
    types: { getTypeParser: getTypeParser as typeof pg.types.getTypeParser },
  })
  // A lost connection is replaced at the next query, and whoever used it is told by their own statement; without listeners
  // it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  pool.on('error', (error) => log.warn({ err: { message: error.message } }, 'a database connection was lost'))
  return pool
}

/** Whether other processes have this store open; the embedded one has a single process. */
export async function othersWork(store: Store): Promise<boolean> {
  if (store.kind === 'embedded') return false
  const [row] = await store.raw<{ sessions: number }>(
    `select count(*) as sessions from pg_stat_activity
      where datname = current_database() and application_name = left($1, 63)`,
    [applicationName(store.schema)],
  )
  return (row?.sessions ?? 0) > store.pool.totalCount
}

/** Tells processes of one schema from others of the same server. */
export const applicationName = (schema: string): string => `crosswalk ${schema}`

async function checkServer(pool: pg.Pool): Promise<void> {
  let version: number
  try {
    const { rows } = await pool.query<{ version: string }>(
      `select current_setting('server_version_num') as version`,
    )
    version = Math.floor(Number(rows[0]?.version) / 10_000)
  } catch (error) {
    throw new Error(
      `PostgreSQL at DATABASE_URL cannot be reached: ${(error as Error).message || String(error)}`,
      {
        cause: error,
      },
    )
  }
  checkServerVersion(version)
}

/** @throws when a server of this major version is too old */
export function checkServerVersion(version: number): void {
  if (version < OLDEST_SERVER) {
    throw new Error(
      `PostgreSQL ${OLDEST_SERVER} or newer is needed; the server at DATABASE_URL has ${version}.`,
    )
  }
}

async function openServerStore(
  databaseUrl: string,
  schema: string,
  options: StoreOptions,
): Promise<ServerStore> {
  const pool = createPool(databaseUrl, schema, options.poolSize ?? 10, options.log)
  try {
    await checkServer(pool)
  } catch (error) {
    await pool.end()
    throw error
  }
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  return {
    kind: 'server',
    db,
    schema,
    pool,
    databaseUrl,
    raw: async <Row>(text: string, params: unknown[] = []) => (await pool.query(text, params)).rows as Row[],
    maintain: async () => {},
    hasRoom: () => true,
    close: () => db.destroy(),
  }
}

/**
 * Opens the store and brings its schema up to date: PostgreSQL where `databaseUrl` is set, else the embedded
 * database in `dataDir`.
 * @throws {DataDirectoryInUse} when another process has the embedded store open; Error with one clear line when the
 *   server cannot be reached, is too old, or was migrated by a newer version
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const schema = checkSchemaName(options.schema ?? 'crosswalk')
  if (!options.databaseUrl && !options.dataDir)
    throw new Error('Neither a database address nor a data directory.')
  const store = options.databaseUrl
    ? await openServerStore(options.databaseUrl, schema, options)
    : await openEmbeddedStore(options.dataDir as string, schema, options.log)
  try {
    const applied =
      options.migrations?.length === 0 ? [] : await migrate(store.db, schema, options.migrations)
    if (applied.length > 0) options.log.info({ applied }, 'database schema updated')
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}
