import { vendorWords } from '@crosswalk/shared/causes'
import type { Associate, Association, FailureKind } from '../sdk/index.ts'
import { readError } from './error-body.ts'
import { kindOfCategory, wordsForKind } from './failure-words.ts'
import { associationsPath } from './paths.ts'
import type { HubSpotSettings } from './settings.ts'

/** Creating takes 2,000 pairs, but removing only 100 records at a time, and one limit holds for both. */
const MAX = 100

/** The list of errors of a partly successful answer. */
function errorsOf(body: unknown): unknown[] {
  const errors = (body as { errors?: unknown } | null)?.errors
  return Array.isArray(errors) ? errors : []
}

/** Pairs of the same two records, together. */
function grouped(pairs: readonly Association[]): Association[][] {
  const groups = new Map<string, Association[]>()
  for (const pair of pairs) {
    const name = `${pair.from}>${pair.to}`
    groups.set(name, [...(groups.get(name) ?? []), pair])
  }
  return [...groups.values()]
}

/** Associations of records that both exist. Both directions come of one call. */
export const associate: Associate<HubSpotSettings> = {
  max: MAX,
  call: (from, to, pairs, context) => ({
    method: 'POST',
    path: associationsPath(context, from, to, '/batch/create'),
    body: {
      inputs: grouped(pairs).flatMap((group) => {
        const [first] = group
        if (!first) return []
        const types = new Map(
          group.map(({ as }) => [
            as.typeId,
            { associationCategory: as.category, associationTypeId: as.typeId },
          ]),
        )
        return [{ from: { id: first.from }, to: { id: first.to }, types: [...types.values()] }]
      }),
    },
    repeatable: true,
  }),
  refused: (reply, pairs) => {
    const refused: { trace: string; kind: FailureKind; publicMessage: string; words: string }[] = []
    for (const error of errorsOf(reply.body).map(readError)) {
      const ids = new Set(Object.values(error.context).flat())
      const kind = kindOfCategory(error.category)
      // An error that names neither end may be any pair's: all are tried again.
      const named = pairs.filter((pair) => ids.has(pair.from) || ids.has(pair.to))
      for (const pair of named.length > 0 ? named : pairs) {
        const words = vendorWords(error.message)
        refused.push({ trace: pair.trace, kind, publicMessage: wordsForKind(kind, error), words })
      }
    }
    return refused
  },
  /** Takes away every association of the two records, labels of users included: they have nothing in common any more. */
  remove: (from, to, pairs, context) => {
    const targets = new Map<string, Set<string>>()
    for (const pair of pairs) targets.set(pair.from, (targets.get(pair.from) ?? new Set()).add(pair.to))
    return {
      method: 'POST',
      path: associationsPath(context, from, to, '/batch/archive'),
      body: {
        inputs: [...targets].map(([id, ids]) => ({
          from: { id },
          to: [...ids].map((toId) => ({ id: toId })),
        })),
      },
      repeatable: true,
    }
  },
}
