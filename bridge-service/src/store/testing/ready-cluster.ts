import { createHash, randomUUID } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openStore } from '../database.ts'
import { silentLog } from '../testing.ts'

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url))
/** It pins the embedded database's version. */
const PACKAGE = fileURLToPath(new URL('../../../package.json', import.meta.url))

/**
 * Puts an empty cluster with today's tables into a data directory that nobody has made yet. Making one takes seconds of
 * both cores, a copy a tenth of a second. The first test that asks makes it for all; those about a first start do without.
 */
export async function putReadyCluster(dataDir: string): Promise<void> {
  const ready = await readyCluster()
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  cpSync(join(ready, 'pg'), join(dataDir, 'pg'), { recursive: true })
}

async function readyCluster(): Promise<string> {
  const place = join(tmpdir(), `crosswalk-test-cluster-${userInfo().uid}-${versionOf()}`)
  if (existsSync(place)) return place
  const mine = `${place}.${randomUUID()}`
  const store = await openStore({ dataDir: mine, log: silentLog })
  await store.maintain()
  await store.close()
  try {
    renameSync(mine, place)
  } catch (error) {
    // Another process was quicker; a directory with something in it is never renamed over.
    rmSync(mine, { recursive: true, force: true })
    if (!existsSync(place)) throw error
  }
  return place
}

/** Changes with everything that decides what is in the cluster. */
function versionOf(): string {
  const hash = createHash('sha256').update(readFileSync(PACKAGE))
  for (const name of readdirSync(MIGRATIONS).sort())
    hash.update(name).update(readFileSync(join(MIGRATIONS, name)))
  return hash.digest('hex').slice(0, 16)
}
