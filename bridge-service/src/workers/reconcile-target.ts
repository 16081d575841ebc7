import { ConnectorError, isPassing, type Step } from '@crosswalk/connectors/sdk'
import { AccountTrouble, type BatchContext } from '../pipeline/batch.ts'
import { objectOf } from '../pipeline/deliver.ts'
import type { LinkPart, LinkRow } from '../store/schema.ts'

type Values = Readonly<Record<string, unknown>>

/**
 * What the target holds of these records now, by the id asked for; missing ones are gone. Null where this kind of object
 * cannot be read by id. Throws `AccountTrouble` where the account cannot be asked now, `ConnectorError` where never.
 */
export async function readTarget(
  objectName: string,
  ids: readonly string[],
  fields: readonly string[],
  context: BatchContext,
): Promise<Map<string, Values> | null> {
  const reader = objectOf(objectName, context).read
  if (!reader) return null
  const { http, context: contextOf } = context.flow.target.connection
  const ask = async (some: readonly string[]) => {
    try {
      const options = { lane: context.lane, signal: context.signal }
      return await http.drive(reader.byIds(some, fields, contextOf()), options)
    } catch (error) {
      if (!(error instanceof ConnectorError)) throw error
      const waits = isPassing(error.kind) || error.kind === 'unauthorized' || error.holdsConnection
      throw waits ? new AccountTrouble('target', error) : error
    }
  }
  const found = new Map<string, Values>()
  const distinct = [...new Set(ids)]
  for (let start = 0; start < distinct.length; start += reader.max) {
    const asked = distinct.slice(start, start + reader.max)
    const answered = await ask(asked)
    for (const record of answered) found.set(record.id, record.values)
    if (answered.every((record) => asked.includes(record.id))) continue
    // Records that were merged in the target answer under their new id: asked for singly it is clear which is which.
    for (const id of asked.filter((one) => !found.has(one))) {
      const [survivor] = await ask([id])
      if (survivor) found.set(id, survivor.values)
    }
  }
  return found
}

const stepOf = (partKey: string, context: BatchContext): Step | undefined =>
  context.flow.document.steps.find((step) => !step.shared && step.role === partKey.split(':', 1)[0])

/**
 * The parts of records whose document is gone that are still in the target, by external id: what else is gone is made
 * again with the document, what is there is tied to it as it is.
 */
export async function partsLeft(
  links: readonly LinkRow[],
  documentsGone: ReadonlyMap<string, ReadonlySet<string>>,
  context: BatchContext,
): Promise<Map<string, Record<string, LinkPart>>> {
  const byObject = new Map<string, Set<string>>()
  const others = (link: LinkRow) =>
    Object.entries(link.parts).filter(([partKey]) => !documentsGone.get(link.external_id)?.has(partKey))
  for (const link of links) {
    for (const [partKey, part] of others(link)) {
      const object = stepOf(partKey, context)?.object
      if (object === undefined || !part.id) continue
      byObject.set(object, (byObject.get(object) ?? new Set()).add(part.id))
    }
  }
  const there = new Map<string, Map<string, Values> | null>()
  for (const [object, ids] of byObject) there.set(object, await readTarget(object, [...ids], [], context))
  return new Map(
    links.map((link) => {
      const left = others(link).flatMap(([partKey, part]): [string, LinkPart][] => {
        const found = there.get(stepOf(partKey, context)?.object ?? '')
        if (found && part.id && !found.has(part.id)) return []
        // Where nobody can look, the part is written again, which tells.
        const { hash, refs, ...kept } = part
        const { document: _gone, ...otherRefs } = refs ?? {}
        return [[partKey, { ...kept, ...(found && hash ? { hash } : {}), refs: otherRefs }]]
      })
      return [link.external_id, Object.fromEntries(left)]
    }),
  )
}
