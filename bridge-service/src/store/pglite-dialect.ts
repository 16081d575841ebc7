import type { PGlite, Transaction } from '@electric-sql/pglite'
import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely'
import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'

const ROLL_BACK = Symbol('roll back')

/** A transaction that is open this long waits for the network or for itself; everything else stands still. */
const LONGEST_TRANSACTION_MS = 30_000

/**
 * PGlite has one session for the whole process. Transactions therefore go through its own transaction lock: every
 * other statement, also the job engine's, waits until the transaction has ended. Hence no transaction may wait for
 * the network, and a statement that bypasses the open transaction from inside of it would wait for ever.
 */
class PGliteConnection implements DatabaseConnection {
  readonly #pglite: PGlite
  readonly #longestMs: number
  #transaction: Transaction | undefined
  #expired = false
  #watch: NodeJS.Timeout | undefined
  #finish: ((how: 'commit' | typeof ROLL_BACK) => void) | undefined
  #ended: Promise<void> | undefined
  #failed: Error | undefined

  constructor(pglite: PGlite, longestMs: number) {
    this.#pglite = pglite
    this.#longestMs = longestMs
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#expired) throw this.#failed
    const target = this.#transaction ?? this.#pglite
    try {
      const result = await target.query<R>(query.sql, query.parameters as unknown[])
      return { rows: result.rows, numAffectedRows: BigInt(result.affectedRows ?? 0) }
    } catch (error) {
      this.#failed = error as Error
      throw error
    }
  }

  // eslint-disable-next-line require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('The embedded store cannot stream; page by key instead.')
  }

  async begin(): Promise<void> {
    this.#failed = undefined
    this.#expired = false
    await new Promise<void>((opened, refused) => {
      this.#ended = this.#pglite
        .transaction(async (transaction) => {
          this.#transaction = transaction
          const finished = new Promise<'commit' | typeof ROLL_BACK>((resolve) => (this.#finish = resolve))
          this.#watch = setTimeout(() => this.#expire(), this.#longestMs)
          opened()
          if ((await finished) === ROLL_BACK) await transaction.rollback()
        })
        .finally(() => {
          clearTimeout(this.#watch)
          this.#transaction = undefined
        })
      this.#ended.catch(refused)
    })
  }

  #expire(): void {
    this.#expired = true
    this.#failed = new Error(
      `A transaction of the embedded store was open for ${this.#longestMs} ms and was rolled back: in it, something ` +
        'waited for the network, or a statement was sent past the transaction and waited for its end.',
    )
    this.#finish?.(ROLL_BACK)
  }

  /** @throws when a statement of the transaction had failed: PostgreSQL would turn the commit into a rollback. */
  async commit(): Promise<void> {
    const failed = this.#failed
    if (failed) {
      await this.rollback()
      throw new Error(`The transaction was rolled back: a statement in it had failed (${failed.message}).`)
    }
    this.#finish?.('commit')
    await this.#ended
  }

  async rollback(): Promise<void> {
    this.#finish?.(ROLL_BACK)
    await this.#ended
  }
}

class PGliteDriver implements Driver {
  readonly #pglite: PGlite
  readonly #longestMs: number

  constructor(pglite: PGlite, longestMs: number) {
    this.#pglite = pglite
    this.#longestMs = longestMs
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new PGliteConnection(this.#pglite, this.#longestMs)
  }

  async beginTransaction(connection: PGliteConnection): Promise<void> {
    await connection.begin()
  }

  async commitTransaction(connection: PGliteConnection): Promise<void> {
    await connection.commit()
  }

  async rollbackTransaction(connection: PGliteConnection): Promise<void> {
    await connection.rollback()
  }

  async releaseConnection(): Promise<void> {}

  /** The store owns and closes PGlite, because the job engine uses it too. */
  async destroy(): Promise<void> {}
}

/** Kysely over one PGlite. Isolation level and access mode of a transaction are PostgreSQL's defaults. */
export function pgliteDialect(pglite: PGlite, longestTransactionMs = LONGEST_TRANSACTION_MS): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PGliteDriver(pglite, longestTransactionMs),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}
