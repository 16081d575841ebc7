import { sql } from 'kysely'
import { type Executor, json } from './schema.ts'

export interface RecordKey {
  connectionId: string
  entity: string
  externalId: string
}

export interface Lease extends RecordKey {
  /** The version to bring the links level with, as it was when the lease was taken. */
  wantVersion: number
  tombstone: boolean
  holder: string
  /** Fencing token: a later lease of this record has a higher one. */
  token: number
  until: Date
  /**
   * The last holder did not give it back (it died, or lost its work half way): something may have been written that no
   * link tells of.
   */
  unsure: boolean
}

/** One text per record, for maps. */
export function recordKeyText(key: RecordKey): string {
  return `${key.connectionId}\n${key.entity}\n${key.externalId}`
}

/**
 * Marks records as changed: each one's want_version goes up by one, unknown records appear with version 1. Call it
 * before the job is sent, in the same transaction: a job that coalesced into one being fetched is only then safe.
 * @param options.tombstone the source deleted them (true) or has them (false, the default, also after a restore)
 * @returns want_version by external id
 */
export async function raiseWant(
  db: Executor,
  connectionId: string,
  entity: string,
  externalIds: readonly string[],
  options: { tombstone?: boolean } = {},
): Promise<Map<string, number>> {
  if (externalIds.length === 0) return new Map()
  const { rows } = await sql<{ external_id: string; want_version: number }>`
    insert into record as r (connection_id, entity, external_id, want_version, tombstone)
    select ${connectionId}::text, ${entity}::text, id, 1, ${options.tombstone ?? false}::boolean
      from (select distinct id from unnest(${externalIds}::text[]) as ids(id)) as input order by id
    on conflict (connection_id, entity, external_id) do update
      set want_version = r.want_version + 1, tombstone = excluded.tombstone, seen_at = now()
    returning r.external_id, r.want_version`.execute(db)
  return new Map(rows.map((row) => [row.external_id, row.want_version]))
}

/** Holds records until the transaction ends, in the order of the key, before they are changed in several statements. */
export async function lockRecords(
  tx: Executor,
  connectionId: string,
  entity: string,
  externalIds: readonly string[],
): Promise<void> {
  await sql`select 1 from record
    where connection_id = ${connectionId} and entity = ${entity} and external_id = any(${externalIds}::text[])
    order by external_id for no key update`.execute(tx)
}

/** want_version of the records that exist, by external id. */
export async function readWant(
  db: Executor,
  connectionId: string,
  entity: string,
  externalIds: readonly string[],
): Promise<Map<string, number>> {
  if (externalIds.length === 0) return new Map()
  const { rows } = await sql<{ external_id: string; want_version: number }>`
    select external_id, want_version from record
     where connection_id = ${connectionId} and entity = ${entity}
       and external_id = any(${externalIds}::text[])`.execute(db)
  return new Map(rows.map((row) => [row.external_id, row.want_version]))
}

function splitRepeated(keys: readonly RecordKey[]): { distinct: RecordKey[]; repeated: RecordKey[] } {
  const seen = new Set<string>()
  const distinct: RecordKey[] = []
  const repeated: RecordKey[] = []
  for (const key of keys) {
    const text = recordKeyText(key)
    ;(seen.has(text) ? repeated : distinct).push(key)
    seen.add(text)
  }
  return { distinct, repeated }
}

interface LeaseRow {
  connection_id: string
  entity: string
  external_id: string
  want_version: number
  tombstone: boolean
  lease_token: number
  lease_until: Date
  unsure: boolean
}

const keyColumns = sql`connection_id text, entity text, external_id text`

function keysAsJson(keys: readonly RecordKey[], more?: (key: RecordKey, index: number) => object): string {
  return json(
    keys.map((key, index) => ({
      connection_id: key.connectionId,
      entity: key.entity,
      external_id: key.externalId,
      ...more?.(key, index),
    })),
  )
}

/** No lease is taken for longer: one that ends later was taken before the clock was put back. */
const LONGEST_TTL_MS = 15 * 60_000

/**
 * Takes leases in one statement, in the order of the key (so that two callers cannot deadlock). A running lease is
 * never taken, not even by its own holder; one that has run out is, with a higher token. A key given twice is
 * leased once and its second mention comes back as held elsewhere. Unknown records appear with want_version 0.
 * @param holder names the process, for people who look into the table
 */
export async function leaseRecords(
  db: Executor,
  keys: readonly RecordKey[],
  holder: string,
  ttlMs: number,
): Promise<{ leased: Lease[]; elsewhere: RecordKey[] }> {
  if (keys.length === 0) return { leased: [], elsewhere: [] }
  const { distinct, repeated } = splitRepeated(keys)
  const { rows } = await sql<LeaseRow>`
    insert into record as r (connection_id, entity, external_id, lease_holder, lease_token, lease_until)
    select connection_id, entity, external_id, ${holder}::text, 1, clock_timestamp() + ${ttlMs}::int * interval '1 ms'
      from json_to_recordset(${keysAsJson(distinct)}::json) as input(${keyColumns})
     order by connection_id, entity, external_id
    on conflict (connection_id, entity, external_id) do update
      set lease_holder = excluded.lease_holder, lease_token = r.lease_token + 1,
          lease_until = clock_timestamp() + ${ttlMs}::int * interval '1 ms'
      where r.lease_until is null or r.lease_until < clock_timestamp()
        or r.lease_until > clock_timestamp() + ${LONGEST_TTL_MS}::int * interval '1 ms'
    returning r.connection_id, r.entity, r.external_id, r.want_version, r.tombstone, r.lease_token, r.lease_until,
      -- As the row was before this statement.
      coalesce((select o.lease_until is not null from record o where (o.connection_id, o.entity, o.external_id) =
        (r.connection_id, r.entity, r.external_id)), false) as unsure`.execute(db)
  const leased = rows.map((row) => ({
    connectionId: row.connection_id,
    entity: row.entity,
    externalId: row.external_id,
    wantVersion: row.want_version,
    tombstone: row.tombstone,
    holder,
    token: row.lease_token,
    until: row.lease_until,
    unsure: row.unsure,
  }))
  const taken = new Set(leased.map(recordKeyText))
  const refused = distinct.filter((key) => !taken.has(recordKeyText(key)))
  return { leased, elsewhere: [...refused, ...repeated] }
}

/** Leases as `json_to_recordset` input with the token. */
export function leasesAsJson(leases: readonly Lease[]): string {
  return keysAsJson(leases, (_, index) => ({ token: leases[index]?.token }))
}

/**
 * Extends leases that are still ours, also those that have run out but that nobody has taken.
 * @returns the leases with their new end; a lease that is missing from the answer is lost
 */
export async function renewLeases(db: Executor, leases: readonly Lease[], ttlMs: number): Promise<Lease[]> {
  if (leases.length === 0) return []
  const { rows } = await sql<LeaseRow>`
    with held as (
      select r.connection_id, r.entity, r.external_id from record r
        join json_to_recordset(${leasesAsJson(leases)}::json) as input(${keyColumns}, token bigint)
          using (connection_id, entity, external_id)
       where r.lease_token = input.token and r.lease_until is not null
       order by connection_id, entity, external_id for update of r)
    update record r set lease_until = clock_timestamp() + ${ttlMs}::int * interval '1 ms' from held
     where (r.connection_id, r.entity, r.external_id) = (held.connection_id, held.entity, held.external_id)
    returning r.connection_id, r.entity, r.external_id, r.lease_until`.execute(db)
  const untils = new Map(
    rows.map((row) => [
      recordKeyText({ connectionId: row.connection_id, entity: row.entity, externalId: row.external_id }),
      row.lease_until,
    ]),
  )
  return leases.flatMap((lease) => {
    const until = untils.get(recordKeyText(lease))
    return until ? [{ ...lease, until }] : []
  })
}

/**
 * Gives leases back. One that somebody else has taken since is left alone.
 * @returns want_version now, by `recordKeyText`: higher than the lease's means that the record changed meanwhile
 */
export async function releaseLeases(db: Executor, leases: readonly Lease[]): Promise<Map<string, number>> {
  if (leases.length === 0) return new Map()
  const { rows } = await sql<LeaseRow>`
    with held as (
      select r.connection_id, r.entity, r.external_id from record r
        join json_to_recordset(${leasesAsJson(leases)}::json) as input(${keyColumns}, token bigint)
          using (connection_id, entity, external_id)
       where r.lease_token = input.token
       order by connection_id, entity, external_id for update of r)
    update record r set lease_until = null, lease_holder = null from held
     where (r.connection_id, r.entity, r.external_id) = (held.connection_id, held.entity, held.external_id)
    returning r.connection_id, r.entity, r.external_id, r.want_version`.execute(db)
  return new Map(
    rows.map((row) => [
      recordKeyText({ connectionId: row.connection_id, entity: row.entity, externalId: row.external_id }),
      row.want_version,
    ]),
  )
}

/** Ended, and not given back: whoever takes the record next does not know what stands in the target. */
const abandoned = sql`lease_until = clock_timestamp() - interval '1 second', lease_holder = null`

/** Ends leases of work that broke off after something of it was sent. One that somebody else has taken is left alone. */
export async function abandonLeases(db: Executor, leases: readonly Lease[]): Promise<void> {
  if (leases.length === 0) return
  await sql`
    with held as (
      select r.connection_id, r.entity, r.external_id from record r
        join json_to_recordset(${leasesAsJson(leases)}::json) as input(${keyColumns}, token bigint)
          using (connection_id, entity, external_id)
       where r.lease_token = input.token and r.lease_until is not null
       order by connection_id, entity, external_id for update of r)
    update record r set ${abandoned} from held
     where (r.connection_id, r.entity, r.external_id) = (held.connection_id, held.entity, held.external_id)`.execute(
    db,
  )
}

/** At the start of the only process of a store: leases of processes that are gone are void. */
export async function voidAllLeases(db: Executor): Promise<void> {
  await sql`update record set ${abandoned} where lease_until is not null`.execute(db)
}

/** Ends the running leases of holders whose names begin so: of a process that died. */
export async function voidLeasesOf(db: Executor, holders: string): Promise<void> {
  await sql`update record set ${abandoned}
    where lease_until > clock_timestamp() and starts_with(lease_holder, ${holders})`.execute(db)
}

/** Those of the records that somebody holds, or held and did not give back: their links may be behind the target. */
export async function findUnsettled(
  db: Executor,
  connectionId: string,
  entity: string,
  externalIds: readonly string[],
): Promise<Set<string>> {
  if (externalIds.length === 0) return new Set()
  // One look-up per key, whatever the statistics of a table that fills.
  const { rows } = await sql<{ external_id: string }>`
    select held.external_id from unnest(${externalIds}::text[]) as input(id)
     cross join lateral (
       select external_id from record
        where connection_id = ${connectionId} and entity = ${entity} and external_id = input.id
          and lease_until is not null limit 1) as held`.execute(db)
  return new Set(rows.map((row) => row.external_id))
}
