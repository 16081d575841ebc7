import type { Conversation, Facts } from '../sdk/index.ts'
import { idGroups, listOf, MAX_PER_CALL, wc } from './rest.ts'

/**
 * Records by id, 100 a call. `looks` are the parameters of the looks taken, one after the other: the second and later
 * ones only for ids not found yet (the trash). Ids that are nowhere are missing from the answer.
 */
export function* byIds<N extends { id: number }>(
  route: string,
  looks: readonly Readonly<Record<string, string>>[],
  ids: readonly string[],
  facts: Facts,
  what: string,
): Conversation<N[]> {
  const found = new Map<string, N>()
  for (const look of looks) {
    const missing = ids.filter((id) => !found.has(id))
    for (const group of idGroups(missing)) {
      const include = group.join(',')
      const reply = yield wc(facts, route, { ...look, include, per_page: String(MAX_PER_CALL) })
      const wanted = new Set(group)
      // A plugin that ignores `include` would hand out other records under these ids' name.
      for (const row of listOf<N>(reply, what)) if (wanted.has(String(row.id))) found.set(String(row.id), row)
    }
  }
  return [...found.values()]
}
