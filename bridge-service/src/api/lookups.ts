import type { contract } from '@crosswalk/shared/contract'
import { LookupTable, readyLookups } from '@crosswalk/shared/mapping'
import { found, notFound, Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { addAudit } from '../store/audit.ts'
import { listFlows } from '../store/flows.ts'
import { deleteLookup, listLookups, saveLookup } from '../store/lookups.ts'
import { listMissingRows, listWaitingFor } from '../store/missing-rows.ts'
import type { LookupRow } from '../store/schema.ts'
import { lookupUses, sidesOf } from './lookup-uses.ts'
import type { GroupHandlers } from './mount.ts'
import { instant } from './views.ts'

/** Entries lie under `rows`: a jsonb object does not keep the order in which people wrote them. */
const tableOf = (row: LookupRow): LookupTable =>
  LookupTable.parse({
    name: row.name,
    entries: row.entries['rows'] ?? [],
    fallback: row.fallback,
  })

const lookupView = (row: LookupRow) => ({
  ...tableOf(row),
  id: row.id,
  version: row.version,
  updatedAt: instant(row.updated_at),
})

/** The table of stages, which a flow's settings make. */
const STAGES = 'stages'
/** Records that one call puts back at most; the others wait for a retry. */
const RETRY_AT_ONCE = 2_000
const PAGE = 200

export function lookupHandlers(service: Service): GroupHandlers<typeof contract.lookups> {
  const { db } = service.store

  /** Tries records again that failed for want of a row which is there now. @returns how many */
  async function retryWaiting(workspaceId: string, table: LookupTable): Promise<number> {
    const known = readyLookups([table]).get(table.name)
    const isAnswered = (value: string | null): boolean =>
      value === null || known?.fallback !== null || known.get(value) !== undefined
    const flows = (await listFlows(db, workspaceId)).filter(({ state }) => state === 'active')
    let retried = 0
    for (const flow of flows) {
      let after = ''
      while (retried < RETRY_AT_ONCE) {
        const page = await listWaitingFor(db, {
          workspaceId,
          flowId: flow.id,
          table: table.name,
          after,
          limit: PAGE,
        })
        const ids = page.filter(({ value }) => isAnswered(value)).map(({ externalId }) => externalId)
        if (ids.length > 0) await service.syncNow(flow, ids, { force: false })
        retried += ids.length
        if (page.length < PAGE) break
        after = page.at(-1)?.externalId as string
      }
    }
    return retried
  }

  return {
    list: async ({ caller }) => ({ items: (await listLookups(db, caller.workspaceId)).map(lookupView) }),
    summaries: async ({ caller }) => {
      const { workspaceId } = caller
      const tables = new Map((await listLookups(db, workspaceId)).map((row) => [row.name, row]))
      const uses = await lookupUses(service, workspaceId)
      const missing = await listMissingRows(db, workspaceId)
      const names = [...tables.keys(), ...uses.map(({ table }) => table), ...missing.map(({ table }) => table)]
      return {
        items: [...new Set(names)].filter((name) => name !== STAGES).map((name) => {
          const row = tables.get(name)
          return {
            name,
            rows: row === undefined ? null : tableOf(row).entries.length,
            updatedAt: row === undefined ? null : instant(row.updated_at),
            flows: [...new Set(uses.filter(({ table }) => table === name).map(({ flow }) => flow.name))],
            waiting: missing.filter(({ table }) => table === name).reduce((sum, one) => sum + one.count, 0),
          }
        }),
      }
    }, // prettier-ignore
    get: async ({ caller, params: { name } }) => {
      const { workspaceId } = caller
      const row = (await listLookups(db, workspaceId)).find((one) => one.name === name)
      const uses = (await lookupUses(service, workspaceId)).filter(({ table }) => table === name)
      const missing = await listMissingRows(db, workspaceId, name)
      if (row === undefined && uses.length === 0 && missing.length === 0) throw notFound('lookup table')
      const { labels, ...sides } = await sidesOf(service, uses)
      return {
        name,
        table: row === undefined ? null : lookupView(row),
        uses: uses.map((use) => ({
          flowId: use.flow.id,
          flowName: use.flow.name,
          part: use.part,
          target: use.rule.target,
          label: labels.get(use) ?? use.rule.target,
        })),
        gaps: missing.map(({ value, count, examples }) => ({ value, count, examples })),
        ...sides,
      }
    },
    save: async ({ caller, params, body }) => {
      if (params.name === STAGES) {
        throw new Problem(
          'conflict',
          'The table “stages” is made from the settings of a flow. Take another name.',
        )
      }
      const row = await db.transaction().execute(async (tx) => {
        const saved = await saveLookup(tx, {
          workspaceId: caller.workspaceId,
          name: params.name,
          entries: { rows: body.entries },
          ...(body.fallback === null ? {} : { fallback: body.fallback }),
          ...(body.basedOn === undefined ? {} : { expectedVersion: body.basedOn }),
        })
        if (!saved)
          throw new Problem('conflict', 'This table was changed meanwhile. Look at it, then save again.')
        await addAudit(tx, {
          ...caller,
          action: 'lookup.saved',
          subject: saved.id,
          detail: { name: saved.name, version: saved.version },
        })
        return saved
      })
      const saved = found(row, 'lookup table')
      return { ...lookupView(saved), retried: await retryWaiting(caller.workspaceId, tableOf(saved)) }
    },
    remove: async ({ caller, params }) => {
      await db.transaction().execute(async (tx) => {
        if (!(await deleteLookup(tx, caller.workspaceId, params.lookupId))) throw notFound('lookup table')
        await addAudit(tx, { ...caller, action: 'lookup.removed', subject: params.lookupId })
      })
      return { removed: true }
    },
  }
}
