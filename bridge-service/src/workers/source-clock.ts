import type { FlowRuntime } from '../runtime/flow-runtime.ts'

/** How far the clocks of a source that does not tell its own and of this machine may be apart. */
const MARGIN_MS = 10 * 60_000

/**
 * The source's own time: cursors never come from ours. Where it tells none, ours less a safe margin.
 * @throws ConnectorError when the source cannot be read
 */
export async function sourceNow(runtime: FlowRuntime, now: () => number): Promise<Date> {
  const { connection, definition } = runtime.source
  const page = await connection.http.drive(
    definition.page(
      {
        position: null,
        changedAfter: new Date(now()).toISOString(),
        createdFrom: null,
        limit: 1,
        detail: [],
      },
      connection.context(),
    ),
  )
  return page.sourceClock ? new Date(page.sourceClock) : new Date(now() - MARGIN_MS)
}
