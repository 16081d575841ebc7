import type { contract } from '@crosswalk/shared/contract'
import { LookupTable } from '@crosswalk/shared/mapping'
import { found, notFound, Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { addAudit } from '../store/audit.ts'
import { deleteLookup, listLookups, saveLookup } from '../store/lookups.ts'
import type { LookupRow } from '../store/schema.ts'
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

export function lookupHandlers(service: Service): GroupHandlers<typeof contract.lookups> {
  const { db } = service.store
  return {
    list: async ({ caller }) => ({ items: (await listLookups(db, caller.workspaceId)).map(lookupView) }),
    save: async ({ caller, params, body }) => {
      if (params.name === 'stages') {
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
      return lookupView(found(row, 'lookup table'))
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
