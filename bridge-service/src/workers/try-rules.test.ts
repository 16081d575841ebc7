import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Field, MappingDocument, type MappingInput } from '@crosswalk/shared/mapping'
import { memoryFlow, shopOrder } from '../pipeline/testing.ts'
import { crm, orders, place, store, useWorld } from '../pipeline/testing-world.ts'
import type { FlowRow } from '../store/schema.ts'
import { memoryEngine, workDeps } from './testing.ts'
import { createTryRules, type TryRules } from './try-rules.ts'

useWorld({ beforeAll, beforeEach, afterAll })

const field = (target: string, path: string[], more: object = {}) => ({ target, value: { kind: 'field' as const, path }, ...more }) // prettier-ignore
const rules: MappingInput = {
  parts: {
    document: {
      rules: [
        field('title', ['number'], { transforms: [{ use: 'text.prefix', with: { text: 'Order ' } }] }),
        field('stage', ['status', 'source'], { transforms: [{ use: 'lookup.table', with: { table: 'stages' } }] }), // prettier-ignore
        field('note', ['customerNote']),
        field('once', ['number'], { on: 'create' }),
      ],
    },
    line: { rules: [field('name', ['item', 'name'])] },
  },
}
const fields = ['number', 'status.source', 'item.name', 'customerNote'].map((name) =>
  Field.parse({ name, path: name.split('.'), label: name, type: 'text' }),
)

/** Tries the rules above; the shop counts how often it was read. */
function trial() {
  const flow = memoryFlow(orders, crm)
  let reads = 0
  const { drive } = flow.source.connection.http
  flow.source.connection.http.drive = ((...given: Parameters<typeof drive>) => {
    reads += 1
    return drive(...given)
  }) as typeof drive
  const { engine } = memoryEngine()
  const deps = () => workDeps(store, flow, engine)
  const tryRules = createTryRules(deps().flows, deps)
  return {
    reads: () => reads,
    of: (want: Partial<TryRules>) =>
      tryRules({} as FlowRow, {
        mapping: MappingDocument.parse(rules),
        externalId: '1',
        as: 'create',
        fresh: false,
        fields,
        ...want,
      }),
  }
}
const outcomes = (tried: Awaited<ReturnType<ReturnType<typeof trial>['of']>>, role = 'document') =>
  tried.parts.find((part) => part.role === role)?.rules.map(({ outcome }) => outcome)

describe('rules tried on a record', () => {
  it('tell each step and what is in the record, and neither ask nor touch the target', async () => {
    place(shopOrder('1', { native: { meta: { gift: 'yes' } } }))
    const tried = await trial().of({})
    expect(tried.record).toMatchObject({ externalId: '1', label: '#1', readAt: expect.stringContaining('T') })
    expect(outcomes(tried)).toEqual(['written', 'written', 'left_out', 'written'])
    const [title] = tried.parts.find(({ role }) => role === 'document')?.rules ?? []
    expect(title).toMatchObject({ input: '1', steps: [{ use: 'text.prefix', value: 'Order 1' }] })
    expect(tried.parts.find(({ role }) => role === 'line')).toMatchObject({ part: 'line:product:1', count: 2, rules: [{ input: 'Tea' }] }) // prettier-ignore
    expect(tried.examples).toEqual({ number: '1', 'status.source': 'processing', 'item.name': 'Tea' })
    expect(tried.custom).toMatchObject([{ name: 'native.meta.gift', path: ['native', 'meta', 'gift'], example: 'yes' }]) // prettier-ignore
    expect(crm.calls).toEqual([])
    expect(await store.db.selectFrom('record').selectAll().execute()).toEqual([])
  })

  it('name the step that could not go on, and leave alone what is for the other kind of write', async () => {
    place(shopOrder('1', { status: { canonical: 'other', source: 'packed', name: 'Packed' } }))
    const tried = await trial().of({ as: 'update' })
    expect(outcomes(tried)).toEqual(['written', 'failed', 'left_out', 'skipped_update'])
    expect(tried.parts.find(({ role }) => role === 'document')?.rules[1]?.problem).toContain('"packed"')
  })

  it('do not read the record again at each letter, but when that is asked for', async () => {
    place(shopOrder('1'))
    const { of, reads } = trial()
    await of({})
    await of({})
    expect(reads()).toBe(1)
    orders.set('1', shopOrder('1', { customerNote: 'Ring twice' }))
    expect(outcomes(await of({ fresh: true }))?.[2]).toBe('written')
    expect(reads()).toBe(2)
  })

  it('work on a made-up record where there is no real one, without a word to the shop', async () => {
    const { of, reads } = trial()
    const tried = await of({ externalId: null })
    expect(tried.record).toEqual({ externalId: null, label: '#1001', readAt: null })
    expect([outcomes(tried)?.[0], reads()]).toEqual(['written', 0])
  })

  it('say so where the source has no such record', async () => {
    await expect(trial().of({ externalId: '404' })).rejects.toMatchObject({ code: 'not_found' })
  })
})
