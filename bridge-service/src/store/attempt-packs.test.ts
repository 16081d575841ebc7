import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPack, eraseFromPacks, readPack } from './attempt-packs.ts'
import type { Store } from './database.ts'
import { embeddedTestStore } from './testing.ts'
import { createVault, UnsealError } from './vault.ts'

const vault = createVault(Buffer.alloc(32, 3))
const owner = { workspaceId: 'ws_1', flowId: 'flow_1' }
const detail = (name: string) => ({
  parts: [{ part: 'document', draft: { name, note: 'Ünïcode 🍵'.repeat(50) } }],
})

describe('the kept details of a batch', () => {
  const place = embeddedTestStore()
  let store: Store
  beforeAll(async () => {
    store = await place.open()
  })
  afterAll(async () => {
    await store.close()
    await place.remove()
  })

  const add = () => addPack(store.db, owner, { common: 'rules', records: new Map([['42', detail('#42')], ['43', detail('#43')]]) }, vault) // prettier-ignore
  const read = (id: string, externalId: string, workspaceId = 'ws_1', key = vault) =>
    readPack(store.db, workspaceId, id, externalId, key)
  const size = async (id: string): Promise<number> =>
    Number(
      (await store.raw('select length(sealed) as size from attempt_pack where id = $1', [id]))[0]?.['size'],
    )

  it('come back one by one, smaller than their text', async () => {
    const id = await add()
    expect(await read(id, '42')).toEqual({ common: 'rules', record: detail('#42') })
    expect(await read(id, '43')).toEqual({ common: 'rules', record: detail('#43') })
    expect(await read(id, '44')).toBeNull()
    expect(await read('pack_none', '42')).toBeNull()
    expect(await size(id)).toBeLessThan(JSON.stringify(detail('#42')).length / 2)
  })

  it('are nobody else’s, and open with no other key', async () => {
    const id = await add()
    expect(await read(id, '42', 'ws_2')).toBeNull()
    await expect(read(id, '42', 'ws_1', createVault(Buffer.alloc(32, 4)))).rejects.toThrow(UnsealError)
  })

  it('are erased one by one, and the pack with the last', async () => {
    const id = await add()
    const erase = (externalId: string) => store.db.transaction().execute((tx) => eraseFromPacks(tx, [{ pack: id, externalId }], vault)) // prettier-ignore
    await erase('42')
    expect(await read(id, '42')).toBeNull()
    expect(await read(id, '43')).toEqual({ common: 'rules', record: detail('#43') })
    await erase('43')
    expect(await store.raw('select 1 from attempt_pack where id = $1', [id])).toEqual([])
  })

  it('that cannot be opened any more are erased whole', async () => {
    const id = await add()
    const other = createVault(Buffer.alloc(32, 4))
    await store.db.transaction().execute((tx) => eraseFromPacks(tx, [{ pack: id, externalId: '42' }], other))
    expect(await read(id, '43')).toBeNull()
  })
})
