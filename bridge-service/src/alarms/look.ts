import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import type { AlarmRow } from '../store/alarm-schema.ts'
import { addMessages, whoWasTold } from '../store/alarm-messages.ts'
import { endAlarm, noteReminder, raiseAlarm, updateAlarmFacts, type Trouble } from '../store/alarms.ts'
import { keepNote } from '../store/lookout.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Cause, LookDeps } from './cause.ts'
import { whoIsTold } from './recipients.ts'
import { alarmKey, readWorld, type World } from './world.ts'

export interface LookerDeps extends LookDeps {
  clock: Pick<Clock, 'now'>
  log: Logger
  /** Whether this bridge can send mails. */
  mail: boolean
}

/** Nobody watched for longer than this: what is late since then is not late, only not done. */
const BREAK_MS = 3 * 60_000
const DAY_MS = 24 * 3_600_000

/**
 * Looks at everything once: raises an alarm for each trouble that is new, ends those whose trouble is gone, and hands over
 * what is to be sent, each in one transaction. Repeatable, also by several at once: an open alarm is there once, and only
 * who raises or ends it tells of it. A cause that cannot be looked at changes nothing.
 */
export async function lookAround(causes: readonly Cause[], deps: LookerDeps): Promise<void> {
  const now = deps.clock.now()
  const { since } = await keepNote(deps.store.db, 'look', { now: new Date(now), breakMs: BREAK_MS })
  const world = await readWorld(deps.store.db, { now, watchingSince: since.getTime() })
  for (const cause of causes) {
    try {
      await lookAt(cause, world, deps)
    } catch (error) {
      deps.log.error({ err: error, cause: cause.id }, 'a cause of alarms could not be looked at')
    }
  }
}

async function lookAt(cause: Cause, world: World, deps: LookerDeps): Promise<void> {
  const found = (await cause.look(world, deps)).filter((trouble) => isWanted(trouble, world))
  const byKey = new Map(found.map((trouble) => [alarmKey(trouble.workspaceId, trouble.key), trouble]))
  for (const [key, trouble] of byKey) {
    const open = world.open.get(key)
    if (open) await goOn(open, trouble, world, deps)
    else await raise(trouble, world, deps)
  }
  for (const [key, alarm] of world.open) {
    if (alarm.cause !== cause.id || byKey.has(key)) continue
    if (isWanted({ ...alarm, workspaceId: alarm.workspace_id }, world) && cause.unsure?.(alarm, world)) continue // prettier-ignore
    await end(alarm, cause, world, deps)
  }
}

const isWanted = (trouble: Pick<Trouble, 'workspaceId' | 'cause'>, world: World): boolean =>
  world.settingsOf(trouble.workspaceId).causes.includes(trouble.cause)

async function raise(trouble: Trouble, world: World, deps: LookerDeps): Promise<void> {
  const now = new Date(world.now)
  const recipients = whoIsTold(trouble, world, deps)
  const alarm = await deps.store.db.transaction().execute(async (tx) => {
    const row = await raiseAlarm(tx, trouble, now)
    if (row) await addMessages(tx, row, 'raised', recipients, now)
    return row
  })
  if (alarm) deps.log.warn({ alarm: alarm.id, cause: alarm.cause, flow: alarm.flow_id, connection: alarm.connection_id, told: recipients.length }, 'alarm') // prettier-ignore
}

async function end(alarm: AlarmRow, cause: Cause, world: World, deps: LookerDeps): Promise<void> {
  const now = new Date(world.now)
  // What is not wanted any more is not well: nothing is said of it.
  const wanted = isWanted({ workspaceId: alarm.workspace_id, cause: alarm.cause }, world)
  const outcome = wanted ? cause.outcome(alarm, world) : 'dropped'
  const ended = await deps.store.db.transaction().execute(async (tx) => {
    const row = await endAlarm(tx, alarm.id, outcome, now)
    if (row && outcome === 'solved') await addMessages(tx, row, 'solved', await whoWasTold(tx, row.id), now)
    return row
  })
  if (ended) deps.log.info({ alarm: alarm.id, cause: alarm.cause, outcome }, 'alarm is over')
}

async function goOn(alarm: AlarmRow, trouble: Trouble, world: World, deps: LookerDeps): Promise<void> {
  if (!isDeepStrictEqual(alarm.facts, trouble.facts)) await updateAlarmFacts(deps.store.db, alarm.id, trouble.facts) // prettier-ignore
  const { remindDaily } = world.settingsOf(alarm.workspace_id)
  if (!remindDaily || alarm.acknowledged_at !== null || world.now - alarm.told_at.getTime() < DAY_MS) return
  const now = new Date(world.now)
  await deps.store.db.transaction().execute(async (tx) => {
    if (!(await noteReminder(tx, alarm, now))) return
    await addMessages(tx, alarm, 'reminder', whoIsTold(trouble, world, deps), now)
  })
}
