import { readActivity } from '../../store/activity.ts'
import type { Trouble } from '../../store/alarms.ts'
import { flowOf, flowTrouble, openFor, solvedIf, type Cause, type LookDeps } from '../cause.ts'
import {
  expectedBetween,
  HISTORY_MS,
  hoursOfWeek,
  learnUsual,
  type HourOfWeek,
  type Usual,
} from '../usual.ts'
import { isLive, type WatchedFlow, type World } from '../world.ts'
import { isFailing } from './accounts.ts'

/** What is usual is learned anew after this. */
const LEARN_AGAIN_MS = 3_600_000
/** Flows whose history is read with one statement. */
const LEARN_AT_ONCE = 50
/** A source that was read this much later than it should have been is not known to be silent since. */
const READ_LATE_MS = 120_000
/** Something that waits for longer than this has come but is not done: then it is not the source that is silent. */
const WAITING_MS = 5 * 60_000

interface Learned {
  at: number
  /** The silence it was learned before. */
  changedAt: number
  zone: string
  usual: Usual | null
}

/** A flow that nothing new comes from for longer than usual, by what is usual for it at this time of the week. */
export function createQuiet(): Cause {
  const learned = new Map<string, Learned>()
  const zones = new Map<string, HourOfWeek>()
  const hoursIn = (zone: string): HourOfWeek => {
    const known = zones.get(zone) ?? hoursOfWeek(zone)
    zones.set(zone, known)
    return known
  }
  const zoneOf = (flow: WatchedFlow, world: World): string => world.settingsOf(flow.workspaceId).timeZone

  async function learn(flows: readonly WatchedFlow[], world: World, { store }: LookDeps): Promise<void> {
    const stale = flows.filter((flow) => {
      const known = learned.get(flow.id)
      const current = known?.changedAt === flow.changedAt && known?.zone === zoneOf(flow, world)
      return !current || world.now - (known?.at ?? 0) > LEARN_AGAIN_MS
    })
    for (let at = 0; at < stale.length; at += LEARN_AT_ONCE) {
      const some = stale.slice(at, at + LEARN_AT_ONCE)
      const hours = await readActivity(store.db, some.map(({ id }) => id), new Date(world.now - HISTORY_MS)) // prettier-ignore
      for (const flow of some) {
        const changedAt = flow.changedAt ?? 0
        const zone = zoneOf(flow, world)
        const usual = learnUsual(hours.get(flow.id) ?? [], changedAt, hoursIn(zone))
        learned.set(flow.id, { at: world.now, changedAt, zone, usual })
      }
    }
  }

  /** Changes that should have come since the last one; null where that is as ever. */
  function missing(flow: WatchedFlow, world: World): number | null {
    const usual = learned.get(flow.id)?.usual
    const since = silentSince(flow)
    if (!usual || since === null) return null
    const expected = expectedBetween(usual.perHour, since, knownUntil(flow, world), hoursIn(zoneOf(flow, world))) // prettier-ignore
    return expected >= usual.missing ? Math.round(expected) : null
  }

  return {
    id: 'quiet',
    look: async (world, deps) => {
      const open = world.flows.filter((flow) => isLive(flow) && isOpen(flow, world))
      const silent = world.flows.filter((flow) => isLive(flow) && !isOpen(flow, world) && isLong(flow, world))
      await learn([...open, ...silent], world, deps)
      const unusual = silent.filter((flow) => missing(flow, world) !== null)
      const waiting = unusual.length === 0 ? new Set() : await waitingFlows(world, deps)
      return [
        // Once told, it is until something comes.
        ...open.map((flow) => {
          const alarm = openFor(world, 'quiet', flow)
          const usual = Number(alarm?.facts['usual'] ?? 0)
          return told(flow, alarm?.since.getTime() ?? 0, Math.max(usual, missing(flow, world) ?? 0))
        }),
        ...unusual
          .filter((flow) => !waiting.has(flow.id))
          .map((flow) => told(flow, silentSince(flow) ?? 0, missing(flow, world) ?? 0)),
      ]
    },
    outcome: (alarm, world) => {
      const flow = flowOf(alarm, world)
      return solvedIf(flow && isLive(flow) && (flow.changedAt ?? 0) > alarm.since.getTime())
    },
  }
}

const told = (flow: WatchedFlow, since: number, usual: number): Trouble =>
  flowTrouble('quiet', flow, since, { words: 'quiet', usual }, { connectionId: flow.source.id })

/** Told already, and nothing has come since. */
function isOpen(flow: WatchedFlow, world: World): boolean {
  const alarm = openFor(world, 'quiet', flow)
  return alarm !== undefined && (flow.changedAt ?? 0) <= alarm.since.getTime()
}

/** A change of the flow itself begins the silence anew: it may have been paused, or let through less. */
const silentSince = (flow: WatchedFlow): number | null =>
  flow.changedAt === null ? null : Math.max(flow.changedAt, flow.updatedAt)

/** Until when it is known that nothing came: now, where the source was read in time. */
const knownUntil = (flow: WatchedFlow, world: World): number => {
  const readAt = flow.readAt ?? 0
  return world.now - readAt > (flow.everyMs ?? 0) + READ_LATE_MS ? readAt : world.now
}

function isLong(flow: WatchedFlow, world: World): boolean {
  const since = silentSince(flow)
  if (since === null || flow.everyMs === null) return false
  if ([flow.source, flow.target].some((end) => end.state !== 'active' || isFailing(end))) return false
  return knownUntil(flow, world) - since >= world.settingsOf(flow.workspaceId).quietHours * 3_600_000
}

async function waitingFlows(world: World, deps: LookDeps): Promise<Set<string>> {
  const oldest = await deps.engine.oldest('record')
  return new Set(
    oldest.filter(({ since }) => world.now - since.getTime() > WAITING_MS).map(({ prefix }) => prefix),
  )
}
