import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, describe, it } from 'vitest'
import type { Store } from './store/database.ts'
import { testStores } from './store/testing.ts'
import { firstAccess, ownerKeyFile } from './first-access.ts'
import type { CrosswalkService } from './service.ts'

describe.each(await testStores())('the first access ($kind)', (testStore) => {
  const root = mkdtempSync(join(tmpdir(), 'crosswalk-access-'))
  const dataDir = join(root, 'data')
  let store: Store
  beforeAll(async () => {
    store = await testStore.open()
  })
  afterAll(async () => {
    await store.close()
    await testStore.remove()
    rmSync(root, { recursive: true })
  })

  it('makes one business and one key, however many processes start at once', async () => {
    const service = { store, config: { dataDir } } as Pick<CrosswalkService, 'store' | 'config'>
    const made = await Promise.all(Array.from({ length: 4 }, () => firstAccess(service)))
    const [first] = made
    expect(made).toEqual(made.map(() => first))
    expect(first?.key).toBe(readFileSync(ownerKeyFile(dataDir), 'utf8').trim())
    expect(await store.raw('select count(*)::int as n from workspace')).toEqual([{ n: 1 }])
    expect(await store.raw('select count(*)::int as n from access_key')).toEqual([{ n: 1 }])
  })
})
