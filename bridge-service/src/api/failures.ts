import type { contract } from '@crosswalk/shared/contract'
import { remedyFor } from '../failure-remedies.ts'
import { found, notFound, Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { addAudit } from '../store/audit.ts'
import { skipFailure } from '../store/failures.ts'
import { getFlow, listFlows } from '../store/flows.ts'
import { getLink, groupFailures, listLinks, type LinkCursor } from '../store/link-lists.ts'
import type { GroupHandlers } from './mount.ts'
import { targetUrls } from './record-urls.ts'
import { recordPage } from './records.ts'
import { instant, recordView } from './views.ts'

/** Records that one call puts back at most; the caller asks again for the rest. */
const RETRY_AT_ONCE = 2_000

export function failureHandlers(service: Service): GroupHandlers<typeof contract.failures> {
  const { db } = service.store

  async function idsOf(
    workspaceId: string,
    flowId: string,
    code: string,
  ): Promise<{ ids: string[]; more: boolean }> {
    const ids: string[] = []
    let after: LinkCursor | undefined
    do {
      const page = await listLinks(db, {
        workspaceId,
        flowId,
        state: 'failed',
        errorCode: code,
        limit: 200,
        ...(after === undefined ? {} : { after }),
      })
      ids.push(...page.rows.map((row) => row.external_id))
      after = page.next
    } while (after !== undefined && ids.length < RETRY_AT_ONCE)
    return { ids, more: after !== undefined }
  }

  return {
    groups: async ({ caller }) => {
      const flows = new Map((await listFlows(db, caller.workspaceId)).map((flow) => [flow.id, flow.name]))
      const groups = await groupFailures(db, caller.workspaceId)
      return {
        items: groups.map((group) => ({
          flowId: group.flowId,
          flowName: flows.get(group.flowId) ?? '',
          code: group.code,
          message: group.message,
          remedy: remedyFor(group.code),
          count: group.count,
          lastAt: instant(group.lastAt),
        })),
      }
    },
    list: async ({ caller, query }) =>
      recordPage(service, {
        workspaceId: caller.workspaceId,
        state: 'failed',
        limit: query.limit,
        cursor: query.cursor,
        ...(query.flowId === undefined ? {} : { flowId: query.flowId }),
        ...(query.code === undefined ? {} : { errorCode: query.code }),
      }),
    retry: async ({ caller, body }) => {
      const flow = found(await getFlow(db, caller.workspaceId, body.flowId), 'flow')
      const { ids, more } =
        body.externalIds !== undefined
          ? { ids: [...new Set(body.externalIds)], more: false }
          : await idsOf(caller.workspaceId, flow.id, body.code as string)
      if (ids.length > 0) await service.syncNow(flow, ids, { force: true })
      const detail = { count: ids.length, ...(body.code === undefined ? {} : { code: body.code }) }
      await addAudit(db, { ...caller, action: 'failure.retried', subject: flow.id, detail })
      return { accepted: ids.length, more }
    },
    skip: async ({ caller, body }) => {
      const { flowId, externalId, note } = body
      const row = await db.transaction().execute(async (tx) => {
        const skipped = await skipFailure(tx, caller.workspaceId, flowId, externalId, note)
        if (skipped) {
          await addAudit(tx, {
            ...caller,
            action: 'failure.skipped',
            subject: flowId,
            detail: { externalId, note },
          })
        }
        return skipped
      })
      if (!row) {
        const present = await getLink(db, caller.workspaceId, flowId, externalId)
        if (!present) throw notFound('record')
        throw new Problem('conflict', `This record has not failed: it is ${present.state}.`)
      }
      return recordView(row, (await targetUrls(service, caller.workspaceId))(row))
    },
  }
}
