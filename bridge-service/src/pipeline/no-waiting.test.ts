import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Store } from '../store/database.ts'
import { memoryFlow, lostAnswer, pipelineDeps, shopOrder, syncOnce } from './testing.ts'
import { crm, orders, place, settings, store, useWorld } from './testing-world.ts'

useWorld({ afterAll, beforeAll, beforeEach })

/** A store that knows how many transactions are open in it. */
function watched(inner: Store): { store: Store; open: () => number; begun: () => number } {
  let open = 0
  let begun = 0
  const db = new Proxy(inner.db, {
    get(target, name) {
      if (name !== 'transaction') {
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? (value as () => unknown).bind(target) : value
      }
      return () => ({
        execute: async (work: Parameters<ReturnType<typeof target.transaction>['execute']>[0]) => {
          open += 1
          begun += 1
          try {
            return await target.transaction().execute(work)
          } finally {
            open -= 1
          }
        },
      })
    },
  })
  return { store: { ...inner, db }, open: () => open, begun: () => begun }
}

it('remedy 6: no transaction is open while the target is asked, for the embedded store has one session', async () => {
  const seen = watched(store)
  const during: string[] = []
  let lose = false
  crm.fail((op, object) => {
    if (seen.open() > 0) during.push(`${op} ${object}`)
    if (lose && op === 'create' && object === 'deals') {
      lose = false
      return () => {
        throw lostAnswer()
      }
    }
    return undefined
  })
  const sync = (...ids: string[]) =>
    syncOnce(ids, memoryFlow(orders, crm, settings), pipelineDeps(seen.store))

  place(shopOrder('1'), shopOrder('2'))
  await sync('1', '2')
  place(shopOrder('1', { status: { canonical: 'completed', source: 'completed', name: 'Completed' } }))
  await sync('1')
  // A create whose answer is lost is looked for at the next try.
  lose = true
  place(shopOrder('3'))
  await sync('3')
  await sync('3')

  const made = new Set(crm.calls.map(({ op }) => op))
  for (const op of ['find', 'create', 'update']) expect(made).toContain(op)
  expect(seen.begun()).toBeGreaterThanOrEqual(4)
  expect(during).toEqual([])
})
