import type { World } from './shop-to-crm.ts'

/**
 * A store of an earlier version, kept as text: a backup in which the shop's and HubSpot's addresses and the ids of
 * HubSpot's records are names in double braces. `freeze` puts the names in, `thaw` takes them out again for another pair.
 */

/** Keys of the shop and of the frozen stores, known to everybody: they open nothing but made-up systems. */
export const SHOP_KEYS = {
  key: 'ck_0123456789012345678901234567890123456789',
  secret: 'cs_9876543210987654321098765432109876543210',
  permissions: 'read_write' as const,
}
export const FROZEN_MASTER_KEY = '5f1d8a2c94e07b36d8c15a40f27e9b6331c4de8a70952bf61ae3480d97c6b251'

/** What names a record of an object, whatever its id is. */
const NAMED_BY: Readonly<Record<string, string>> = {
  orders: 'crosswalk_key',
  line_items: 'crosswalk_key',
  contacts: 'email',
  companies: 'name',
  products: 'hs_sku',
}
/** Objects by the role of a part. */
const OBJECT_OF: Readonly<Record<string, string>> = {
  document: 'orders',
  line: 'line_items',
  customer: 'contacts',
  company: 'companies',
  product: 'products',
}

const hostOf = (url: string): string => new URL(url).host

/** Natural names of all records, by object and id. The shop's address, which keys begin with, is left out. */
function namesOf(world: World): Map<string, string> {
  const names = new Map<string, string>()
  for (const [object, property] of Object.entries(NAMED_BY)) {
    for (const { id, properties } of world.crm.all(object)) {
      const name = String(properties[property]).replaceAll(hostOf(world.shop.url), 'shop')
      names.set(`${object}/${id}`, `{{${object}/${name}}}`)
    }
  }
  return names
}

const addresses = (world: World): [string, string][] => [
  [hostOf(world.shop.url), '{{shop}}'],
  [hostOf(world.crm.url), '{{crm}}'],
]

const DAY_MS = 86_400_000
/** `YYYY-MM-DD`, UTC. A frozen store is one of yesterday, whenever it is thawed. */
const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10)

/** Lines of a backup with names in place of what belongs to this world. */
export function freeze(lines: readonly string[], world: World): string[] {
  const names = namesOf(world)
  const name = (object: string | undefined, id: unknown): unknown =>
    typeof id === 'string' ? (names.get(`${object ?? ''}/${id}`) ?? id) : id
  const refs = (given: Record<string, string>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(given).map(([role, id]) => [role, name(OBJECT_OF[role], id)]))
  let columns: string[] = []
  let table = ''
  return lines.map((line) => {
    const value = JSON.parse(line) as unknown
    if (!Array.isArray(value)) {
      const head = value as { table?: string; columns?: string[] }
      if (head.table !== undefined) [table, columns] = [head.table, head.columns ?? []]
    } else {
      const row = value as (string | null)[]
      const at = (column: string): number => columns.indexOf(column)
      if (table === 'link') {
        row[at('target_id')] = name('orders', row[at('target_id')]) as string | null
        const parts = JSON.parse(row[at('parts')] ?? '{}') as Record<string, { id?: string; refs?: Record<string, string> }> // prettier-ignore
        for (const [key, part] of Object.entries(parts)) {
          if (part.id !== undefined) part.id = name(OBJECT_OF[key.split(':')[0] ?? ''], part.id) as string
          if (part.refs) part.refs = refs(part.refs) as Record<string, string>
        }
        row[at('parts')] = JSON.stringify(parts)
      }
      if (table === 'dependency') {
        const object = row[at('object')] ?? ''
        row[at('target_id')] = name(object, row[at('target_id')]) as string | null
        const kept = JSON.parse(row[at('refs')] ?? '{}') as { to?: Record<string, string> }
        if (kept.to) kept.to = refs(kept.to) as Record<string, string>
        row[at('refs')] = JSON.stringify(kept)
      }
    }
    const places: [string, string][] = [...addresses(world), [dayOf(Date.now()), '{{day}}']]
    return places.reduce((text, [from, to]) => text.replaceAll(from, to), JSON.stringify(value))
  })
}

/** The text of a frozen store with this world's addresses and ids. @throws where HubSpot lacks a record it names */
export function thaw(text: string, world: World): string {
  const ids = new Map([...namesOf(world)].map(([place, name]) => [name, place.slice(place.indexOf('/') + 1)]))
  const filled = text.replaceAll(/\{\{[a-z_]+\/[^}]*\}\}/g, (name) => {
    const id = ids.get(name)
    if (id === undefined) throw new Error(`there is no record ${name}`)
    return id
  })
  const places: [string, string][] = [...addresses(world), [dayOf(Date.now() - DAY_MS), '{{day}}']]
  return places.reduce((done, [to, from]) => done.replaceAll(from, to), filled)
}
