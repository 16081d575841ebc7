import { existsSync } from 'node:fs'
import type { DemoState } from '@crosswalk/shared/contract'
import { problemOf } from '../api/errors.ts'
import type { Service } from '../service-types.ts'
import { moveFlow } from '../store/flows.ts'
import { listWorkspaces } from '../store/workspaces.ts'
import { buildDemo, GENERATED_ORDERS, SIMULATORS, startDemoSystems, type DemoSystems } from './build-demo.ts'
import { findDemo, removeDemo } from './remove-demo.ts'

export interface DemoOptions {
  /** The service that the demo is shown in; its own `demo` is not used. */
  service: Omit<Service, 'demo'>
  /** The list that the service's address guard reads: the two simulators are put on it, one by one. */
  allowHosts: string[]
  /** Folder of the simulators; another one in tests. */
  simulators?: URL
}

const TEXTS = {
  absent: 'The demo is not part of this installation: it comes with the repository, not with the container.',
  off: 'A made-up shop and a made-up HubSpot can be started on this machine. Nothing leaves it.',
  stale: 'The made-up shop and HubSpot ended with the service. Start the demo again: what it left here is removed first.',
  starting: 'Starting a made-up shop and a made-up HubSpot, and connecting them. This takes a few seconds.',
  running: `A made-up shop with some ${GENERATED_ORDERS} orders is connected to a made-up HubSpot. Every few seconds something happens in the shop; the bridge looks for it twice a minute.`,
  died: 'The made-up shop or HubSpot ended unexpectedly. Start the demo again.',
} as const // prettier-ignore

/** A demo of one workspace, as this process knows it. */
interface Demo {
  state: 'starting' | 'running' | 'failed'
  text: string
  systems: DemoSystems | null
  work: Promise<void>
}

/** Words for the user about why a demo did not start. */
const reasonOf = (error: unknown): string =>
  problemOf(error)?.message ?? (error instanceof Error ? error.message : String(error))

/**
 * The demo: simulators of a shop and of HubSpot as processes of their own, connected and filled as real accounts are.
 * It lives in one service process; what it left behind is known by the mark on its connections.
 */
export function createDemo({ service: host, allowHosts, simulators = SIMULATORS }: DemoOptions) {
  const service = host as Service
  const { db } = service.store
  const demos = new Map<string, Demo>()
  const isThere = (): boolean => existsSync(new URL('woocommerce/run.ts', simulators))
  const close = (systems: DemoSystems): void => {
    for (const { host: name } of [systems.shop, systems.crm]) {
      const at = allowHosts.indexOf(name)
      if (at >= 0) allowHosts.splice(at, 1)
    }
  }

  async function run(workspaceId: string, demo: Demo): Promise<void> {
    try {
      await removeDemo(service, workspaceId)
      const systems = await startDemoSystems(simulators)
      demo.systems = systems
      allowHosts.push(systems.shop.host, systems.crm.host)
      void Promise.race([systems.shop.ended, systems.crm.ended]).then(() => ended(demo, systems))
      await buildDemo(service, workspaceId, systems)
      if (demo.state === 'starting') Object.assign(demo, { state: 'running', text: TEXTS.running })
    } catch (error) {
      service.log.error({ err: error }, 'the demo could not be started')
      demo.state = 'failed'
      demo.text = `The demo could not be started. ${reasonOf(error)}`
      await stopSystems(demo)
    }
  }

  function ended(demo: Demo, systems: DemoSystems): void {
    close(systems)
    if (demo.systems !== systems) return
    demo.state = 'failed'
    demo.text = TEXTS.died
    void stopSystems(demo)
  }

  async function stopSystems(demo: Demo): Promise<void> {
    const { systems } = demo
    demo.systems = null
    if (systems === null) return
    close(systems)
    await Promise.all([systems.shop.stop(), systems.crm.stop()])
  }

  async function state(workspaceId: string): Promise<DemoState> {
    const demo = demos.get(workspaceId)
    const rows = await findDemo(db, workspaceId)
    const known = { connections: rows.connections.map((row) => row.id), flowId: rows.flows[0]?.id ?? null }
    if (demo) return { state: demo.state, text: demo.text, ...known }
    if (!isThere()) return { state: 'off', text: TEXTS.absent, ...known }
    return { state: 'off', text: known.connections.length > 0 ? TEXTS.stale : TEXTS.off, ...known }
  }

  /** Pauses flows whose simulators are gone: what cannot answer need not be asked. */
  async function pauseLeftOver(): Promise<void> {
    for (const workspace of await listWorkspaces(db)) {
      if (demos.get(workspace.id)?.state === 'running') continue
      for (const flow of (await findDemo(db, workspace.id)).flows) {
        await moveFlow(db, workspace.id, flow.id, 'paused', 'The made-up shop is not running.')
      }
    }
  }

  return {
    /** Starts the demo, or answers how it stands while it starts or runs. Returns before it is ready. */
    start: async (workspaceId: string): Promise<DemoState> => {
      const before = demos.get(workspaceId)
      if (!isThere() || (before && before.state !== 'failed')) return state(workspaceId)
      const demo: Demo = { state: 'starting', text: TEXTS.starting, systems: null, work: Promise.resolve() } // prettier-ignore
      demos.set(workspaceId, demo)
      demo.work = (before ? stopSystems(before) : Promise.resolve()).then(() => run(workspaceId, demo))
      return state(workspaceId)
    },
    state,
    /** To be called at start of a service that has its store for itself. */
    pauseLeftOver,
    /** Ends the simulators and pauses their flows. To be called before the store is closed. */
    stop: async (): Promise<void> => {
      const running = [...demos.values()]
      demos.clear()
      await Promise.all(running.map(stopSystems))
      await Promise.all(running.map((demo) => demo.work))
      await Promise.all(running.map(stopSystems))
      if (running.length > 0) await pauseLeftOver()
    },
  }
}
