/** `npm run backup [-- file] [--without-history]`: one file with everything in the store, also while Crosswalk runs. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { askForBackup } from '../bridge-service/src/backup/control.ts'
import { backupName, writeBackup, type BackupMade } from '../bridge-service/src/backup/file.ts'
import { BackupError } from '../bridge-service/src/backup/format.ts'
import { readConfig, type Config } from '../bridge-service/src/config.ts'
import { createLog } from '../bridge-service/src/log.ts'
import { openStore } from '../bridge-service/src/store/database.ts'
import { DataDirectoryInUse } from '../bridge-service/src/store/embedded/lock.ts'
import { keyFileFor, loadMasterKey } from '../bridge-service/src/store/master-key.ts'
import { createVault } from '../bridge-service/src/store/vault.ts'
import { runCommand } from './command.ts'

/** The store is read as it is, whatever version it has; a running service with the embedded store does it itself. */
async function make(config: Config, file: string, history: boolean): Promise<BackupMade> {
  const { databaseUrl, dataDir, databaseSchema: schema } = config
  if (databaseUrl === null && !existsSync(join(dataDir, 'pg')))
    throw new BackupError(`There is no store in ${dataDir}.`)
  const keyFile = keyFileFor(dataDir)
  if (config.masterKey === undefined && !existsSync(keyFile))
    throw new BackupError(`There is no master key: neither MASTER_KEY nor ${keyFile}.`)
  const { keyId } = createVault(loadMasterKey({ envValue: config.masterKey, keyFile }))
  const log = createLog('silent')
  const where = databaseUrl === null ? { dataDir } : { databaseUrl }
  const store = await openStore({ ...where, schema, poolSize: 1, migrations: [], log }).catch(
    (error: unknown) => {
      if (error instanceof DataDirectoryInUse) return null
      throw error
    },
  )
  if (store === null) return askForBackup(dataDir, { file, history })
  try {
    return await writeBackup(store, file, { masterKeyId: keyId, history, madeAt: new Date() })
  } finally {
    await store.close()
  }
}

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { 'without-history': { type: 'boolean', default: false } },
  })
  const config = readConfig()
  const file = resolve(positionals[0] ?? backupName(new Date()))
  const made = await make(config, file, !values['without-history'])
  const key = config.masterKey === undefined ? keyFileFor(resolve(config.dataDir)) : 'MASTER_KEY'
  return [
    `${made.file}: ${made.rows} rows, ${(made.bytes / 1_048_576).toFixed(1)} MiB, in ${(made.ms / 1_000).toFixed(1)} s.`,
    `The master key is NOT inside. Keep a copy of ${key} somewhere else: without it, connections have to be made again.`,
  ]
})
