import type { contract } from '@crosswalk/shared/contract'
import type { TracedMapping } from '@crosswalk/shared/mapping'
import { detailInWords, type Kept } from '../pipeline/detail.ts'
import { found } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { addAudit } from '../store/audit.ts'
import { getAttempt, listAttempts } from '../store/attempts.ts'
import { getFailure } from '../store/failure-lists.ts'
import { getFlow } from '../store/flows.ts'
import { getLink, listLinks, type LinkFilter } from '../store/link-lists.ts'
import type { AttemptRow, JsonObject } from '../store/schema.ts'
import { readPack } from '../store/attempt-packs.ts'
import { UnsealError } from '../store/vault.ts'
import { decodeCursor, encodeCursor, LinkCursor } from './cursor.ts'
import { failureView } from './failure-views.ts'
import type { GroupHandlers } from './mount.ts'
import { targetUrls } from './record-urls.ts'
import { attemptView, recordView } from './views.ts'

const HISTORY = 50

/** A page of links. */
export async function recordPage(
  service: Service,
  filter: Omit<LinkFilter, 'after'> & { cursor: string | undefined },
) {
  const { cursor, ...rest } = filter
  const after = decodeCursor(LinkCursor, cursor)
  const page = await listLinks(service.store.db, { ...rest, ...(after === undefined ? {} : { after }) })
  const urlOf = await targetUrls(service, filter.workspaceId)
  const { next } = page
  return {
    items: page.rows.map((row) => recordView(row, urlOf(row))),
    next: next ? encodeCursor({ u: next.updatedAt, f: next.flowId, x: next.externalId }) : null,
  }
}

/** The kept detail of an attempt; null once it was erased, or sealed with a key that is gone. */
export async function detailOf(
  row: AttemptRow,
  service: Pick<Service, 'store' | 'vault' | 'log'>,
): Promise<JsonObject | null> {
  if (row.pack === null) return null
  try {
    const { db } = service.store
    const kept = await readPack(db, row.workspace_id, row.pack, row.external_id, service.vault)
    return kept && detailInWords(kept.record as Kept, kept.common as TracedMapping)
  } catch (error) {
    if (!(error instanceof UnsealError)) throw error
    service.log.warn({ attempt: row.id }, 'the detail of an attempt does not open')
    return null
  }
}

export function recordHandlers(service: Service): GroupHandlers<typeof contract.records> {
  const { db } = service.store
  return {
    list: async ({ caller, query }) => {
      const { flowId, state, code, search } = query
      return recordPage(service, {
        workspaceId: caller.workspaceId,
        limit: query.limit,
        cursor: query.cursor,
        ...(flowId === undefined ? {} : { flowId }),
        ...(state === undefined ? {} : { state }),
        ...(code === undefined ? {} : { errorCode: code }),
        ...(search === undefined ? {} : { search }),
      })
    },
    get: async ({ caller, params }) => {
      const { workspaceId } = caller
      const link = found(await getLink(db, workspaceId, params.flowId, params.externalId), 'record')
      const failure = await getFailure(db, workspaceId, params.flowId, params.externalId)
      const urlOf = await targetUrls(service, workspaceId)
      const history = await listAttempts(db, { workspaceId, ...params, limit: HISTORY })
      const last = history[0] && (await getAttempt(db, workspaceId, history[0].id))
      return {
        ...recordView(link, urlOf(link)),
        parts: Object.entries(link.parts).map(([part, { id, done }]) => ({ part, id: id ?? null, done })),
        summary: link.summary,
        history: history.map(attemptView),
        detail: last ? await detailOf(last, service) : null,
        failure: failure ? failureView({ ...failure, label: link.label, summary: link.summary }) : null,
      }
    },
    attempt: async ({ caller, params }) => {
      const row = await getAttempt(db, caller.workspaceId, params.attemptId)
      const own = row?.flow_id === params.flowId && row.external_id === params.externalId ? row : undefined
      const attempt = found(own, 'attempt')
      return { ...attemptView(attempt), detail: await detailOf(attempt, service) }
    },
    sync: async ({ caller, params, body }) => {
      const flow = found(await getFlow(db, caller.workspaceId, params.flowId), 'flow')
      const ids = [...new Set(body.externalIds)]
      await service.syncNow(flow, ids, { force: body.force })
      await addAudit(db, {
        ...caller,
        action: 'record.sync',
        subject: flow.id,
        detail: { ids, force: body.force },
      })
      return { accepted: ids.length }
    },
  }
}
