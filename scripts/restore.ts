/** `npm run restore -- file [--force]`: puts a backup in the place of the store. Crosswalk must not be running. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { BackupError } from '../bridge-service/src/backup/format.ts'
import { restoreBackup } from '../bridge-service/src/backup/restore.ts'
import { readConfig, type Config } from '../bridge-service/src/config.ts'
import { ownerKeyFile } from '../bridge-service/src/first-access.ts'
import { createLog } from '../bridge-service/src/log.ts'
import { keyFileFor, loadMasterKey } from '../bridge-service/src/store/master-key.ts'
import { createVault } from '../bridge-service/src/store/vault.ts'
import { runCommand } from './command.ts'

/** What to say of the master key; nothing where the one at hand is the backup's. */
function aboutKey(config: Config, wantedId: string): string[] {
  const keyFile = keyFileFor(resolve(config.dataDir))
  if (config.masterKey === undefined && !existsSync(keyFile)) {
    return [`There is no master key here yet: put the one that belongs to the backup (id ${wantedId}) into ${keyFile} before you start. Without it, connections have to be made again.`] // prettier-ignore
  }
  const { keyId } = createVault(loadMasterKey({ envValue: config.masterKey, keyFile }))
  if (keyId === wantedId) return []
  return [`The master key here (id ${keyId}) is not the one of the backup (id ${wantedId}): put that one back before you start. Without it, connections have to be made again.`] // prettier-ignore
}

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { force: { type: 'boolean', default: false } },
  })
  const [file] = positionals
  if (file === undefined) throw new BackupError('Which file? npm run restore -- <file>')
  const config = readConfig()
  const log = createLog('silent')
  const restored = await restoreBackup(resolve(file), config, { force: values.force, now: new Date(), log })
  const { header, rows, before, newOwnerKey } = restored
  return [
    `Restored ${rows} rows of ${header.madeAt}.`,
    ...(before === null ? [] : [`The store that was there is kept as ${before}.`]),
    ...(newOwnerKey ? [`A new owner's key was made: ${ownerKeyFile(resolve(config.dataDir))}`] : []),
    ...aboutKey(config, header.masterKey.id),
    'Start Crosswalk: it reads what changed since then and makes the other side agree.',
  ]
})
