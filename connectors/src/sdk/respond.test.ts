import { describe, expect, it } from 'vitest'
import { ConnectorError } from './errors.ts'
import { readReply } from './respond.ts'

const JSON_TYPE = 'application/json; charset=UTF-8'
const read = (text: string, type = JSON_TYPE, status = 200): unknown =>
  readReply({ status, headers: { 'content-type': type }, body: Buffer.from(text) }, 'Shop').body

function refusal(text: string, type = JSON_TYPE): ConnectorError {
  try {
    read(text, type)
  } catch (error) {
    if (error instanceof ConnectorError) return error
    throw error
  }
  throw new Error('was taken')
}

describe('readReply', () => {
  it('reads JSON by content type or by look, and leaves text text', () => {
    expect(read('{"a":1}')).toEqual({ a: 1 })
    expect(read('\ufeff{"a":1}')).toEqual({ a: 1 })
    expect(read(' [1]', 'text/html')).toEqual([1])
    expect(read('{"a":1}', 'application/problem+json')).toEqual({ a: 1 })
    expect(read('<html>hello</html>', 'text/html')).toBe('<html>hello</html>')
    expect(read('', JSON_TYPE)).toBe('')
  })

  it('names the first line of a notice in front of the JSON', () => {
    const error = refusal(
      `<br />\n<b>Notice</b>: Undefined index: x in <b>/srv/plugin.php</b>\n${'y'.repeat(300)}\n{"id":1}`,
    )
    expect(error.kind).toBe('malformed')
    expect(error.publicMessage).toContain('“Notice: Undefined index: x in /srv/plugin.php”')
    expect(error.publicMessage).not.toContain('<')
    expect(refusal('Warning: x\n[{"id":1}]', 'text/html').kind).toBe('malformed')
    expect(refusal('y'.repeat(500)).publicMessage.length).toBeLessThan(180)
  })

  it('tells a cut answer', () => {
    expect(refusal('{"id":1,"na').kind).toBe('malformed')
    expect(refusal('{"billing":{"first_name":"Anna').publicMessage).not.toContain('Anna')
    expect(refusal('[{"first_name":"Anna').publicMessage).not.toContain('Anna')
  })

  it('never makes a refusal malformed', () => {
    expect(read('<b>Forbidden</b>', JSON_TYPE, 403)).toBe('<b>Forbidden</b>')
    expect(read('['.repeat(10_000), JSON_TYPE, 500)).toHaveLength(10_000)
  })

  it('takes what is nested too deep for nothing, and a number beyond reason for text', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    const depthOf = (value: unknown): number => (Array.isArray(value) ? 1 + depthOf(value[0]) : 0)
    expect(depthOf(read(nested(64)))).toBe(64)
    for (const depth of [65, 10_000, 3_000_000]) expect(depthOf(read(nested(depth)))).toBe(64)
    const neighbours = `[{"id":1,"deep":${nested(10_000)}},{"id":2,"many":[${nested(70)},${nested(70)}]},{"id":3}]`
    expect(read(neighbours)).toMatchObject([{ id: 1 }, { id: 2 }, { id: 3 }])
    expect(read(`{"a":"]}","deep":${'{"x":['.repeat(5_000)}"]"${']}'.repeat(5_000)},"b":2}`)).toMatchObject({ a: ']}', b: 2 }) // prettier-ignore
    expect(read('[{"total":1e999},{"total":-1E+400}]')).toEqual([{ total: '1e999' }, { total: '-1E+400' }])
    expect(read(`[{"total":${'9'.repeat(400)}},{"id":2}]`)).toEqual([{ total: '9'.repeat(40) }, { id: 2 }])
    expect(read(`{"text":"${'['.repeat(100)}\\"${'9'.repeat(100)}"}`)).toHaveProperty('text')
    expect(refusal(nested(100).slice(0, 150)).kind).toBe('malformed')
    expect(refusal(`{"a":${'-'.repeat(50)}}`).kind).toBe('malformed')
  })

  it('keeps ids that a number cannot hold as text', () => {
    expect(read('{"id":9007199254740993,"price":12.5,"small":-3}')).toEqual({
      id: '9007199254740993',
      price: 12.5,
      small: -3,
    })
  })

  it('drops keys that would reach a prototype', () => {
    const body = read('{"a":{"__proto__":{"admin":true},"b":1}}') as { a: object }
    expect(Object.getOwnPropertyNames(body.a)).toEqual(['b'])
    expect(Object.assign({}, body.a)).not.toHaveProperty('admin')
  })
})
