import { sql } from 'kysely'
import { type DependencyRow, type Executor, json, type JsonObject } from './schema.ts'

/** A creator that has not been heard of for this long is taken to have died; its key may be claimed again. */
const ABANDONED_AFTER_SECONDS = 60

export interface Claimed {
  matchKey: string
  /** Nobody has claimed it before; it counts as sent already. */
  fresh: boolean
  /**
   * When an earlier creator sent its request, if it did and then died: the thing may exist, so look for it before
   * creating it.
   */
  sentAt: Date | null
}

export interface DependencyClaims {
  /** Ours to create; settle or abandon each. */
  mine: Claimed[]
  /** Made already. */
  linked: DependencyRow[]
  /** Another worker is creating it; come back later. */
  waiting: string[]
}

interface ClaimRow extends DependencyRow {
  fresh: boolean
}

/**
 * Decides who creates shared things (one company, two workers): the first insert of (target connection, object,
 * match key) wins, the others wait for it. One statement, ordered by key.
 */
export async function claimDependencies(
  db: Executor,
  targetConnectionId: string,
  object: string,
  matchKeys: readonly string[],
  holder: string,
  countsAsSent = true,
): Promise<DependencyClaims> {
  const keys = [...new Set(matchKeys)]
  if (keys.length === 0) return { mine: [], linked: [], waiting: [] }
  // A new row counts as sent from here on, which saves a statement; the time a dead creator sent survives the claim.
  const { rows: claimed } = await sql<ClaimRow>`
    insert into dependency as d (target_connection_id, object, match_key, state, holder, sent_at, updated_at)
    select ${targetConnectionId}::text, ${object}::text, key, 'creating', ${holder}::text,
           case when ${countsAsSent}::boolean then clock_timestamp() end, clock_timestamp()
      from unnest(${keys}::text[]) as input(key) order by key
    on conflict (target_connection_id, object, match_key) do update
      set holder = excluded.holder, updated_at = clock_timestamp()
      where d.state = 'creating'
        and d.updated_at < clock_timestamp() - ${ABANDONED_AFTER_SECONDS}::int * interval '1 second'
    returning d.*, xmax = 0 as fresh`.execute(db)
  const mine = new Set(claimed.map((row) => row.match_key))
  const others = keys.filter((key) => !mine.has(key))
  const existing = await readDependencies(db, targetConnectionId, object, others)
  const linked = existing.filter((row) => row.state === 'linked')
  const known = new Set(linked.map((row) => row.match_key))
  return {
    mine: claimed.map(({ match_key, sent_at, fresh }) => ({
      matchKey: match_key,
      fresh,
      sentAt: fresh ? null : sent_at,
    })),
    linked,
    waiting: others.filter((key) => !known.has(key)),
  }
}

export async function readDependencies(
  db: Executor,
  targetConnectionId: string,
  object: string,
  matchKeys: readonly string[],
): Promise<DependencyRow[]> {
  if (matchKeys.length === 0) return []
  // One look-up per key: a table that fills has no statistics yet, and a plan by `any` reads all of an account's rows.
  const { rows } = await sql<DependencyRow>`
    select dependency.* from (select distinct key from unnest(${matchKeys}::text[]) as keys(key)) as input
     cross join lateral (
       select * from dependency
        where target_connection_id = ${targetConnectionId} and object = ${object} and match_key = input.key
        limit 1) as dependency`.execute(db)
  return rows
}

/** Notes of a claim that was another's before that the create request goes out now. Also keeps the claim alive. */
export async function markDependenciesSent(
  db: Executor,
  targetConnectionId: string,
  object: string,
  matchKeys: readonly string[],
  holder: string,
): Promise<Set<string>> {
  if (matchKeys.length === 0) return new Set()
  const { rows } = await sql<{ match_key: string }>`
    update dependency set sent_at = clock_timestamp(), updated_at = clock_timestamp()
     where target_connection_id = ${targetConnectionId} and object = ${object} and state = 'creating'
       and holder = ${holder} and match_key = any(${matchKeys}::text[])
    returning match_key`.execute(db)
  return new Set(rows.map((row) => row.match_key))
}

export interface SettledDependency {
  matchKey: string
  targetId: string
  hash?: string
  refs?: JsonObject
}

/** Stores what was created, found or updated. Also for things that were found without a claim. */
export async function settleDependencies(
  db: Executor,
  targetConnectionId: string,
  object: string,
  rows: readonly SettledDependency[],
): Promise<void> {
  if (rows.length === 0) return
  const distinct = [...new Map(rows.map((row) => [row.matchKey, row])).values()]
  await sql`
    insert into dependency as d (target_connection_id, object, match_key, target_id, hash, refs, state, updated_at)
    select ${targetConnectionId}::text, ${object}::text, i."matchKey", i."targetId", i.hash, coalesce(i.refs, '{}'),
           'linked', clock_timestamp()
      from json_to_recordset(${json(distinct)}::json) as i("matchKey" text, "targetId" text, hash text, refs jsonb)
     order by i."matchKey"
    on conflict (target_connection_id, object, match_key) do update
      set target_id = excluded.target_id, hash = coalesce(excluded.hash, d.hash), refs = d.refs || excluded.refs,
          state = 'linked', holder = null, sent_at = null, updated_at = clock_timestamp()`.execute(db)
}

/** Forgets what was written last: an update may have been carried out that nobody was told of. */
export async function forgetWritten(
  db: Executor,
  targetConnectionId: string,
  object: string,
  matchKeys: readonly string[],
): Promise<void> {
  if (matchKeys.length === 0) return
  await sql`update dependency set hash = null
    where target_connection_id = ${targetConnectionId} and object = ${object} and hash is not null
      and match_key = any(${matchKeys}::text[])`.execute(db)
}

/**
 * Gives up claims that came to nothing (the target refused them), so that the next worker may try. Only the holder
 * can; what was settled meanwhile stays. Do not call it after an ambiguous answer: a claim that was sent and is
 * left alone tells the next claimer to look first.
 */
export async function abandonDependencies(
  db: Executor,
  targetConnectionId: string,
  object: string,
  matchKeys: readonly string[],
  holder: string,
): Promise<void> {
  if (matchKeys.length === 0) return
  await sql`delete from dependency
    where target_connection_id = ${targetConnectionId} and object = ${object} and state = 'creating'
      and holder = ${holder} and match_key = any(${matchKeys}::text[])`.execute(db)
}

/**
 * Lets go of claims whose outcome is not known: the next worker may claim them at once, and learns from the time of
 * sending that it must look before it creates.
 */
export async function releaseClaims(
  db: Executor,
  targetConnectionId: string,
  object: string,
  matchKeys: readonly string[],
  holder: string,
): Promise<void> {
  if (matchKeys.length === 0) return
  await sql`update dependency set updated_at = '-infinity', holder = null
    where target_connection_id = ${targetConnectionId} and object = ${object} and state = 'creating'
      and holder = ${holder} and match_key = any(${matchKeys}::text[])`.execute(db)
}

/** At the start of the only process of a store: claims of processes that are gone may be taken at once. */
export async function releaseAllClaims(db: Executor): Promise<void> {
  await sql`update dependency set updated_at = '-infinity', holder = null where state = 'creating'`.execute(
    db,
  )
}

/** Forgets links to things that the target no longer has (`not_found`), so that they are found or made anew. */
export async function forgetDependencies(
  db: Executor,
  targetConnectionId: string,
  object: string,
  targetIds: readonly string[],
): Promise<void> {
  if (targetIds.length === 0) return
  await sql`delete from dependency
    where target_connection_id = ${targetConnectionId} and object = ${object} and state = 'linked'
      and target_id = any(${targetIds}::text[])`.execute(db)
}
