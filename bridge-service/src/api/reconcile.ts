import type { contract, ReconcileDay } from '@crosswalk/shared/contract'
import { found } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { getFlow } from '../store/flows.ts'
import { loadLinks } from '../store/links.ts'
import { getReconcileDay, listReconcileDays } from '../store/reconcile.ts'
import type { ReconcileDayRow } from '../store/schema.ts'
import type { GroupHandlers } from './mount.ts'
import { targetUrls } from './record-urls.ts'
import { instant, recordView } from './views.ts'

const dayView = (row: ReconcileDayRow): ReconcileDay => ({
  day: row.day,
  currency: row.currency === '' ? null : row.currency,
  source: { count: row.source_count, amount: row.source_sum },
  target: { count: row.target_count, amount: row.target_sum },
  missing: row.missing,
  incomplete: row.incomplete,
  differing: row.differing,
  failed: row.failed,
  examples: row.examples,
  checkedAt: instant(row.checked_at),
})

export const reconcileHandlers = (service: Service): GroupHandlers<typeof contract.reconcile> => ({
  days: async ({ caller, params, query }) => {
    const { db } = service.store
    const { workspaceId } = caller
    found(await getFlow(db, workspaceId, params.flowId), 'flow')
    const rows = await listReconcileDays(db, { workspaceId, flowId: params.flowId, days: query.days })
    return { items: rows.map(dayView) }
  },
  records: async ({ caller, params }) => {
    const { db } = service.store
    const { workspaceId } = caller
    found(await getFlow(db, workspaceId, params.flowId), 'flow')
    const days = await getReconcileDay(db, { workspaceId, ...params })
    const examples = days.flatMap((row) =>
      row.examples.map((one) => ({ ...one, currency: row.currency === '' ? null : row.currency })),
    )
    const links = await loadLinks(db, params.flowId, examples.map(({ externalId }) => externalId)) // prettier-ignore
    const urlOf = await targetUrls(service, workspaceId)
    return {
      items: examples.map((one) => {
        const link = links.get(one.externalId)
        return { ...one, record: link === undefined ? null : recordView(link, urlOf(link)) }
      }),
    }
  },
})
