import { sql } from 'kysely'
import type { Executor, LinkRow, LinkState } from './schema.ts'

/** Where the next page starts: the last row of the page before. */
export interface LinkCursor {
  updatedAt: Date
  flowId: string
  externalId: string
}

export interface LinkFilter {
  workspaceId: string
  flowId?: string
  state?: LinkState
  /** Cause of a failure: `last_error.code`. */
  errorCode?: string
  /** Part of the label or the whole external id; case does not count. */
  search?: string
  after?: LinkCursor
  /** At most 200. */
  limit: number
}

export interface LinkPage {
  rows: LinkRow[]
  next?: LinkCursor
}

function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, (character) => `\\${character}`)}%`
}

/** Links, newest change first, paged by key, so that a page costs the same at any depth. */
export async function listLinks(db: Executor, filter: LinkFilter): Promise<LinkPage> {
  const limit = Math.min(Math.max(filter.limit, 1), 200)
  const { after } = filter
  const rows = await db
    .selectFrom('link')
    .selectAll()
    .where('workspace_id', '=', filter.workspaceId)
    .$if(filter.flowId !== undefined, (query) => query.where('flow_id', '=', filter.flowId as string))
    .$if(filter.state !== undefined, (query) => query.where('state', '=', filter.state as LinkState))
    .$if(filter.errorCode !== undefined, (query) =>
      query.where(sql<boolean>`last_error->>'code' = ${filter.errorCode}`),
    )
    .$if(filter.search !== undefined, (query) =>
      query.where(
        sql<boolean>`(external_id = ${filter.search} or label ilike ${likePattern(filter.search ?? '')})`,
      ),
    )
    .$if(after !== undefined, (query) =>
      query.where(
        sql<boolean>`updated_at <= ${after?.updatedAt}::timestamptz and (updated_at < ${after?.updatedAt}::timestamptz
          or (flow_id, external_id) > (${after?.flowId}::text, ${after?.externalId}::text))`,
      ),
    )
    .orderBy('updated_at', 'desc')
    .orderBy('flow_id')
    .orderBy('external_id')
    .limit(limit + 1)
    .execute()
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  if (rows.length <= limit || !last) return { rows: page }
  return {
    rows: page,
    next: { updatedAt: last.updated_at, flowId: last.flow_id, externalId: last.external_id },
  }
}

/** How many links of each state a flow has, for the overview. */
export async function countLinks(
  db: Executor,
  workspaceId: string,
): Promise<{ flowId: string; state: LinkState; count: number }[]> {
  const rows = await db
    .selectFrom('link')
    .select(['flow_id', 'state', (eb) => eb.fn.countAll<number>().as('count')])
    .where('workspace_id', '=', workspaceId)
    .groupBy(['flow_id', 'state'])
    .execute()
  return rows.map((row) => ({ flowId: row.flow_id, state: row.state, count: row.count }))
}

/** When each flow last brought a record level. */
export async function lastSyncs(
  db: Executor,
  workspaceId: string,
): Promise<{ flowId: string; syncedAt: Date }[]> {
  const { rows } = await sql<{ flow_id: string; synced_at: Date }>`
    select flow_id, max(synced_at) as synced_at from link
     where workspace_id = ${workspaceId} and synced_at is not null group by flow_id`.execute(db)
  return rows.map((row) => ({ flowId: row.flow_id, syncedAt: row.synced_at }))
}

/** One link with all columns, or undefined. */
export async function getLink(
  db: Executor,
  workspaceId: string,
  flowId: string,
  externalId: string,
): Promise<LinkRow | undefined> {
  return db
    .selectFrom('link')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('flow_id', '=', flowId)
    .where('external_id', '=', externalId)
    .executeTakeFirst()
}
