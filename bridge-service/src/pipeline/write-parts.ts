import {
  ConnectorError,
  isPassing,
  type Outcome,
  type PartInput,
  type Write,
} from '@crosswalk/connectors/sdk'
import { causeRef, type CauseRef } from '@crosswalk/shared/causes'
import { AccountTrouble, type BatchContext } from './batch.ts'
import { saidBy, waitsFor } from './failure-cause.ts'
import { failPart, toInput, type Part } from './work.ts'

type Kind = 'create' | 'update' | 'archive'

/**
 * Writes parts in calls of at most `write.max`, several calls at a time. A refused call is halved until the bad part
 * stands alone, so that one never fails the others.
 */
export async function writeParts(
  write: Write,
  parts: readonly Part[],
  kind: Kind,
  context: BatchContext,
): Promise<void> {
  const chunks: Part[][] = []
  for (let start = 0; start < parts.length; start += write.max)
    chunks.push(parts.slice(start, start + write.max))
  const results = await Promise.allSettled(chunks.map((chunk) => writeChunk(write, chunk, kind, context)))
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

async function writeChunk(
  write: Write,
  parts: readonly Part[],
  kind: Kind,
  context: BatchContext,
): Promise<void> {
  const connection = context.flow.target.connection
  const targetContext = connection.context()
  const inputs = parts.map((part) =>
    toInput(part, (kind === 'create' ? part.createDraft : part.updateDraft) ?? {}),
  )
  const call = `call:${kind}:${parts[0]?.object}`
  try {
    context.faultPoint(`before-${call}`)
    const reply = await connection.http.send(write.call(inputs, targetContext), {
      lane: context.lane,
      signal: context.signal,
      ready: context.keepLeases,
    })
    context.faultPoint(`after-${call}`)
    const outcomes = new Map(
      write.outcomes(reply, inputs, targetContext).map((entry) => [entry.trace, entry]),
    )
    for (const part of parts) {
      const outcome = outcomes.get(part.trace)
      if (outcome) settle(part, outcome, kind)
      else lost(part, 'The target did not say what became of it.')
    }
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    const maybeMade = kind === 'create' && mayBeDone(error)
    if (maybeMade) for (const part of parts) lost(part, error.publicMessage, error)
    if (error.kind === 'unauthorized' || error.holdsConnection) throw new AccountTrouble('target', error)
    if (isPassing(error.kind)) context.busy = error
    if (maybeMade) return
    if (isPassing(error.kind)) {
      for (const part of parts) postpone(part, error.publicMessage, waitsFor(error), error.retryAfterMs)
      return
    }
    if (parts.length > 1 && !refusesAllAlike(error)) {
      const middle = Math.ceil(parts.length / 2)
      await writeChunk(write, parts.slice(0, middle), kind, context)
      await writeChunk(write, parts.slice(middle), kind, context)
      return
    }
    parts.forEach((part, i) => {
      const settled =
        error.status === undefined
          ? undefined
          : write.settle?.({ status: error.status, body: error.body }, inputs[i] as PartInput, targetContext)
      settle(part, settled ?? refusalOf(part, error), kind)
    })
  }
}

/** True where the target may have carried the call out: no answer, its own failure, or a good answer nobody can read. */
const mayBeDone = (error: ConnectorError): boolean =>
  error.ambiguous || (error.kind === 'malformed' && (error.status === undefined || error.status < 400))

/** Refusals that have nothing to do with a single part, so that halving the call would only repeat them. */
const refusesAllAlike = (error: ConnectorError): boolean =>
  error.kind === 'forbidden' || error.kind === 'malformed' || error.breaksMapping

const refusalOf = (part: Part, error: ConnectorError): Outcome => ({
  trace: part.trace,
  result: 'failed',
  kind: error.kind,
  publicMessage: error.publicMessage,
  fields: error.fields,
  ...(error.named ? { named: error.named } : {}),
  ...(error.words === undefined ? {} : { words: error.words }),
  breaksMapping: error.breaksMapping,
})

function settle(part: Part, outcome: Outcome, kind: Kind): void {
  if (outcome.result === 'failed') return refuse(part, outcome, kind)
  if (outcome.result === 'written') {
    part.id = outcome.id
    part.foundBy ??= kind === 'create' ? 'created' : 'link'
    if (kind === 'create') part.knownRefs = {}
    part.state = 'done'
    part.wrote = kind
  } else {
    part.id = outcome.id
    part.foundBy = 'exists'
    part.wrote = null
    part.state =
      part.mayUpdate && part.updateDraft && Object.keys(part.updateDraft).length > 0 ? 'update' : 'same'
  }
}

function refuse(part: Part, outcome: Extract<Outcome, { result: 'failed' }>, kind: Kind): void {
  if (outcome.kind === 'not_found' && kind === 'archive') {
    part.state = 'done'
    part.wrote = kind
  } else if (outcome.kind === 'not_found' && kind === 'update' && part.createDraftAgain) {
    // Deleted by hand in the target: made again, once.
    part.id = null
    part.foundBy = null
    part.knownRefs = {}
    part.createDraft = part.createDraftAgain()
    part.createDraftAgain = null
    part.state = part.createDraft && part.mayCreate ? 'create' : 'left_out'
    if (part.role === 'document') checkSiblings(part)
  } else if (isPassing(outcome.kind)) {
    const waits = outcome.kind === 'rate_limited' ? 'slow_down' : 'system_silent'
    postpone(part, outcome.publicMessage, outcome.named ?? causeRef(waits))
  } else {
    failPart(part, {
      kind: outcome.kind,
      message: outcome.publicMessage,
      ...(outcome.fields ? { fields: outcome.fields } : {}),
      ...saidBy(outcome),
      ...(outcome.breaksMapping ? { breaksMapping: true } : {}),
    })
  }
}

/** With a document its lines may be gone too: they are written, and made again where they are missing. */
function checkSiblings(document: Part): void {
  for (const part of document.owners.flatMap((work) => work.parts)) {
    if (!part.shared && part !== document && part.state === 'same' && part.updateDraft) part.state = 'update'
  }
}

/** The call may have been carried out. The intent stays open: the next try looks before it creates. */
function lost(part: Part, message: string, error?: ConnectorError): void {
  const { retryAfterMs } = error ?? {}
  const waits = error === undefined || error.status === undefined ? causeRef('answer_lost') : waitsFor(error)
  part.state = 'unknown'
  part.problem = {
    kind: 'unavailable',
    message,
    waits,
    ...(retryAfterMs === undefined ? {} : { retryInMs: retryAfterMs }),
  }
}

function postpone(part: Part, message: string, waits: CauseRef, retryInMs?: number): void {
  part.state = 'later'
  part.problem = { kind: 'unavailable', message, waits, ...(retryInMs === undefined ? {} : { retryInMs }) }
}
