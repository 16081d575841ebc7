import { sql } from 'kysely'
import { newId } from './ids.ts'
import { type AuditRow, type Executor, json, type JsonObject } from './schema.ts'

/** Notes who did what, in the transaction that does it. `detail` holds ids and settings, never secrets. */
export async function addAudit(
  tx: Executor,
  entry: { workspaceId: string; actor: string; action: string; subject?: string | null; detail?: JsonObject },
): Promise<void> {
  await tx
    .insertInto('audit')
    .values({
      id: newId('audit'),
      workspace_id: entry.workspaceId,
      actor: entry.actor,
      action: entry.action,
      subject: entry.subject ?? null,
      detail: json(entry.detail ?? {}),
    })
    .execute()
}

/** Audit entries, newest first, paged by time and id. */
export async function listAudit(
  db: Executor,
  filter: { workspaceId: string; after?: { at: Date; id: string }; limit: number },
): Promise<AuditRow[]> {
  const { after } = filter
  return db
    .selectFrom('audit')
    .selectAll()
    .where('workspace_id', '=', filter.workspaceId)
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`at <= ${after?.at}::timestamptz and (at < ${after?.at}::timestamptz or id > ${after?.id}::text)`,
      ),
    )
    .orderBy('at', 'desc')
    .orderBy('id')
    .limit(Math.min(Math.max(filter.limit, 1), 200))
    .execute()
}
