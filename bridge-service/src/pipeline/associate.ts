import { ConnectorError, isPassing, type Association, type FailureKind } from '@crosswalk/connectors/sdk'
import { causeRef, type CauseRef } from '@crosswalk/shared/causes'
import { AccountTrouble, type BatchContext } from './batch.ts'
import { saidBy } from './failure-cause.ts'
import { failPart, open, partsOf, type Part, type RecordWork } from './work.ts'

interface Pair {
  part: Part
  role: string
  from: string
  to: string
  association: Association
  remove: boolean
  /** Nothing comes in the place of what is removed. */
  last: boolean
}

/** Pairs that parts which were in the target before still lack, or have to another record than now, or to one no more. */
export function pairsOf(parts: readonly Part[], context: BatchContext): Pair[] {
  const pairs: Pair[] = []
  for (const part of parts) {
    if (part.id === null || (part.state !== 'done' && part.state !== 'same')) continue
    if (part.wrote === 'create') continue
    pairs.push(...formerOf(part, context))
    for (const ref of part.refs) {
      if (ref.as.kind !== 'association' || ref.to.id === null) continue
      if (ref.to.state === 'failed' || ref.to.state === 'unknown') continue
      const known = part.knownRefs[ref.role]
      const stray = part.strayRefs[ref.role]
      const unsure = stray !== undefined || part.owners.some((work) => work.unsure)
      if (known === ref.to.id && !unsure) continue
      const typeId = ref.as.typeIdWhenExisting ?? ref.as.typeId
      const pair = (to: string, remove: boolean): Pair => ({
        part,
        role: ref.role,
        from: part.object,
        to: ref.to.object,
        association: {
          trace: `${part.trace}-${ref.role}-${typeId}`,
          from: part.id as string,
          to,
          as: { category: (ref.as as { category: string }).category, typeId },
        },
        remove,
        last: false,
      })
      const same = pairs.some(
        (other) => other.part === part && other.role === ref.role && other.association.as.typeId === typeId,
      )
      if (same) continue
      if (!part.shared) {
        for (const former of new Set([known, stray]))
          if (former !== undefined && former !== ref.to.id) pairs.push(pair(former, true))
      }
      pairs.push(pair(ref.to.id, false))
    }
  }
  return pairs
}

/**
 * Brings the associations of parts that existed before level; parts made in this go got theirs with the create. An old
 * one of a record's own part is taken away (another customer), one between shared records never.
 */
export async function associate(works: readonly RecordWork[], context: BatchContext): Promise<void> {
  const { connector, http, context: contextOf } = context.flow.target.connection
  const associates = connector.associate
  if (!associates) return
  const groups = new Map<string, Pair[]>()
  for (const pair of pairsOf(partsOf(open(works)), context)) {
    const name = `${pair.remove}\n${pair.from}\n${pair.to}`
    const group = groups.get(name)
    if (group) group.push(pair)
    else groups.set(name, [pair])
  }
  // What goes first: where that fails, what comes in its place is not remembered either, and both are tried again.
  const inOrder = [...groups.values()].sort((a, b) => Number(b[0]?.remove) - Number(a[0]?.remove))
  for (const all of inOrder) {
    const group = all.filter(({ part }) => part.state === 'done' || part.state === 'same')
    for (let start = 0; start < group.length; start += associates.max) {
      const chunk = group.slice(start, start + associates.max)
      const first = chunk[0] as Pair
      const build = first.remove ? associates.remove : associates.call
      const call = build(
        first.from,
        first.to,
        chunk.map((pair) => pair.association),
        contextOf(),
      )
      try {
        const reply = await http.send(call, { lane: context.lane, signal: context.signal, ready: context.keepLeases }) // prettier-ignore
        if (first.remove) {
          for (const pair of chunk) if (pair.last) forget(pair)
          continue
        }
        const refused = new Map(
          (associates.refused?.(reply, chunk.map((pair) => pair.association)) ?? []).map((entry) => [entry.trace, entry]), // prettier-ignore
        )
        for (const pair of chunk) {
          const failure = refused.get(pair.association.trace)
          if (failure) refuse([pair], failure)
          else remember(pair)
        }
      } catch (error) {
        if (!(error instanceof ConnectorError)) throw error
        if (error.kind === 'unauthorized') throw new AccountTrouble('target', error)
        refuse(chunk, error)
      }
    }
  }
}

/**
 * Associations of a record's own part that it no longer asks for: the buyer's company was taken out of the order. Where
 * the flow leaves such parts out altogether, what was made before it did is left alone.
 */
function formerOf(part: Part, { flow }: BatchContext): Pair[] {
  if (part.shared || part.id === null) return []
  const from = part.id
  return part.step.refs.flatMap((ref): Pair[] => {
    const former = new Set([part.knownRefs[ref.role], part.strayRefs[ref.role]])
    const step = flow.document.steps.find((one) => one.role === ref.role)
    if (ref.as.kind !== 'association' || !step?.shared) return []
    if (part.refs.some((present) => present.role === ref.role) || isOff(ref.role, flow.settings)) return []
    const { category, typeId, typeIdWhenExisting } = ref.as
    const as = { category, typeId: typeIdWhenExisting ?? typeId }
    return [...former].flatMap((to, i): Pair[] => {
      if (to === undefined) return []
      const association = { trace: `${part.trace}-${ref.role}-${as.typeId}-${i}`, from, to, as }
      return [{ part, role: ref.role, from: part.object, to: step.object, association, remove: true, last: true }] // prettier-ignore
    })
  })
}

const isOff = (role: string, settings: BatchContext['flow']['settings']): boolean =>
  settings['customers'] === 'off' || (role === 'company' && settings['company'] === 'never')

function forget(pair: Pair): void {
  const { [pair.role]: _former, ...others } = pair.part.knownRefs
  pair.part.knownRefs = others
  pair.part.related = true
}

function remember(pair: Pair): void {
  pair.part.knownRefs = { ...pair.part.knownRefs, [pair.role]: pair.association.to }
  pair.part.related = true
}

/** An optional association that is not permitted is left out and said; otherwise the record shows what is wrong. */
function refuse(
  pairs: readonly Pair[],
  error: {
    kind: FailureKind
    publicMessage: string
    fields?: readonly string[]
    named?: CauseRef | undefined
    words?: string | undefined
  },
): void {
  for (const pair of pairs) {
    if (pair.remove && error.kind === 'not_found') {
      if (pair.last) forget(pair)
      continue
    }
    if (isPassing(error.kind)) {
      pair.part.state = 'later'
      const waits = error.named ?? causeRef(error.kind === 'rate_limited' ? 'slow_down' : 'system_silent')
      pair.part.problem = { kind: 'unavailable', message: error.publicMessage, waits }
    } else if (error.kind === 'forbidden') {
      for (const work of pair.part.owners) work.warnings.push(error.publicMessage)
    } else {
      failPart(pair.part, { kind: error.kind, message: error.publicMessage, ...saidBy(error) })
    }
  }
}
