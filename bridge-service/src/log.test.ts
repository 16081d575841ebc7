import { describe, expect, it } from 'vitest'
import { ConnectorError } from '@crosswalk/connectors/sdk'
import { createLog, errorForLog, withRequestId } from './log.ts'

const PERSON = 'anna.marker@example.com'

function linesOf(write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] {
  const lines: string[] = []
  write(createLog('debug', { write: (line: string) => void lines.push(line) }))
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}

describe('an error in the log', () => {
  it('keeps kind, code, names and frames, and nothing that a database error carries along', () => {
    const error = Object.assign(new Error('duplicate key value violates unique constraint "link_pkey"'), {
      code: '23505',
      table: 'link',
      constraint: 'link_pkey',
      detail: `Key (label)=(${PERSON}) already exists.`,
      query: 'insert into link …',
      params: [PERSON],
      parameters: [PERSON],
    })
    const [line] = linesOf((log) => log.error({ err: error }, 'a batch failed'))
    expect(line?.['err']).toMatchObject({
      code: '23505',
      table: 'link',
      constraint: 'link_pkey',
      message: 'duplicate key value violates unique constraint "link_pkey"',
      stack: expect.stringMatching(/^\s+at /),
    })
    expect(JSON.stringify(line)).not.toContain(PERSON)
  })

  it('drops values that PostgreSQL repeats, an answer’s body and what a parser could not read', () => {
    const value = Object.assign(new Error(`invalid input syntax for type date: "${PERSON}"`), {
      code: '22007',
    })
    const answer = new ConnectorError({
      kind: 'malformed',
      publicMessage: 'An answer of the shop could not be understood.',
      body: { email: PERSON },
      cause: new SyntaxError(`Unexpected token in "${PERSON}"`),
    })
    const logged = JSON.stringify([errorForLog(value), errorForLog(answer)])
    expect(logged).not.toContain(PERSON)
    expect(logged).toContain('invalid input syntax for type date')
    expect(logged).toContain('An answer of the shop could not be understood.')
  })

  it('names the cause, and does not mind what is no error', () => {
    const error = new Error('outer', { cause: Object.assign(new Error('inner'), { params: [PERSON] }) })
    expect(errorForLog(error)).toMatchObject({ message: 'outer', cause: { message: 'inner' } })
    expect(errorForLog('text')).toEqual({ type: 'string', message: 'not an error' })
    expect(JSON.stringify(errorForLog(error))).not.toContain(PERSON)
  })
})

describe('a line of the log', () => {
  it('carries the id of its request, also after a wait, and none outside of one', async () => {
    const lines: string[] = []
    const log = createLog('info', { write: (line: string) => void lines.push(line) })
    await Promise.all(
      ['one', 'two'].map((id) =>
        withRequestId(id, async () => {
          await new Promise((done) => setImmediate(done))
          log.info(`in ${id}`)
        }),
      ),
    )
    log.info('outside')
    const seen = lines.map((line) => JSON.parse(line) as { msg: string; request?: string })
    expect(seen.map(({ msg, request }) => [msg, request])).toEqual([
      ['in one', 'one'],
      ['in two', 'two'],
      ['outside', undefined],
    ])
  })

  it('stays one line whatever it holds', () => {
    const [line, more] = linesOf((log) => log.info({ id: 'x\n{"level":60}\u001b[31m' }, 'looked at'))
    expect(more).toBeUndefined()
    expect(line?.['id']).toBe('x\n{"level":60}\u001b[31m')
  })
})
