import type { Meta } from './model.ts'
import { isObject, list, number, text } from './php.ts'
import { nextId, type Shop } from './state.ts'

/** Meta by id or key: a known one changes in place, `null` deletes, the rest is added. */
export function mergeMeta(shop: Shop, meta: Meta[], sent: unknown): void {
  for (const entry of list(sent).filter(isObject)) {
    const [id, key, value] = [number(entry['id']), text(entry['key']), entry['value']]
    const at = meta.findIndex((one) => (id > 0 ? one.id === id : one.key === key))
    const held = meta[at]
    if (value === null) {
      if (held) meta.splice(at, 1)
    } else if (held) {
      held.value = value
      if (key !== '') held.key = key
    } else if (key !== '') {
      meta.push({ id: nextId(shop, 'meta'), key, value: value ?? '' })
    }
  }
}
