import { sql } from 'kysely'
import { AlarmSettings, DEFAULT_ALARM_SETTINGS } from '@crosswalk/shared/alarms'
import type { AlarmSettingRow } from './alarm-schema.ts'
import { type Executor, json, type JsonObject } from './schema.ts'

/** Stored settings with their defaults. What a later or earlier version wrote and this one cannot read counts as unset. */
export function readAlarmSettings(row: Pick<AlarmSettingRow, 'settings'> | undefined): AlarmSettings {
  if (!row) return DEFAULT_ALARM_SETTINGS
  const parsed = AlarmSettings.safeParse(row.settings)
  return parsed.success ? parsed.data : DEFAULT_ALARM_SETTINGS
}

export async function getAlarmSettings(
  db: Executor,
  workspaceId: string,
): Promise<AlarmSettingRow | undefined> {
  return db.selectFrom('alarm_setting').selectAll().where('workspace_id', '=', workspaceId).executeTakeFirst()
}

/** Settings of all workspaces that ever saved any. */
export async function allAlarmSettings(db: Executor): Promise<Map<string, AlarmSettings>> {
  const rows = await db.selectFrom('alarm_setting').select(['workspace_id', 'settings']).execute()
  return new Map(rows.map((row) => [row.workspace_id, readAlarmSettings(row)]))
}

/**
 * Stores settings. `secret` is used, sealed, where none is there yet.
 * @param basedOn the version that was edited, 0 for none; absent: whatever is there is replaced
 * @returns undefined where the settings have changed since
 */
export async function saveAlarmSettings(
  db: Executor,
  workspaceId: string,
  change: { settings: JsonObject; basedOn?: number | undefined; secret: Uint8Array; now: Date },
): Promise<AlarmSettingRow | undefined> {
  const { settings, basedOn, secret, now } = change
  return db
    .insertInto('alarm_setting')
    .values({ workspace_id: workspaceId, settings: json(settings), hook_secret: secret, hook_secret_at: now })
    .onConflict((conflict) =>
      conflict
        .column('workspace_id')
        .doUpdateSet({
          settings: json(settings),
          version: sql<number>`alarm_setting.version + 1`,
          hook_secret: sql<Uint8Array>`coalesce(alarm_setting.hook_secret, excluded.hook_secret)`,
          hook_secret_at: sql<Date>`coalesce(alarm_setting.hook_secret_at, excluded.hook_secret_at)`,
          updated_at: sql<Date>`now()`,
        })
        .where(
          sql<boolean>`${basedOn ?? null}::int is null or alarm_setting.version = ${basedOn ?? null}::int`,
        ),
    )
    .returningAll()
    .executeTakeFirst()
}

/** Puts a new secret, sealed, in the place of the one that is there, which is kept beside it. */
export async function replaceHookSecret(
  db: Executor,
  workspaceId: string,
  secret: Uint8Array,
  now: Date,
): Promise<AlarmSettingRow> {
  return db
    .insertInto('alarm_setting')
    .values({ workspace_id: workspaceId, settings: json({}), hook_secret: secret, hook_secret_at: now })
    .onConflict((conflict) =>
      conflict.column('workspace_id').doUpdateSet({
        hook_secret_before: sql<Uint8Array | null>`alarm_setting.hook_secret`,
        hook_secret: secret,
        hook_secret_at: now,
        updated_at: sql<Date>`now()`,
      }),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
}
