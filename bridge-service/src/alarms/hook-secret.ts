import type { AlarmSettingRow } from '../store/alarm-schema.ts'
import type { SealedPlace, Vault } from '../store/vault.ts'

/** How long a secret counts beside the one that replaced it, so that its users can change over. */
export const BEFORE_COUNTS_MS = 24 * 3_600_000

const placeOf = (workspaceId: string): SealedPlace => ({
  workspaceId,
  rowId: workspaceId,
  field: 'alarm_hook_secret',
})

export const sealAlarmSecret = (workspaceId: string, secret: string, vault: Vault): Buffer =>
  vault.seal(secret, placeOf(workspaceId))

/** The secrets that calls of a workspace are signed with now, the newest first. Those of a lost master key are left out. */
export function hookSecrets(row: AlarmSettingRow, vault: Vault, now: number): string[] {
  const age = now - (row.hook_secret_at?.getTime() ?? 0)
  return [row.hook_secret, age < BEFORE_COUNTS_MS ? row.hook_secret_before : null].flatMap((sealed) =>
    sealed !== null && vault.knows(sealed) ? [vault.open(sealed, placeOf(row.workspace_id)).toString()] : [],
  )
}
