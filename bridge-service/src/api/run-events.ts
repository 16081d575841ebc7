import { setTimeout as sleep } from 'node:timers/promises'
import type { RequestHandler } from 'express'
import { RunId } from '@crosswalk/shared/contract'
import { found } from '../problem.ts'
import type { Service } from '../service-types.ts'
import { getRun, RUN_TRANSITIONS } from '../store/runs.ts'
import type { CallerOf } from './callers.ts'
import { runView } from './views.ts'

/** How often the run is looked at, and after how long an event comes although nothing changed. */
const LOOK_MS = 500
const QUIET_MS = 2_000

/** Progress of a run as server-sent events named `run`: one per change, at least every two seconds, until it ends. */
export const runEvents =
  (service: Service, callerOf: CallerOf): RequestHandler<{ runId: string }> =>
  async (request, response) => {
    const { workspaceId } = await callerOf(request)
    const id = RunId.safeParse(request.params.runId)
    const read = async () => getRun(service.store.db, workspaceId, id.data ?? '')
    let row = found(id.success ? await read() : undefined, 'run')
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Proxies that gather answers would hold events back.
      'x-accel-buffering': 'no',
    })
    let told = ''
    let toldAt = 0
    while (!gone.signal.aborted) {
      const { done, counts, state, total, reason } = runView(row, service.clock.now())
      const now = JSON.stringify({ done, counts, state, total, reason })
      if (now !== told || Date.now() - toldAt >= QUIET_MS) {
        response.write(`event: run\ndata: ${JSON.stringify(runView(row, service.clock.now()))}\n\n`)
        told = now
        toldAt = Date.now()
      }
      if (RUN_TRANSITIONS[row.state].length === 0) break
      await sleep(LOOK_MS, undefined, { signal: gone.signal }).catch(() => undefined)
      const next = gone.signal.aborted ? undefined : await read()
      if (!next) break
      row = next
    }
    response.end()
  }
