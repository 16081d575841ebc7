import type { AccessKey, contract } from '@crosswalk/shared/contract'
import type { z } from 'zod'
import { notFound, Problem } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { createAccessKey, deleteAccessKey, listAccessKeys } from '../store/access-keys.ts'
import { addAudit, listAudit } from '../store/audit.ts'
import { dropWaysMadeBy } from '../store/invitations.ts'
import type { AccessKeyRow } from '../store/schema.ts'
import { AuditCursor, decodeCursor, encodeCursor } from './cursor.ts'
import type { GroupHandlers } from './mount.ts'
import { instant, instantOrNull } from './views.ts'

const keyView = (row: AccessKeyRow): z.infer<typeof AccessKey> => ({
  id: row.id,
  name: row.name,
  role: row.role,
  hint: row.hint,
  createdAt: instant(row.created_at),
  lastUsedAt: instantOrNull(row.last_used_at),
})

export function accessHandlers(service: Service): GroupHandlers<typeof contract.access> {
  const { db } = service.store
  return {
    me: async ({ caller }) => caller,
    keys: async ({ caller }) => ({ items: (await listAccessKeys(db, caller.workspaceId)).map(keyView) }),
    createKey: async ({ caller, body }) =>
      db.transaction().execute(async (tx) => {
        const { row, key } = await createAccessKey(tx, { workspaceId: caller.workspaceId, ...body })
        await addAudit(tx, {
          ...caller,
          action: 'access-key.created',
          subject: row.id,
          detail: { role: row.role },
        })
        return { ...keyView(row), key }
      }),
    removeKey: async ({ caller, params }) => {
      if (caller.actor === params.keyId) {
        throw new Problem('conflict', 'A key cannot withdraw itself. Use another owner key for that.')
      }
      await db.transaction().execute(async (tx) => {
        if (!(await deleteAccessKey(tx, caller.workspaceId, params.keyId))) throw notFound('access key')
        await dropWaysMadeBy(tx, caller.workspaceId, params.keyId)
        await addAudit(tx, { ...caller, action: 'access-key.removed', subject: params.keyId })
      })
      return { removed: true }
    },
    audit: async ({ caller, query }) => {
      const after = decodeCursor(AuditCursor, query.cursor)
      const rows = await listAudit(db, {
        workspaceId: caller.workspaceId,
        limit: query.limit,
        ...(after === undefined ? {} : { after }),
      })
      const last = rows.length < query.limit ? undefined : rows.at(-1)
      return {
        items: rows.map(({ id, at, actor, action, subject, detail }) => ({
          id,
          at: instant(at),
          actor,
          action,
          subject,
          detail,
        })),
        next: last ? encodeCursor({ a: last.at, i: last.id }) : null,
      }
    },
  }
}
