import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readyLookups } from '../lookup.ts'
import { TRANSFORMS, transformById, type Step } from './index.ts'

const lookups = readyLookups([
  { name: 'tax', entries: [{ from: 'Standard', to: 'NL21' }, { from: '', to: 'NL21' }, { from: 'zero', to: 0 }], fallback: null },
  { name: 'terms', entries: [{ from: 'ideal', to: 'direct' }], fallback: { to: 'net14' } },
  { name: 'loose', entries: [{ from: 'a', to: null }], fallback: null },
]) // prettier-ignore

/** Runs a transform as a compiled rule would, its parameters parsed. */
function run(id: string, value: unknown, params: Record<string, unknown> = {}): Step {
  const transform = transformById(id)
  if (!transform) throw new Error(`no transform ${id}`)
  return transform.run(value, transform.params.parse(params), { lookups })
}

const family = '👨‍👩‍👧‍👦'
const options = [{ name: 'Size', value: '250 g' }, { name: 'Grind', value: '' }, { name: 'Colour', value: 'red' }] // prettier-ignore

type Row = [id: string, value: unknown, params: Record<string, unknown>, expected: unknown]
const GOOD: Row[] = [
  ['text.trim', '  a \n', {}, 'a'],
  ['text.trim', 5, {}, '5'],
  ['text.upper', 'straße i', {}, 'STRASSE I'],
  ['text.lower', 'ÀB', {}, 'àb'],
  ['text.truncate', 'abcdef', { max: 6 }, 'abcdef'],
  ['text.truncate', 'abcdefg', { max: 6 }, 'abcde…'],
  ['text.truncate', `ab${family}cd`, { max: 8 }, 'ab…'],
  ['text.truncate', `${family}${family}`, { max: 12 }, `${family}…`],
  ['text.truncate', family, { max: 1 }, '…'],
  ['text.truncate', 'ae\u0301oo', { max: 3 }, 'a…'],
  ['text.plain', '<p>Fresh &amp; <b>good</b></p><ul><li>one<li>two</ul>', {}, 'Fresh & good\n\none\ntwo'],
  ['text.plain', 'a<br>b<br/>c', {}, 'a\nb\nc'],
  ['text.plain', '1 < 2 and 3 > 2', {}, '1 < 2 and 3 > 2'],
  ['text.plain', '<script>alert("x")</script>ok<style>p{}</style><!-- no -->', {}, 'ok'],
  ['text.plain', '&lt;b&gt; &#8364; &#x20AC; &euro; &constructor; &#0;&#xD800;', {}, '<b> € € € &constructor;'],
  ['text.plain', 'open <b', {}, 'open <b'],
  ['text.replace', 'a.b.c', { find: '.', replace: '-' }, 'a-b-c'],
  ['text.replace', 'price', { find: 'price', replace: '$& $1' }, '$& $1'],
  ['text.replace', 'aXb', { find: 'X' }, 'ab'],
  ['text.prefix', '1001', { text: 'WC-' }, 'WC-1001'],
  ['text.suffix', 21, { text: '%' }, '21%'],
  ['text.pad', '42', { length: 5 }, '00042'],
  ['text.pad', '42', { length: 4, with: '*', side: 'right' }, '42**'],
  ['text.pad', '123456', { length: 5 }, '123456'],
  ['text.default', '', { value: 'none' }, 'none'],
  ['text.default', undefined, { value: 0 }, 0],
  ['text.default', false, { value: 'none' }, false],
  ['text.default', 0, { value: 'none' }, 0],
  ['number.round', '1.005', { digits: 2 }, '1.01'],
  ['number.round', 2.5, { digits: 0 }, '3'],
  ['number.multiply', '0.1', { by: 3 }, '0.3'],
  ['number.multiply', '10', { by: '1.21' }, '12.1'],
  ['number.add', '0.1', { amount: '0.2' }, '0.3'],
  ['number.abs', '-5.0', {}, '5'],
  ['number.abs', '-0', {}, '0'],
  ['number.negate', '5', {}, '-5'],
  ['number.negate', 0, {}, '0'],
  ['number.round', 0.0000001, { digits: 8 }, '0.00000010'],
  ['number.parse', '€ 1.234,56', { decimal: 'comma' }, '1234.56'],
  ['number.parse', '1,234.5', {}, '1234.5'],
  ['money.minor_units', '12.50', { currency: 'EUR' }, '1250'],
  ['money.minor_units', '12.345', { digits: 2 }, '1235'],
  ['money.minor_units', '500', { currency: 'JPY' }, '500'],
  ['money.minor_units', '-1.2345', { currency: 'KWD' }, '-1235'],
  ['date.day', '2026-05-01T22:30:00Z', {}, '2026-05-01'],
  ['date.day', '2026-05-01T22:30:00Z', { zone: 'Europe/Amsterdam' }, '2026-05-02'],
  ['date.day', '2026-05-02', { zone: 'America/New_York' }, '2026-05-02'],
  ['date.day', '2026-01-01T00:30:00+02:00', {}, '2025-12-31'],
  ['date.epoch_ms', '1970-01-01T00:00:01.5Z', {}, 1500],
  ['date.epoch_ms', '2026-05-01', {}, Date.UTC(2026, 4, 1)],
  ['date.in_zone', '2026-01-15T12:00:00Z', { zone: 'Europe/Amsterdam' }, '2026-01-15T13:00:00+01:00'],
  ['date.in_zone', '2026-07-15T12:00:00Z', { zone: 'America/St_Johns' }, '2026-07-15T09:30:00-02:30'],
  ['date.in_zone', '2026-07-15T12:00:00Z', {}, '2026-07-15T12:00:00Z'],
  ['date.in_zone', '2026-07-15T22:30:05Z', { zone: 'Asia/Kathmandu', format: 'time' }, '04:15:05'],
  ['date.in_zone', '2026-07-15T22:30:05Z', { zone: 'Asia/Kathmandu', format: 'day' }, '2026-07-16'],
  ['date.in_zone', '2026-07-14T22:00:00Z', { zone: 'Europe/Amsterdam', format: 'time' }, '00:00:00'],
  ['date.parse', '1-5-2026', { order: 'dmy' }, '2026-05-01'],
  ['date.parse', '12/31/2026', { order: 'mdy' }, '2026-12-31'],
  ['date.parse', '2026.05.01', {}, '2026-05-01'],
  ['country.name', 'NL', {}, 'Netherlands'],
  ['country.name', 'deu', { language: 'nl' }, 'Duitsland'],
  ['country.name', 'Nederland', {}, 'Nederland'],
  ['country.name', 'IC', {}, 'IC'],
  ['country.alpha3', 'nl', {}, 'NLD'],
  ['country.alpha3', 'NLD', {}, 'NLD'],
  ['country.alpha2', 'NLD', {}, 'NL'],
  ['lookup.table', ' STANDARD ', { table: 'tax' }, 'NL21'],
  ['lookup.table', '', { table: 'tax' }, 'NL21'],
  ['lookup.table', null, { table: 'tax' }, 'NL21'],
  ['lookup.table', 'zero', { table: 'tax' }, 0],
  ['lookup.table', 'paypal', { table: 'terms' }, 'net14'],
  ['lookup.table', 'a', { table: 'loose' }, null],
  ['lookup.table', undefined, { table: 'loose' }, undefined],
  ['list.join', ['a', '', null, 2, true], {}, 'a, 2, true'],
  ['list.join', options, { separator: '; ', path: ['value'] }, '250 g; red'],
  ['list.count', [1, null], {}, 2],
  ['list.count', undefined, {}, 0],
  ['list.first', ['', null, 'x'], {}, 'x'],
  ['list.first', options, { path: ['value'] }, '250 g'],
  ['list.first', [''], {}, null],
  ['list.sum', [{ a: '0.1' }, { a: 0.2 }, {}, { a: '' }], { path: ['a'] }, '0.3'],
  ['list.find', options, { path: ['name'], equals: 'colour', take: ['value'] }, 'red'],
  ['list.find', options, { path: ['name'], equals: 'none' }, null],
  ['boolean.text', true, { yes: 'Ja', no: 'Nee' }, 'Ja'],
  ['boolean.text', 'no', {}, 'no'],
  ['boolean.not', false, {}, true],
  ['boolean.not', '1', {}, false],
  ['boolean.parse', 'Yes', {}, true],
  ['boolean.parse', 0, {}, false],
  ['choice.from', 'PAID', { pairs: [{ from: 'paid', to: 'closed' }] }, 'closed'],
  ['choice.from', true, { pairs: [{ from: 'true', to: 1 }] }, 1],
  ['choice.from', null, { pairs: [{ from: '', to: 'empty' }] }, 'empty'],
  ['choice.from', 'x', { pairs: [{ from: 'a', to: 'b' }], otherwise: 'keep' }, 'x'],
  ['choice.from', 'x', { pairs: [{ from: 'a', to: 'b' }], otherwise: 'empty' }, null],
  ['phone.tidy', '06 - 1234 56 78', { country: 'NL' }, '+31612345678'],
  ['phone.tidy', '+31 (0)6 12345678', { country: 'DE' }, '+31612345678'],
  ['phone.tidy', '0049 30 123456', { country: 'NL' }, '+4930123456'],
  ['phone.tidy', '(212) 555-1212', { country: 'US' }, '+12125551212'],
  ['phone.tidy', '06 123456', { country: 'IT' }, '+3906123456'],
  ['phone.tidy', '0612345678 ext. 5', { country: 'NL' }, '0612345678 ext. 5'],
  ['phone.tidy', ' 12345 ', { country: 'NL' }, '12345'],
  ['phone.tidy', '0612345678', { country: 'ZZ' }, '0612345678'],
] // prettier-ignore

const BAD: [id: string, value: unknown, params: Record<string, unknown>, words: string][] = [
  ['text.trim', { a: 1 }, {}, 'an object is not text.'],
  ['text.trim', [1, 2], {}, 'a list of 2 is not text.'],
  ['text.suffix', 'x'.repeat(1_000_000), { text: 'yy' }, 'The text is longer than 1000000 characters.'],
  ['text.replace', 'x'.repeat(100_000), { find: 'x', replace: 'y'.repeat(200) }, 'The text is longer than 1000000 characters.'],
  ['number.round', '1,5', {}, '"1,5" is not a number.'],
  ['number.round', '9'.repeat(400), {}, `"${'9'.repeat(60)}…" is not a number.`],
  ['number.add', NaN, { amount: 1 }, 'NaN is not a number.'],
  ['number.multiply', '9'.repeat(30), { by: 10 }, `The result for "${'9'.repeat(30)}" is too large.`],
  ['number.multiply', true, { by: 10 }, 'true is not a number.'],
  ['money.minor_units', 'free', { digits: 2 }, '"free" is not a number.'],
  ['date.day', '2026-02-30', {}, '"2026-02-30" is not a date.'],
  ['date.day', '0000-00-00', {}, '"0000-00-00" is not a date.'],
  ['date.day', '2026-05-01T10:00:00', {}, '"2026-05-01T10:00:00" does not say in which time zone it is.'],
  ['date.epoch_ms', 'yesterday\u0000', {}, '"yesterday " is not a date.'],
  ['date.in_zone', 5, {}, '5 is not a date.'],
  ['date.parse', '31-2-2026', { order: 'dmy' }, '"31-2-2026" is not a date.'],
  ['country.name', 'Nederland', { unknown: 'fail' }, '"Nederland" is not a country code; one is two letters such as "NL".'],
  ['country.alpha3', 'ZZ', {}, '"ZZ" is not a country code; one is two letters such as "NL".'],
  ['lookup.table', 'x', { table: 'none' }, 'There is no lookup table named "none".'],
  ['lookup.table', 'reduced', { table: 'tax' }, '"reduced" is not in the lookup table "tax".'],
  ['lookup.table', '__proto__', { table: 'tax' }, '"__proto__" is not in the lookup table "tax".'],
  ['list.join', 'a', {}, '"a" is not a list.'],
  ['list.join', [{}], {}, 'An element of the list is an object; name a field inside it.'],
  ['list.sum', ['x'], {}, 'An element of the list is "x", which is not a number.'],
  ['boolean.not', 'perhaps', {}, '"perhaps" is neither yes nor no.'],
  ['choice.from', 'x', { pairs: [{ from: 'a', to: 'b' }] }, '"x" is not in the rule\'s table.'],
] // prettier-ignore

describe('transforms', () => {
  it.each(GOOD)('%s of %j with %j gives %j', (id, value, params, expected) => {
    expect(run(id, value, params)).toEqual({ ok: true, value: expected })
  })

  it.each(BAD)('%s of %j with %j says why', (id, value, params, words) => {
    expect(run(id, value, params)).toEqual({ ok: false, problem: words })
  }) // prettier-ignore

  it('have each a row that works', () => {
    const tried = new Set(GOOD.map(([id]) => id))
    expect(TRANSFORMS.map((transform) => transform.id).filter((id) => !tried.has(id))).toEqual([])
    expect(new Set(TRANSFORMS.map((transform) => transform.id)).size).toBe(TRANSFORMS.length)
  })

  it.each([
    ['text.truncate', {}],
    ['text.truncate', { max: 0 }],
    ['text.replace', { find: '' }],
    ['number.multiply', { by: 'two' }],
    ['money.minor_units', {}],
    ['money.minor_units', { currency: 'EUR', digits: 2 }],
    ['date.day', { zone: 'Mars/Olympus' }],
    ['country.name', { language: '!!' }],
    ['list.first', { path: ['__proto__'] }],
    ['text.trim', { extra: 1 }],
  ])('%s refuses the parameters %j', (id, params) => {
    expect(transformById(id)?.params.safeParse(params).success).toBe(false)
  })

  it('describe every parameter', () => {
    for (const transform of TRANSFORMS) {
      for (const [name, schema] of Object.entries(transform.params.shape)) {
        const inner = 'unwrap' in schema ? (schema as { unwrap: () => { meta: () => unknown } }).unwrap().meta() : {}
        const meta = { ...(inner as object), ...schema.meta() }
        expect(meta, `${transform.id}.${name}`).toHaveProperty('description')
      }
    }
  }) // prettier-ignore
})

/** Values meant to hurt: prototypes, huge numbers and texts, broken characters, deep nesting. */
const deep = Array.from({ length: 20_000 }).reduce<unknown>((inner) => [inner], 'x')
const deepObject = Array.from({ length: 20_000 }).reduce<unknown>((inner) => ({ a: inner }), 'x')
const HOSTILE: unknown[] = [
  '__proto__', 'constructor', JSON.parse('{"__proto__":{"polluted":true}}'), '9'.repeat(400), `-${'9'.repeat(29)}.${'9'.repeat(40)}`,
  `0.${'0'.repeat(300)}1`, '1e999999999', 1e308, 5e-324, -0, NaN, Infinity, 2n ** 64n, 'x'.repeat(100_000), '<'.repeat(100_000),
  '<!--'.repeat(25_000), '&'.repeat(100_000), '<script>'.repeat(12_500), `${' '.repeat(100_000)}x`, '\n '.repeat(50_000),
  'e\u0301'.repeat(50_000), `e${'\u0301'.repeat(100_000)}`, '\u0000\u0001', '\ud800', '\udc00\ud800', family.repeat(1000), deep, deepObject,
  [[[]]], [null], {}, [{ a: { a: {} } }], true, false, null, undefined, '', [], new Date(NaN), Symbol('x'), () => 1,
] // prettier-ignore

/** Parameters of every transform that needs some. */
const PARAMS: Record<string, Record<string, unknown>> = {
  'text.truncate': { max: 10 }, 'text.replace': { find: 'x', replace: 'yy' }, 'text.prefix': { text: 'p' }, 'text.suffix': { text: 's' },
  'text.pad': { length: 20 }, 'text.default': { value: 'd' }, 'number.multiply': { by: '1.21' }, 'number.add': { amount: -1 },
  'money.minor_units': { currency: 'EUR' }, 'date.day': { zone: 'Europe/Amsterdam' }, 'date.in_zone': { zone: 'Asia/Tokyo' },
  'lookup.table': { table: 'tax' }, 'list.find': { path: ['a'], equals: 'x' }, 'choice.from': { pairs: [{ from: 'x', to: 'y' }] },
  'phone.tidy': { country: 'NL' },
} // prettier-ignore

describe.each(TRANSFORMS.map((transform) => [transform.id]))('%s', (id) => {
  it('answers every hostile value, in words where it cannot', () => {
    for (const value of HOSTILE) {
      const made = run(id, value, PARAMS[id])
      if (made.ok) continue
      expect(made.problem.length).toBeLessThan(300)
      expect(made.problem).toMatch(/\.$/)
      expect(made.problem).not.toMatch(/\p{Cc}/u)
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it('never throws and always answers alike', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.string({ unit: 'grapheme' }), fc.double().map(String)),
        (value) => {
          expect(run(id, value, PARAMS[id])).toEqual(run(id, value, PARAMS[id]))
        },
      ),
    )
  })
})

describe('text.truncate', () => {
  it('keeps within the limit, at a border between characters', () => {
    const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        (text, max) => {
          const made = run('text.truncate', text, { max })
          if (!made.ok) throw new Error(made.problem)
          const short = String(made.value)
          expect(short.length).toBeLessThanOrEqual(max)
          if (short === text) return
          const kept = short.slice(0, -1)
          expect(short.endsWith('…') && text.startsWith(kept)).toBe(true)
          const borders = [...graphemes.segment(text)].map((segment) => segment.index)
          expect(borders).toContain(kept.length)
        },
      ),
    )
  })
})

describe('dates', () => {
  it('in a zone are still the same moment', () => {
    const moments = fc.date({ min: new Date('1970-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    fc.assert(
      fc.property(moments, fc.constantFrom('Europe/Amsterdam', 'America/St_Johns', 'Pacific/Apia'), (date, zone) => {
        const made = run('date.in_zone', date.toISOString(), { zone })
        const whole = Math.floor(date.getTime() / 1000) * 1000
        expect(made.ok && run('date.epoch_ms', made.value)).toEqual({ ok: true, value: whole })
      }),
    ) // prettier-ignore
  })
})
