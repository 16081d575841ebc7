import { sql } from 'kysely'
import type { Executor } from './schema.ts'

// Records whose want is ahead of a flow's link, or that have none: the work that a lost job would have done.

/** A record `r` and its link `l`, if any: the record is behind. */
const isBehind = sql`r.want_version > greatest(coalesce(l.have_version, 0), 0)`
/** Records under a running lease are being worked on. */
const isFree = sql`(r.lease_until is null or r.lease_until < now())`

/**
 * Records of one flow that are behind. Pages by external id. With `waiting` those come too whose next try has a time of
 * its own.
 */
export async function findBehind(
  db: Executor,
  flow: { id: string; source_connection_id: string; entity: string },
  page: { after?: string; limit: number; waiting?: boolean },
): Promise<string[]> {
  const { rows } = await sql<{ external_id: string }>`
    select r.external_id from record r
      left join link l on l.flow_id = ${flow.id} and l.external_id = r.external_id
     where r.connection_id = ${flow.source_connection_id} and r.entity = ${flow.entity}
       and r.external_id > ${page.after ?? ''} and ${isBehind} and ${isFree}
       and (l.next_try_at is null or l.next_try_at <= now() or ${page.waiting ?? false}::boolean)
     order by r.external_id limit ${page.limit}`.execute(db)
  return rows.map((row) => row.external_id)
}

/** A record of a flow that is behind, with what its job needs. */
export interface BehindRow {
  flow_id: string
  entity: string
  target_connection_id: string
  external_id: string
}

/**
 * Records that are behind of all active flows whose accounts are both in use, in one statement. Pages by flow and external
 * id. Flow by flow goes by the keys of both tables and ends with the page, so that a backlog of millions costs no memory.
 */
export async function findAllBehind(
  db: Executor,
  page: { after?: Pick<BehindRow, 'flow_id' | 'external_id'> | undefined; limit: number },
): Promise<BehindRow[]> {
  const after = { flow_id: page.after?.flow_id ?? '', external_id: page.after?.external_id ?? '' }
  const { rows } = await sql<BehindRow>`
    select f.id as flow_id, f.entity, f.target_connection_id, b.external_id from flow f
      join connection s on s.id = f.source_connection_id and s.state = 'active'
      join connection t on t.id = f.target_connection_id and t.state = 'active'
     cross join lateral (
       select r.external_id from record r
         left join link l on l.flow_id = f.id and l.external_id = r.external_id
        where r.connection_id = f.source_connection_id and r.entity = f.entity
          and r.external_id > case when f.id = ${after.flow_id} then ${after.external_id} else '' end
          and ${isBehind} and ${isFree} and (l.next_try_at is null or l.next_try_at <= now())
        order by r.external_id limit ${page.limit}) as b
     where f.state = 'active' and f.id >= ${after.flow_id}
     order by f.id, b.external_id limit ${page.limit}`.execute(db)
  return rows
}
