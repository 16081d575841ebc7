import { z } from 'zod'
import type { contract, PreviewEntry } from '@crosswalk/shared/contract'
import { notFound } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { openPayload } from '../store/payloads.ts'
import { groupPreviewRecords, listPreviewRecords } from '../store/preview-records.ts'
import { getRun } from '../store/runs.ts'
import type { RunRow } from '../store/schema.ts'
import { PREVIEW_DAYS } from '../workers/preview-page.ts'
import type { Caller } from './callers.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import type { GroupHandlers } from './mount.ts'
import { instant, runView } from './views.ts'

const SeqCursor = z.object({ s: z.int().nonnegative() })
const DAY_MS = 86_400_000

export function previewHandlers(service: Service): GroupHandlers<typeof contract.previews> {
  const { db } = service.store
  const runOf = async (caller: Caller, id: string): Promise<RunRow> => {
    const run = await getRun(db, caller.workspaceId, id)
    if (run?.kind !== 'preview') throw notFound('preview')
    return run
  }
  const partsOf = (row: { payload_id: string | null; sealed: Uint8Array | null }, workspaceId: string) => {
    if (row.payload_id === null) return []
    if (row.sealed === null || !service.vault.knows(row.sealed)) return null
    const { parts } = openPayload(row.sealed, row.payload_id, workspaceId, service.vault) as Pick<PreviewEntry, 'parts'> // prettier-ignore
    return parts
  }
  return {
    summary: async ({ caller, params }) => {
      const run = await runOf(caller, params.runId)
      const groups = await groupPreviewRecords(db, run.id)
      return {
        run: runView(run, service.clock.now()),
        groups: groups.map((group) => ({ ...group, action: group.action === 'skip' ? 'skip' : 'fail' })),
        keptUntil: instant(new Date(run.created_at.getTime() + PREVIEW_DAYS * DAY_MS)),
      }
    },
    records: async ({ caller, params, query }) => {
      const run = await runOf(caller, params.runId)
      const after = decodeCursor(SeqCursor, query.cursor)
      const rows = await listPreviewRecords(db, {
        runId: run.id,
        limit: query.limit,
        ...(query.action === undefined ? {} : { action: query.action }),
        ...(query.cause === undefined ? {} : { cause: query.cause }),
        ...(after === undefined ? {} : { after: after.s }),
      })
      const last = rows.length < query.limit ? undefined : rows.at(-1)
      return {
        items: rows.map((row) => ({
          externalId: row.external_id,
          label: row.label,
          action: row.action,
          cause: row.cause,
          reason: row.reason,
          parts: partsOf(row, caller.workspaceId),
        })),
        next: last ? encodeCursor({ s: last.seq }) : null,
      }
    },
  }
}
