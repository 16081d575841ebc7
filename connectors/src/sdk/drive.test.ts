import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ask, type Call, type Conversation, type Reply } from './call.ts'
import { driveConversation } from './drive.ts'
import { ConnectorError } from './errors.ts'

const reply = (body: unknown): Reply => ({ status: 200, headers: {}, body })
const options = { label: 'Shop' }

describe('driveConversation', () => {
  it('sends each call and hands the reply back', async () => {
    const sent: Call[] = []
    function* pages(): Conversation<unknown[]> {
      const first = yield { path: '/1' }
      const second = yield { path: '/2' }
      return [first.body, second.body]
    }
    const send = async (call: Call) => {
      sent.push(call)
      return reply(call.path)
    }
    expect(await driveConversation(pages(), send, options)).toEqual(['/1', '/2'])
    expect(sent).toEqual([{ path: '/1' }, { path: '/2' }])
  })

  it('throws a failed call into the conversation, which may go on', async () => {
    function* forgiving(): Conversation<string> {
      try {
        yield { path: '/gone' }
      } catch (error) {
        if (error instanceof ConnectorError && error.kind === 'not_found')
          return String((yield { path: '/other' }).body)
        throw error
      }
      return 'unexpected'
    }
    const send = async (call: Call) => {
      if (call.path === '/gone') throw new ConnectorError({ kind: 'not_found', publicMessage: 'gone' })
      return reply('found')
    }
    expect(await driveConversation(forgiving(), send, options)).toBe('found')
  })

  it('names the place of an answer that does not fit, never its value', async () => {
    const schema = z.object({ order: z.object({ total: z.string() }) })
    const talk = ask({ path: '/' }, (answer) => schema.parse(answer.body))
    const failure = await driveConversation(
      talk,
      async () => reply({ order: { total: { secret: 'x' } } }),
      options,
    ).catch((error: unknown) => error)
    expect(failure).toMatchObject({
      kind: 'malformed',
      publicMessage: 'An answer of Shop could not be understood at “order.total”.',
    })
  })

  it('ends a conversation that turns in a circle', async () => {
    function* circle(): Conversation<void> {
      for (;;) yield { path: '/again' }
    }
    await expect(driveConversation(circle(), async () => reply(null), options)).rejects.toMatchObject({
      kind: 'malformed',
    })
  })

  it('closes the conversation when it is aborted', async () => {
    const controller = new AbortController()
    let closed = false
    function* long(): Conversation<void> {
      try {
        for (;;) {
          try {
            yield { path: '/' }
          } catch {
            // A conversation that swallows everything must still end.
          }
        }
      } finally {
        closed = true
      }
    }
    const send = async () => {
      controller.abort(new Error('stopped'))
      throw controller.signal.reason as Error
    }
    const driven = driveConversation(long(), send, { ...options, signal: controller.signal })
    await expect(driven).rejects.toThrow('stopped')
    expect(closed).toBe(true)
  })
})
