import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ConnectorError } from '@crosswalk/connectors/sdk'
import { causeRef, renderCause } from '@crosswalk/shared/causes'
import type { FailureRow } from '../store/failure-schema.ts'
import { ignoreFailures } from '../store/failures.ts'
import { keepEdits, type EditedValue } from '../store/record-edits.ts'
import { pipelineDeps, shopOrder } from './testing.ts'
import { configure, crm, place, results, store, stored, sync, useWorld } from './testing-world.ts'

useWorld({ afterAll, beforeAll, beforeEach })

const failures = () => store.db.selectFrom('failure').selectAll().orderBy('external_id').execute()
const told = ({ cause, params }: FailureRow): string => renderCause({ key: cause as never, params }).title
const refuse = (more: object) =>
  crm.fail((op, object) => {
    if (op !== 'find' && object === 'deals') throw new ConnectorError({ kind: 'invalid', publicMessage: 'No.', ...more }) // prettier-ignore
  })
const packed = (id: string) => shopOrder(id, { status: { canonical: 'processing', source: 'packed', name: 'Packed' } }) // prettier-ignore

describe('a failure', () => {
  it('is one line per record with its cause, told apart by what repairs it', async () => {
    place(packed('1'), packed('2'), shopOrder('3', { native: { bad: true } }))
    expect(await results('1', '2', '3')).toEqual(['failed', 'failed', 'failed'])
    const [one, two, three] = (await failures()) as [FailureRow, FailureRow, FailureRow]
    expect(told(one)).toBe('Crm has no stage for the status “packed”.')
    expect(one).toMatchObject({ state: 'open', cause: 'stage_missing', tries: 1, next_try_at: null })
    expect([two.group_id === one.group_id, three.group_id === one.group_id]).toEqual([true, false])
    await sync('1')
    const again = (await failures())[0]
    expect(again).toMatchObject({ id: one.id, tries: 2, first_at: one.first_at })
    expect((await stored('1'))?.last_error).not.toHaveProperty('said')
  })

  it('ends by itself with a later success', async () => {
    place(packed('1'))
    await sync('1')
    configure({ stages: { processing: 'open', packed: 'packed' } })
    expect(await results('1')).toEqual(['created'])
    expect(await failures()).toMatchObject([{ state: 'ended', ended_how: 'itself', next_try_at: null }])
    place(packed('1'))
    configure({})
    await sync('1')
    expect((await failures()).map(({ state }) => state).sort()).toEqual(['ended', 'open'])
  })

  it('ends when the record is not sent any more', async () => {
    place(packed('1'))
    await sync('1')
    configure({ statuses: ['completed'] })
    expect(await results('1')).toEqual(['skipped'])
    expect(await failures()).toMatchObject([{ state: 'ended', ended_how: 'left_out' }])
  })

  it('names what a connector says of it', async () => {
    place(shopOrder('1'))
    refuse({ named: causeRef('currency_missing', { currency: 'SEK' }), fields: ['currency'] })
    await sync('1')
    expect(await failures()).toMatchObject([
      { cause: 'currency_missing', params: { system: 'Crm', currency: 'SEK', field: 'currency', part: 'document' } },
    ]) // prettier-ignore
  })

  it('waits with the time of the next try while the target is silent, and then is over', async () => {
    place(shopOrder('1'))
    refuse({ kind: 'unavailable' })
    expect(await results('1')).toEqual(['waiting'])
    const [waiting] = await failures()
    expect(waiting).toMatchObject({ state: 'waiting', cause: 'system_silent' })
    expect(waiting?.next_try_at?.getTime()).toBeGreaterThan(Date.now())
    crm.heal()
    await sync('1')
    expect(await failures()).toMatchObject([{ state: 'ended', ended_how: 'itself' }])
  })

  it('that is ignored is open again when its record changes and fails again', async () => {
    place(packed('1'))
    await sync('1')
    const flow = { id: 'flow_1', workspace_id: 'ws_1', source_connection_id: 'conn_shop', entity: 'order' }
    await ignoreFailures(store.db, flow, ['1'], { note: 'Test', by: 'me' })
    expect(await results('1')).toEqual(['skipped'])
    expect(await failures()).toMatchObject([{ state: 'ignored', note: 'Test' }])
    place(shopOrder('1', { ...packed('1'), customerNote: 'changed' }))
    expect(await results('1')).toEqual(['failed'])
    expect(await failures()).toMatchObject([{ state: 'open', note: null, decided_by: null }])
  })

  it('stores nothing where nothing fails', async () => {
    place(shopOrder('1'))
    await sync('1')
    expect(await failures()).toEqual([])
  })
})

describe('a corrected value', () => {
  const edit = (...values: EditedValue[]) =>
    keepEdits(store.db, { id: 'flow_1', workspaceId: 'ws_1' }, { externalId: '1', values, editedBy: 'me' }, pipelineDeps(store).vault) // prettier-ignore
  const stage = { part: 'document', field: 'stage', value: 'by-hand' }
  const left = () => store.raw('select 1 from record_edit')

  it('goes out once in place of its rule; the next change goes by the rules', async () => {
    place(packed('1'))
    expect(await results('1')).toEqual(['failed'])
    await edit(stage)
    const { works } = await sync('1')
    expect(works[0]?.outcome?.result).toBe('created')
    expect(works[0]?.traces.find(({ part }) => part === 'document')?.rules[2]).toEqual([2, 6])
    expect(crm.all('deals')[0]?.fields['stage']).toBe('by-hand')
    expect(await failures()).toMatchObject([{ state: 'ended', ended_how: 'edited' }])
    expect(await left()).toEqual([])
    expect(await results('1')).toEqual(['unchanged'])
    place(shopOrder('1', { customerNote: 'changed' }))
    expect(await results('1')).toEqual(['updated'])
    expect(crm.all('deals')[0]?.fields['stage']).toBe('open')
  })

  it('waits with its record, and is dropped where it is refused as well', async () => {
    place(packed('1'))
    await sync('1')
    await edit(stage)
    refuse({ kind: 'unavailable' })
    expect(await results('1')).toEqual(['waiting'])
    expect(await left()).toHaveLength(1)
    refuse({ fields: ['stage'] })
    expect(await results('1')).toEqual(['failed'])
    expect(await left()).toEqual([])
    expect((await failures())[0]).toMatchObject({ state: 'open', cause: 'value_refused' })
  })

  it('reaches what is shared with other records, and what the flow leaves alone', async () => {
    configure({ customers: 'create' })
    place(shopOrder('1'))
    await sync('1')
    const before = crm.all('people')[0]?.fields
    expect(before?.['phone']).not.toBe('by hand')
    await edit({ part: 'contact', field: 'phone', value: 'by hand' })
    place(shopOrder('1', { customerNote: 'changed', customer: { ...shopOrder('1').customer, lastName: 'Other' } })) // prettier-ignore
    await store.raw(`update link set state = 'failed' where external_id = '1'`)
    await sync('1')
    expect(crm.all('people')[0]?.fields).toMatchObject({ ...before, phone: 'by hand' })
  })

  it('is sealed in the store', async () => {
    await edit({ part: 'document', field: 'name', value: 'Anna Jansen' })
    const rows = await store.raw<{ sealed: Uint8Array }>('select * from record_edit')
    expect(JSON.stringify(rows) + Buffer.from(rows[0]?.sealed ?? []).toString('latin1')).not.toContain(
      'Jansen',
    )
  })
})
