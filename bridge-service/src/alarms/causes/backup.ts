import { readBackups, type BackupState } from '../../backup/watch.ts'
import { listWorkspaces } from '../../store/workspaces.ts'
import { solvedIf, type Cause } from '../cause.ts'

/**
 * No backup when one was due, where the service makes them. That is the operator's business, so it is told in the oldest
 * workspace, which was made with the first start.
 */
export function createBackup(): Cause {
  let seen: BackupState | undefined
  return {
    id: 'backup',
    look: async (world, { store }) => {
      seen = await readBackups(store.db, world.now)
      const [first] = seen === undefined ? [] : await listWorkspaces(store.db)
      if (seen === undefined || first === undefined) return []
      const { everyMs, lastAt, error } = seen
      const lateMs = world.settingsOf(first.id).backupHours * 3_600_000
      // While no process was there to make one, none could be made.
      const due = Math.max((lastAt ?? seen.since) + everyMs, world.watchingSince)
      if (world.now - due < lateMs) return []
      const facts = { words: lastAt === null ? 'noBackup' : 'backup', everyMs, reason: error ?? '' }
      const since = new Date(lastAt ?? seen.since)
      return [{ key: 'backup', cause: 'backup', workspaceId: first.id, flowId: null, connectionId: null, since, facts }] // prettier-ignore
    },
    unsure: (alarm) => seen !== undefined && (seen.lastAt ?? 0) <= alarm.since.getTime(),
    outcome: (alarm) => solvedIf((seen?.lastAt ?? 0) > alarm.since.getTime()),
  }
}
