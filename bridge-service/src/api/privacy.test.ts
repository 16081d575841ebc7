import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addPack } from '../store/attempt-packs.ts'
import { addAttempts } from '../store/attempts.ts'
import { newId } from '../store/ids.ts'
import { addPayloads, sealPayload } from '../store/payloads.ts'
import { connectBoth, startRig, type Rig } from './testing.ts'

let rig: Rig
let flowId: string
beforeAll(async () => {
  rig = await startRig()
}, 60_000)
afterAll(() => rig.close())

/** A draft and an attempt that speak of a person. */
async function keep(email: string): Promise<void> {
  const { store, vault } = rig.service
  const { workspaceId } = rig
  const subjectHash = vault.keyedHash(email)
  const id = newId('payload')
  const sealed = sealPayload({ draft: email }, id, workspaceId, vault)
  await addPayloads(store.db, [
    { id, workspaceId, subjectHash, kind: 'draft', sealed, expiresAt: new Date(4e12) },
  ])
  const details = {
    common: {},
    records: new Map([['1', { traces: [], parts: [{ part: 'contact', draft: { email } }] }]]),
  }
  const pack = await addPack(store.db, { workspaceId, flowId }, details, vault)
  await addAttempts(store.db, [
    { workspaceId, flowId, externalId: '1', runId: null, step: 'link', outcome: 'created', summary: 'New.', durationMs: 1, mappingVersion: 1, pack, subjectHash },
  ]) // prettier-ignore
}

beforeEach(async () => {
  await rig.reset()
  flowId = (await connectBoth(rig)).flow.id
  for (const table of ['payload', 'tombstone']) await rig.service.store.raw(`delete from ${table}`)
})

describe('privacy', () => {
  it('gives what is kept of a person, whatever case the address is written in, and of nobody else', async () => {
    await keep('anna@example.com')
    await keep('bert@example.com')
    const { privacy, access } = rig.client('owner')
    const { items, more } = await privacy.export({ body: { email: 'Anna@Example.com' } })
    expect([items.map(({ kind }) => kind), more]).toEqual([['draft', 'attempt'], false])
    expect(items[0]).toMatchObject({ at: null, content: { draft: 'anna@example.com' } })
    expect(JSON.stringify(items)).not.toContain('bert')
    const [entry] = (await access.audit()).items
    expect(entry).toMatchObject({ action: 'person.exported', subject: null, detail: { items: 2 } })
    expect((await privacy.export({ body: { email: 'carl@example.com' } })).items).toEqual([])
  })

  it('erases it, once, and notes that without a name', async () => {
    await keep('anna@example.com')
    await keep('bert@example.com')
    const { privacy, access } = rig.client('owner')
    expect(await privacy.erase({ body: { email: 'anna@example.com' } })).toEqual({ erased: 2 })
    expect(await privacy.erase({ body: { email: 'anna@example.com' } })).toEqual({ erased: 0 })
    expect((await privacy.export({ body: { email: 'anna@example.com' } })).items).toEqual([])
    expect((await privacy.export({ body: { email: 'bert@example.com' } })).items).toHaveLength(2)
    expect(JSON.stringify((await access.audit()).items)).not.toContain('anna')
  })

  it('stays within a business, and is for owners', async () => {
    await keep('anna@example.com')
    const body = { email: 'anna@example.com' }
    expect((await rig.client('stranger').privacy.export({ body })).items).toEqual([])
    expect(await rig.client('stranger').privacy.erase({ body })).toEqual({ erased: 0 })
    expect((await rig.client('owner').privacy.export({ body })).items).toHaveLength(2)
    await expect(rig.client('operator').privacy.erase({ body })).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('names an address that is none', async () => {
    await expect(rig.client('owner').privacy.erase({ body: { email: 'anna' } })).rejects.toMatchObject({
      code: 'bad_request',
      issues: [{ path: ['body', 'email'] }],
    })
  })
})
