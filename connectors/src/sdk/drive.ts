import { z } from 'zod'
import type { Call, Conversation, Reply } from './call.ts'
import { ConnectorError } from './errors.ts'

/** No exchange needs more calls; one that does turns in a circle. */
const MAX_CALLS = 10_000

/**
 * Leads a conversation to its end: each call it yields is sent, the reply or the `ConnectorError` goes back into it.
 * @throws what the conversation throws; anything but a `ConnectorError` (an answer that does not fit its schema)
 * becomes one of kind `malformed`, which names the place and never the value. The signal's reason when aborted.
 */
export async function driveConversation<T>(
  conversation: Conversation<T>,
  send: (call: Call) => Promise<Reply>,
  options: { label: string; signal?: AbortSignal | undefined },
): Promise<T> {
  const resume = (step: () => IteratorResult<Call, T>): IteratorResult<Call, T> => {
    try {
      return step()
    } catch (error) {
      throw asConnectorError(error, options.label)
    }
  }
  let state = resume(() => conversation.next())
  for (let calls = 0; state.done !== true; calls++) {
    if (calls >= MAX_CALLS) {
      conversation.return(undefined as T)
      throw new ConnectorError({
        kind: 'malformed',
        publicMessage: `Reading from ${options.label} did not come to an end within ${MAX_CALLS} calls.`,
      })
    }
    let answer: () => IteratorResult<Call, T>
    try {
      const reply = await send(state.value)
      answer = () => conversation.next(reply)
    } catch (error) {
      if (options.signal?.aborted === true) {
        conversation.return(undefined as T)
        throw error
      }
      if (!(error instanceof ConnectorError)) throw error
      answer = () => conversation.throw(error)
    }
    state = resume(answer)
  }
  return state.value
}

function asConnectorError(error: unknown, label: string): ConnectorError {
  if (error instanceof ConnectorError) return error
  const place = error instanceof z.core.$ZodError ? error.issues[0]?.path.map(String).join('.') : undefined
  return new ConnectorError({
    kind: 'malformed',
    publicMessage:
      place === undefined || place === ''
        ? `An answer of ${label} could not be understood.`
        : `An answer of ${label} could not be understood at “${place}”.`,
    cause: error,
  })
}
