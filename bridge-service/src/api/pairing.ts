import type { contract, Site } from '@crosswalk/shared/contract'
import { derivedFrom, newPairingCode } from '../pairing/code.ts'
import { plainUrl } from '../pairing/handshake.ts'
import { notFound, Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { addAudit } from '../store/audit.ts'
import { dropWaysMadeBy } from '../store/invitations.ts'
import { savePairingCode } from '../store/pairing-codes.ts'
import type { SiteRow } from '../store/site-schema.ts'
import { deleteSite, listSites } from '../store/sites.ts'
import type { GroupHandlers } from './mount.ts'
import { instant, instantOrNull } from './views.ts'

const siteView = (row: SiteRow): Site => ({
  id: row.id,
  url: row.url,
  pluginVersion: row.plugin_version,
  createdAt: instant(row.created_at),
  lastSeenAt: instantOrNull(row.last_seen_at),
})

export function pairingHandlers(service: Service): GroupHandlers<typeof contract.pairing> {
  const { db } = service.store
  return {
    createCode: async ({ caller, body }) => {
      const { workspaceId, actor } = caller
      const code = newPairingCode()
      const siteUrl = body.site === undefined ? null : plainUrl(body.site)
      return db.transaction().execute(async (tx) => {
        const { id, expiresAt } = await savePairingCode(
          tx,
          { workspaceId, ...derivedFrom(code), siteUrl, createdBy: actor },
          service.vault,
        )
        await addAudit(tx, {
          ...caller,
          action: 'pairing-code.created',
          subject: id,
          detail: siteUrl === null ? {} : { site: siteUrl },
        })
        return { code, expiresAt: instant(expiresAt) }
      })
    },
    sites: async ({ caller }) => ({ items: (await listSites(db, caller.workspaceId)).map(siteView) }),
    removeSite: async ({ caller, params }) => {
      if (caller.siteId !== undefined && caller.siteId !== params.siteId) {
        throw new Problem('forbidden', 'A site forgets itself only. Remove others in the console.')
      }
      await db.transaction().execute(async (tx) => {
        const url = await deleteSite(tx, caller.workspaceId, params.siteId)
        if (url === undefined) throw notFound('site')
        await dropWaysMadeBy(tx, caller.workspaceId, params.siteId)
        await addAudit(tx, { ...caller, action: 'site.removed', subject: params.siteId, detail: { url } })
      })
      return { removed: true }
    },
  }
}
