import { sql } from 'kysely'
import { type CursorRow, type Executor, json, type JsonObject } from './schema.ts'

/** A flow's position in its source, per kind of reading (`sweep`, `backfill` …). */
export async function getCursor(db: Executor, flowId: string, kind: string): Promise<CursorRow | undefined> {
  return db
    .selectFrom('cursor')
    .selectAll()
    .where('flow_id', '=', flowId)
    .where('kind', '=', kind)
    .executeTakeFirst()
}

/** Stores a position, in the transaction that stores what was read up to it. `sourceClock` is the source's time. */
export async function saveCursor(
  tx: Executor,
  flowId: string,
  kind: string,
  position: JsonObject,
  sourceClock: Date | null,
): Promise<void> {
  await tx
    .insertInto('cursor')
    .values({ flow_id: flowId, kind, position: json(position), source_clock: sourceClock })
    .onConflict((conflict) =>
      conflict.columns(['flow_id', 'kind']).doUpdateSet({
        position: json(position),
        source_clock: sourceClock,
        updated_at: sql<Date>`now()`,
      }),
    )
    .execute()
}

/** Makes the next reading start from the beginning. */
export async function clearCursor(db: Executor, flowId: string, kind: string): Promise<void> {
  await db.deleteFrom('cursor').where('flow_id', '=', flowId).where('kind', '=', kind).execute()
}
