import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { pino } from 'pino'
import { findNeed } from '../../../scripts/test-needs.mjs'
import type { Store, StoreOptions } from './database.ts'
import { openStore } from './database.ts'
import { randomText } from './ids.ts'
import { putReadyCluster } from './testing/ready-cluster.ts'

/** A store for tests, alone in its directory or schema. */
export interface TestStore {
  kind: Store['kind']
  open(options?: Pick<StoreOptions, 'poolSize'>): Promise<Store>
  /** Removes everything; close the stores first. */
  remove(): Promise<void>
}

export const silentLog = pino({ level: 'silent' })

/** Where the tests' PostgreSQL is, if one answers; says so when none does. */
export async function findTestServer(): Promise<string | undefined> {
  const need = await findNeed('postgres')
  return need.ok ? String(need.value) : undefined
}

export function embeddedTestStore(): TestStore {
  const root = mkdtempSync(join(tmpdir(), 'crosswalk-test-'))
  const dataDir = join(root, 'data')
  return {
    kind: 'embedded',
    open: async () => {
      if (!existsSync(dataDir)) await putReadyCluster(dataDir)
      return openStore({ dataDir, log: silentLog })
    },
    remove: async () => rmSync(root, { recursive: true, force: true }),
  }
}

export function serverTestStore(databaseUrl: string, schema = `test_${randomText(10)}`): TestStore {
  return {
    kind: 'server',
    open: (options) => openStore({ databaseUrl, schema, log: silentLog, ...options }),
    async remove() {
      const client = new pg.Client({ connectionString: databaseUrl })
      await client.connect()
      await client.query(
        `drop schema if exists ${schema} cascade; drop schema if exists ${schema}_jobs cascade`,
      )
      await client.end()
    },
  }
}

/** One store of each kind, for `describe.each`: the same tests must hold for both. */
export async function testStores(): Promise<TestStore[]> {
  const server = await findTestServer()
  return [embeddedTestStore(), ...(server ? [serverTestStore(server)] : [])]
}
