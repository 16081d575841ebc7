import { sql } from 'kysely'
import type { JobEngine } from '../jobs/types.ts'
import { addAudit } from '../store/audit.ts'
import { createRun, getRun, listOpenRuns, moveRun } from '../store/runs.ts'
import { loadFlows } from '../store/flows.ts'
import type { FlowRow, RunRow } from '../store/schema.ts'
import type { Store } from '../store/database.ts'
import { isLook } from './look-run.ts'
import type { Scope } from './scope.ts'
import { chunkJob, sweepJob } from './sync-jobs.ts'

interface RunDeps {
  store: Store
  engine: JobEngine
}

export interface StartRun {
  kind: 'backfill' | 'sweep' | 'reconcile' | 'match' | 'preview' | 'replay'
  /** What a replay tries again: the cause, and how many records it has now. */
  group?: { id: string; count: number }
  /** Orders made at or after this; null: all there are; undefined: from the flow's own start date. */
  from?: string | null
  /** Of a backfill: what the flow carries already, and not marked as brought over; for rules that were changed. */
  existing?: boolean
  /** How many days a reconciliation goes back; default 35. */
  days?: number
  /** What a match report or a preview looks at; all that the flow carries where nothing is said. */
  scope?: Scope
  requestedBy: string
}

const NAMES: Readonly<Record<StartRun['kind'], string>> = {
  backfill: 'A backfill',
  sweep: 'A sweep',
  reconcile: 'A comparison',
  match: 'A match report',
  preview: 'A preview',
  replay: 'A retry of this cause',
}

/** A run of that kind is open already, or the flow is not in a state for it. The message is for the user. */
export class RunRefused extends Error {
  override readonly name = 'RunRefused'
}

/** Starts, holds, resumes and ends runs. Every change is one transaction with the job that carries it out. */
export function createRuns({ store, engine }: RunDeps) {
  const targetOf = async (run: RunRow): Promise<string> =>
    (await loadFlows(store.db, [run.flow_id])).get(run.flow_id)?.target_connection_id ?? ''

  async function move(
    workspaceId: string,
    id: string,
    to: 'paused' | 'running' | 'cancelled',
    actor: string,
  ): Promise<RunRow | undefined> {
    const run = await getRun(store.db, workspaceId, id)
    if (!run) return undefined
    const target = await targetOf(run)
    return store.db.transaction().execute(async (tx) => {
      const moved = await moveRun(tx, workspaceId, id, to)
      if (to === 'running') await engine.send(tx, [chunkJob(id, target)])
      await addAudit(tx, { workspaceId, actor, action: `run.${to}`, subject: id })
      return moved
    })
  }

  return {
    /** Throws `RunRefused`. A sweep is a run in name only: what it does shows in the records. */
    start: async (flow: FlowRow, request: StartRun): Promise<RunRow> => {
      if (flow.state !== 'active' && !isLook(request)) {
        throw new RunRefused(
          request.kind === 'replay'
            ? 'This flow is not live. Switch it on first; then its records can be sent.'
            : 'This flow is not live. Switch it on first; then earlier records can be brought over.',
        )
      }
      return store.db.transaction().execute(async (tx) => {
        const open = await tx
          .selectFrom('run')
          .select('id')
          .where('flow_id', '=', flow.id)
          .where('kind', '=', request.kind)
          .where('state', 'in', ['queued', 'running', 'paused'])
          .$if(request.group !== undefined, (query) =>
            query.where(sql<boolean>`options->>'groupId' = ${request.group?.id}`),
          )
          .executeTakeFirst()
        if (open && request.kind !== 'sweep') {
          throw new RunRefused(
            `${NAMES[request.kind]} of this flow is open already (${open.id}). Resume or cancel it first.`,
          )
        }
        const from = request.existing ? null : request.from
        const run = await createRun(tx, {
          workspaceId: flow.workspace_id,
          flowId: flow.id,
          kind: request.kind,
          requestedBy: request.requestedBy,
          options: {
            ...(from === undefined ? {} : { from }),
            ...(request.existing ? { imported: false, existing: true } : {}),
            ...(request.days === undefined ? {} : { days: request.days }),
            ...(request.scope === undefined ? {} : { scope: request.scope }),
            ...(request.group === undefined ? {} : { groupId: request.group.id }),
          },
          ...(request.group === undefined ? {} : { total: request.group.count }),
        })
        await addAudit(tx, {
          workspaceId: flow.workspace_id,
          actor: request.requestedBy,
          action: `run.start.${request.kind}`,
          subject: run.id,
        })
        if (request.kind !== 'sweep') await engine.send(tx, [chunkJob(run.id, flow.target_connection_id)])
        else {
          await engine.send(tx, [sweepJob(flow.id, flow.target_connection_id)])
          await moveRun(tx, flow.workspace_id, run.id, 'running')
          return moveRun(tx, flow.workspace_id, run.id, 'succeeded', 'sent')
        }
        return run
      })
    },
    pause: (workspaceId: string, id: string, actor = 'user') => move(workspaceId, id, 'paused', actor),
    resume: (workspaceId: string, id: string, actor = 'user') => move(workspaceId, id, 'running', actor),
    cancel: (workspaceId: string, id: string, actor = 'user') => move(workspaceId, id, 'cancelled', actor),
    /** At start: runs whose job was lost with a process get it back; one that exists coalesces. */
    reviveOpen: async (): Promise<number> => {
      const runs = await listOpenRuns(store.db)
      await engine.send(
        null,
        runs.map((run) => chunkJob(run.id, run.target_connection_id)),
      )
      return runs.length
    },
  }
}
export type Runs = ReturnType<typeof createRuns>
