import { sql } from 'kysely'
import type { Executor } from '../schema.ts'
import * as first from './0001-tables.ts'
import * as access from './0002-access.ts'
import * as reconcile from './0003-reconcile.ts'
import * as deliveryOrder from './0004-delivery-order.ts'
import * as attemptPacks from './0005-attempt-packs.ts'
import * as intents from './0006-intents.ts'
import * as alarms from './0008-alarms.ts'
import * as lookFirst from './0009-look-first.ts'
import * as failures from './0010-failures.ts'
import * as sites from './0011-sites.ts'
import * as accounts from './0012-accounts.ts'

interface Migration {
  name: string
  statements: readonly string[]
}

/** In order of application. A released migration never changes; a correction is a new one. */
export const migrations: readonly Migration[] = [
  first,
  access,
  reconcile,
  deliveryOrder,
  attemptPacks,
  intents,
  alarms,
  lookFirst,
  failures,
  sites,
  accounts,
]

/**
 * Brings the schema up to date: all missing migrations in one transaction, under an advisory lock named after the
 * schema, so that several processes may start at once (the others wait, then find nothing to do).
 * @param only their names, where not all are wanted: to restore a backup into the tables it was made from
 * @returns the names of the migrations that this call applied
 * @throws when the database holds a migration that this version does not know (a newer Crosswalk wrote it)
 */
export async function migrate(db: Executor, schema: string, only?: readonly string[]): Promise<string[]> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`crosswalk:${schema}`}::text, 0))`.execute(tx)
    await sql`create schema if not exists ${sql.id(schema)}`.execute(tx)
    await sql`create table if not exists migration (
      name text primary key, applied_at timestamptz not null default now())`.execute(tx)
    const { rows } = await sql<{ name: string }>`select name from migration`.execute(tx)
    const applied = new Set(rows.map((row) => row.name))
    const known = new Set(migrations.map((migration) => migration.name))
    const unknown = [...applied].filter((name) => !known.has(name))
    if (unknown.length > 0) {
      throw new Error(
        `The database was written by a newer version of Crosswalk (it has ${unknown.join(', ')}).`,
      )
    }
    const missing = migrations.filter(
      (migration) => !applied.has(migration.name) && (only?.includes(migration.name) ?? true),
    )
    for (const migration of missing) {
      for (const statement of migration.statements) await sql.raw(statement).execute(tx)
      await sql`insert into migration (name) values (${migration.name})`.execute(tx)
    }
    return missing.map((migration) => migration.name)
  })
}
