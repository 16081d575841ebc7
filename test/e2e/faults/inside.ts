import { openStore, type Store } from '../../../bridge-service/src/store/database.ts'
import { silentLog } from '../../../bridge-service/src/store/testing.ts'
import type { Home } from '../service.ts'

/** Looks into the store of a service that is not running, as that service's next start would find it. */
export async function lookInside<T>(home: Home, look: (store: Store) => Promise<T>): Promise<T> {
  const { DATABASE_URL: databaseUrl, DATABASE_SCHEMA: schema, DATA_DIR: dataDir } = home.env
  const where = databaseUrl && schema ? { databaseUrl, schema } : { dataDir: String(dataDir) }
  const store = await openStore({ ...where, log: silentLog })
  try {
    return await look(store)
  } finally {
    await store.close()
  }
}

/** How many rows a `select count(*)::int as n …` finds. */
export const countInside = (home: Home, text: string, params: unknown[] = []): Promise<number> =>
  lookInside(home, async (store) => (await store.raw<{ n: number }>(text, params))[0]?.n ?? 0)
