import type { Logger } from 'pino'
import { MappingDocument } from '@crosswalk/shared/mapping'
import { createPasswords } from './accounts/passwords.ts'
import { createAlarms } from './alarms/alarms.ts'
import { createReach } from './alarms/reach.ts'
import { newControlToken } from './backup/control.ts'
import { writeBackup } from './backup/file.ts'
import { startBackups } from './backup/schedule.ts'
import { forgetBackups, noteBackups } from './backup/watch.ts'
import type { Config } from './config.ts'
import { lookAtIdentity } from './connections/identity.ts'
import { ensureSubscriptions } from './connections/subscriptions.ts'
import { createHealth } from './health.ts'
import { createLog } from './log.ts'
import { createMetrics } from './metrics/metrics.ts'
import { createMetricsPage } from './metrics/page.ts'
import { createStoreFigures } from './metrics/store-figures.ts'
import { checkMasterKey } from './connections/lost-key.ts'
import { createDemo } from './demo/demo.ts'
import { createBudget, type CallBudget } from './jobs/budget.ts'
import { createEngine } from './jobs/engine.ts'
import { startUpkeep } from './jobs/upkeep.ts'
import { createConnectionRuntimes } from './runtime/connection-runtime.ts'
import { createFlowRuntimes } from './runtime/flow-runtime.ts'
import { systemClock, type Clock } from './runtime/clock.ts'
import { watchClock } from './runtime/clock-watch.ts'
import { within } from './runtime/within.ts'
import { openStore, othersWork } from './store/database.ts'
import { releaseAllClaims } from './store/dependencies.ts'
import { getCursor, saveCursor } from './store/cursors.ts'
import { ownProcessName } from './store/process-name.ts'
import { keyFileFor, loadMasterKey } from './store/master-key.ts'
import { keepEdits } from './store/record-edits.ts'
import { raiseWant, voidAllLeases } from './store/records.ts'
import type { EditedRecord } from './service-types.ts'
import { bringForward } from './store/times.ts'
import { createVault } from './store/vault.ts'
import type { ConnectionRow, FlowRow } from './store/schema.ts'
import { connectors } from '@crosswalk/connectors'
import { requeueBehind } from './workers/behind.ts'
import { type Bells, startBells } from './workers/bells.ts'
import { startInheriting } from './workers/heirs.ts'
import { killAt } from './workers/kill-at.ts'
import type { LiveDeps } from './workers/live.ts'
import { createLookFirst } from './workers/look-first.ts'
import { preview } from './workers/preview.ts'
import { createPumps } from './workers/pumps.ts'
import { createReceive } from './workers/receive.ts'
import { goOn } from './workers/restored.ts'
import { createRuns } from './workers/runs.ts'
import { sourceNow } from './workers/source-clock.ts'
import { createTryRules } from './workers/try-rules.ts'
import { recordJob } from './workers/sync-jobs.ts'
import { PRIORITY } from './jobs/types.ts'

/** Work ends or is handed back within this, so that all is closed within 10 s. */
const DRAIN_MS = 8_000

export interface ServiceOptions {
  log?: Logger
  /** Time as the workers see it; a test gives its own. */
  clock?: Clock
  /** The call budget; a test on a clock of its own gives one that follows it. */
  budget?: CallBudget
}

/** Puts the service together: store, engine, workers, and the verbs its faces call. Nothing listens yet. */
export async function createService(config: Config, options: ServiceOptions = {}) {
  const log = options.log ?? createLog(config.logLevel)
  const masterKey = loadMasterKey({ envValue: config.masterKey, keyFile: keyFileFor(config.dataDir) })
  const vault = createVault(masterKey)
  const store = await openStore({
    ...(config.databaseUrl === null ? { dataDir: config.dataDir } : { databaseUrl: config.databaseUrl }),
    schema: config.databaseSchema,
    log,
  })
  try {
    await checkMasterKey({ store, vault, log, others: () => othersWork(store) })
  } catch (error) {
    await store.close()
    throw error
  }
  const engine = createEngine(store, { log })
  await engine.start()
  if (store.kind === 'embedded') {
    // The only process of this store: whatever another one held is void.
    await voidAllLeases(store.db)
    await releaseAllClaims(store.db)
    await engine.orphansBack()
  }
  const clock = options.clock ?? systemClock
  const budget = options.budget ?? createBudget(store.db)
  const metrics = createMetrics(store.kind)
  const faultPoint = killAt(config.killAt)
  const leaving = new AbortController()
  const reach = createReach({ store, now: clock.now })
  const base = {
    store,
    vault,
    budget,
    clock,
    log,
    metrics,
    reach,
    allowHosts: [...config.allowHosts],
    oauthClients: config.oauthClients,
    faultPoint,
    leaving: leaving.signal,
    notesIntents: config.intents,
  }
  const connections = createConnectionRuntimes(base)
  const flows = createFlowRuntimes(base, connections)
  const holder = ownProcessName()
  const alarms = createAlarms({ ...base, engine, smtp: config.smtp, publicUrl: config.publicUrl, holder })
  let batches = 0
  /** Each batch holds its leases and claims under a name of its own. */
  const liveDeps = (): LiveDeps => ({ ...base, engine, flows, holder: `${holder}/${(batches += 1)}` })
  const runs = createRuns({ store, engine })
  const goOnWith = (connection: ConnectionRow): Promise<void> =>
    goOn(connection, { ...base, engine, connections, publicUrl: config.publicUrl })
  const { receive, hasHook } = createReceive({
    ...base,
    engine,
    doubted: (row) =>
      void lookAtIdentity(connections.fromRow(row), base)
        .then((back) => (back ? goOnWith(back) : undefined))
        .catch((error: unknown) =>
          log.error({ err: error, connection: row.id }, 'its address could not be looked at'),
        ),
  })

  const pumps = config.work ? createPumps({ ...base, engine, slots: config.workerSlots, deps: liveDeps }) : []
  const health = createHealth({ store, pumps, log, now: clock.now })
  const metricsPage = createMetricsPage({
    registry: metrics.registry,
    figures: createStoreFigures(store, engine, clock.now),
    own: {
      ready: health.wasReady,
      held: () => ({ record: pumps[0]?.held() ?? 0, chunk: pumps[1]?.held() ?? 0 }),
    },
    now: clock.now,
  })
  let draining: Promise<unknown> | undefined
  let stopInheriting: (() => Promise<void>) | undefined
  let bells: Bells | undefined
  let stopWatching: (() => void) | undefined
  let stopUpkeep: (() => Promise<void>) | undefined
  let stopBackups: (() => Promise<void>) | undefined

  const service = {
    config,
    store,
    vault,
    passwords: createPasswords(),
    engine,
    clock,
    log,
    budget,
    health,
    metricsPage,
    controlToken: newControlToken(),
    backup: async (file: string, want: { history: boolean }) => {
      const made = await writeBackup(store, file, {
        ...want,
        masterKeyId: vault.keyId,
        madeAt: new Date(clock.now()),
      }).catch((error: unknown) => {
        metrics.backup('failed')
        throw error
      })
      metrics.backup('made')
      return made
    },
    connectors,
    connections,
    flows,
    runs,
    receive,
    hasHook,
    allowHosts: base.allowHosts,
    alarms,
    /** What would happen, nothing written. `mapping` and `settings` may be ones not saved yet. */
    preview: async (
      flow: FlowRow,
      want: {
        limit?: number | undefined
        externalIds?: readonly string[] | undefined
        mapping?: unknown
        settings?: Record<string, unknown> | undefined
      },
    ) => {
      const runtime = await flows.draft(flow, {
        ...(want.mapping === undefined ? {} : { mapping: MappingDocument.parse(want.mapping) }),
        ...(want.settings === undefined ? {} : { settings: want.settings }),
      })
      return preview(
        runtime,
        { limit: want.limit ?? 10, ...(want.externalIds ? { externalIds: want.externalIds } : {}) },
        AbortSignal.timeout(60_000),
        liveDeps(),
      )
    },
    tryRules: createTryRules(flows, liveDeps),
    ...createLookFirst(flows, liveDeps),
    /** Brings single records up to date soon, first of all; `force` writes them even when nothing changed. */
    syncNow: async (flow: FlowRow, externalIds: readonly string[], want: { force: boolean }) => {
      await store.db.transaction().execute(async (tx) => {
        await raiseWant(tx, flow.source_connection_id, flow.entity, externalIds)
        const ends = {
          id: flow.id,
          entity: flow.entity as never,
          targetConnectionId: flow.target_connection_id,
        }
        await engine.send(
          tx,
          externalIds.map((id) => recordJob(ends, id, { priority: PRIORITY.user, force: want.force })),
        )
      })
    },
    sendEdited: async (flow: FlowRow, edit: EditedRecord) => {
      const { source_connection_id, workspace_id, target_connection_id } = flow
      await store.db.transaction().execute(async (tx) => {
        await keepEdits(tx, { id: flow.id, workspaceId: workspace_id }, edit, vault)
        await raiseWant(tx, source_connection_id, flow.entity, [edit.externalId])
        const ends = { id: flow.id, entity: flow.entity as never, targetConnectionId: target_connection_id }
        await engine.send(tx, [recordJob(ends, edit.externalId, { priority: PRIORITY.user, edited: true })])
      })
    },
    /** A flow went live: it begins from now by the source's clock, webhooks are made, and what waited gets its jobs. */
    flowStarting: async (flow: FlowRow) => {
      if (await getCursor(store.db, flow.id, 'sweep')) return
      const now = await sourceNow(await flows.get(flow.id), clock.now)
      await saveCursor(store.db, flow.id, 'sweep', { position: null, since: null, began: null }, now)
    },
    flowActivated: async (flow: FlowRow) => {
      await service.flowStarting(flow)
      const runtime = await flows.get(flow.id)
      const subscriptions = await ensureSubscriptions(runtime.source.connection, [flow], {
        ...base,
        publicUrl: config.publicUrl,
      })
      await requeueBehind(flow, { store, engine }, { waiting: true })
      return subscriptions
    },
    connectionRestored: goOnWith,
    requeueBehind: (flow: FlowRow) => requeueBehind(flow, { store, engine }),
    demo: {
      start: (workspaceId: string) => demo.start(workspaceId),
      state: (workspaceId: string) => demo.state(workspaceId),
    },
    /** Starts the workers and the clockwork. */
    start: async () => {
      if (store.kind === 'embedded') await demo.pauseLeftOver()
      await runs.reviveOpen()
      if (store.kind === 'server') stopInheriting = await startInheriting({ store, engine, log })
      for (const pump of pumps) pump.start()
      stopWatching = watchClock(clockWasSet)
      health.started()
      if (!config.work) return
      bells = startBells({ ...liveDeps(), connections, publicUrl: config.publicUrl })
      stopUpkeep = startUpkeep({ store, log })
      alarms.start()
      await beginBackups()
    },
    /** Tells that it is not ready any more, stops taking work, and lets what runs end or hands it back, within 8 s. */
    drain: async (): Promise<void> => {
      health.stopping()
      stopWatching?.()
      leaving.abort(new Error('this process is about to end'))
      draining ??= Promise.all([
        ...pumps.map((pump) => pump.drain(DRAIN_MS)),
        // A bell may be in the middle of a call, the upkeep in the middle of a round: neither leaves anything half.
        within(DRAIN_MS, Promise.resolve(bells?.stop()), undefined),
        within(DRAIN_MS, Promise.resolve(stopUpkeep?.()), undefined),
        within(DRAIN_MS, Promise.resolve(stopBackups?.()), undefined),
        within(DRAIN_MS, alarms.stop(), undefined),
        demo.stop(),
      ])
      await draining
    },
    /** Drains, then closes everything. */
    stop: async () => {
      await service.drain()
      await stopInheriting?.()
      await engine.stop()
      await connections.close()
      await store.close()
    },
  }
  const demo = createDemo({ service, allowHosts: base.allowHosts })
  return service

  /** Makes backups where that is set; says how they stand to whoever watches over them, which may be another process. */
  async function beginBackups(): Promise<void> {
    const { backups } = config
    if (backups === null) {
      if (store.kind === 'embedded') await forgetBackups(store.db)
      return
    }
    const make = (file: string) => service.backup(file, { history: true })
    const everyMs = backups.everyHours * 3_600_000
    const told = (state: { lastAt: number | null; error: string | null }) =>
      noteBackups(store.db, clock.now(), { ...state, everyMs })
    stopBackups = startBackups({ ...backups, make, told, log, now: clock.now })
  }

  /** Times of an embedded store are by this machine's clock; those that were written while it was ahead come sooner. */
  function clockWasSet(byMs: number): void {
    log.warn({ byMs }, 'the clock of this machine was set')
    bells?.clockWasSet()
    if (byMs > 0 || store.kind === 'server') return
    Promise.all([engine.clockWentBack(-byMs), bringForward(store.db, -byMs)]).catch((error: unknown) =>
      log.error({ err: error }, 'times that were written ahead could not be corrected'),
    )
  }
}

export type CrosswalkService = Awaited<ReturnType<typeof createService>>
