import type { contract } from '@crosswalk/shared/contract'
import { answerMoved } from '../connections/answer-moved.ts'
import { checkAgain, connectWithKeys, reconnectWithKeys, type Connected } from '../connections/connect.ts'
import { disconnect } from '../connections/disconnect.ts'
import { startSignIn } from '../connections/oauth.ts'
import { found } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { addAudit } from '../store/audit.ts'
import { getConnection, listConnections, updateConnection } from '../store/connections.ts'
import { lastDeliveries } from '../store/deliveries.ts'
import type { Caller } from './callers.ts'
import type { GroupHandlers } from './mount.ts'
import { connectionView } from './views.ts'
import { volumeOf } from './volume.ts'

export function connectionHandlers(service: Service): GroupHandlers<typeof contract.connections> {
  const { db } = service.store
  const rowOf = async (caller: Caller, id: string) =>
    found(await getConnection(db, caller.workspaceId, id), 'connection')
  const view = async (caller: Caller, row: Parameters<typeof connectionView>[0]) => {
    const last = await lastDeliveries(db, caller.workspaceId)
    return connectionView(row, service, last.find((entry) => entry.connectionId === row.id)?.receivedAt)
  }
  const result = async (caller: Caller, { row, findings }: Connected) => ({
    connection: row === null ? null : await view(caller, row),
    findings: [...findings],
  })
  return {
    list: async ({ caller }) => {
      const rows = await listConnections(db, caller.workspaceId)
      const last = new Map(
        (await lastDeliveries(db, caller.workspaceId)).map((one) => [one.connectionId, one.receivedAt]),
      )
      return { items: rows.map((row) => connectionView(row, service, last.get(row.id))) }
    },
    get: async ({ caller, params }) => view(caller, await rowOf(caller, params.connectionId)),
    create: async ({ caller, body }) => result(caller, await connectWithKeys(service, caller, body)),
    rename: async ({ caller, params, body }) => {
      const row = await db.transaction().execute(async (tx) => {
        const saved = found(
          await updateConnection(tx, caller.workspaceId, params.connectionId, body),
          'connection',
        )
        await addAudit(tx, {
          ...caller,
          action: 'connection.renamed',
          subject: saved.id,
          detail: { name: body.name },
        })
        return saved
      })
      return view(caller, row)
    },
    check: async ({ caller, params }) =>
      result(caller, await checkAgain(service, caller, await rowOf(caller, params.connectionId))),
    reconnect: async ({ caller, params, body }) =>
      result(
        caller,
        await reconnectWithKeys(service, caller, await rowOf(caller, params.connectionId), body),
      ),
    disconnect: async ({ caller, params }) =>
      result(caller, await disconnect(service, caller, await rowOf(caller, params.connectionId))),
    moved: async ({ caller, params, body }) =>
      result(caller, await answerMoved(service, caller, await rowOf(caller, params.connectionId), body.as)),
    volume: async ({ caller, params, query }) =>
      volumeOf(service, await rowOf(caller, params.connectionId), query),
    oauthStart: async ({ caller, body }) => startSignIn(service, caller, body),
  }
}
