import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { applyPart } from '../mapping/apply.ts'
import { MappingDocument } from '../mapping/rule.ts'
import { TRANSFORMS } from '../mapping/transforms/index.ts'
import { ENTITIES } from '../model/index.ts'
import { withConstants } from './constants.ts'
import { describeFields, type FormField } from './form.ts'
import { OPTION_SOURCES, setting, WIDGETS } from './setting.ts'
import { flowSettings, parseSettings } from './settings.ts'

const issuesOf = (entity: (typeof ENTITIES)[number], input: unknown) => {
  const parsed = parseSettings(entity, input)
  if (parsed.ok) throw new Error('expected issues')
  return parsed.issues
}

describe('flowSettings', () => {
  it.each(ENTITIES)('have safe defaults for every field of %s', (entity) => {
    const parsed = parseSettings(entity, {})
    expect(parsed).toMatchObject({ ok: true, settings: { webhooks: true, conflict: 'source', existing: 'update', startDate: null } }) // prettier-ignore
    if (parsed.ok) expect(parseSettings(entity, parsed.settings)).toEqual(parsed)
  })

  it('know the defaults of orders', () => {
    expect(parseSettings('order', {})).toMatchObject({
      settings: {
        statuses: [], pipeline: null, stages: {}, customers: 'create_and_update', matchBy: ['email'], company: 'when_named',
        companyMatch: ['key', 'domain'], guests: 'as_customers', updateProducts: false, cancelled: 'stage', deleted: 'mark',
        writeBack: { status: false, payment: false, tracking: false },
      },
    }) // prettier-ignore
  })

  it('do not share their defaults between two flows', () => {
    const [one, other] = [parseSettings('order', {}), parseSettings('order', {})]
    if (one.ok && other.ok) {
      one.settings.statuses.push('x')
      one.settings.stages['x'] = 'y'
      expect(other.settings.statuses).toEqual([])
      expect(parseSettings('order', {})).toMatchObject({ settings: { statuses: [], stages: {} } })
    }
    expect(one.ok && other.ok).toBe(true)
  })

  it.each(ENTITIES)('have a JSON schema for %s', (entity) => {
    for (const io of ['input', 'output'] as const) {
      expect(z.toJSONSchema(flowSettings[entity], { io })).toHaveProperty('properties')
    }
  })
})

describe('parseSettings', () => {
  const rows: [input: object, path: (string | number)[], message: string, remedy: string][] = [
    [{ sweepSeconds: 5 }, ['sweepSeconds'], '"Seconds between two sweeps" is set to 5.', 'Give at least 30.'],
    [{ customers: 'all' }, ['customers'], '"Customers" is set to "all".', 'Choose one of: create_and_update, create, link_only, off.'],
    [{ startDate: '1-5-2026' }, ['startDate'], '"Start date" is set to "1-5-2026".', 'Write a day such as 2026-05-01, or a moment such as 2026-05-01T00:00:00Z.'],
    [{ startDate: '2026-02-30' }, ['startDate'], '"Start date" is set to "2026-02-30".', 'Write a day such as 2026-05-01, or a moment such as 2026-05-01T00:00:00Z.'],
    [{ alertRecipients: ['a@example.com', 'nobody'] }, ['alertRecipients', 1], '"Send alarms to" is set to "nobody".', 'Write an e-mail address such as shop@example.com.'],
    [{ stages: { paid: 5 } }, ['stages', 'paid'], '"Stage of each status" is set to 5.', 'Give text.'],
    [{ statuses: [''] }, ['statuses', 0], '"Statuses that count" is empty.', 'Give at least 1 character.'],
    [{ statuss: [] }, [], 'There is no setting named "statuss".', 'Take it out.'],
    [{ guests: 'default_contact' }, ['defaultContact'], '"Default contact" is missing.', 'Give the e-mail address of the customer that stands in for guests.'],
    [{ constants: [{ part: 'document', target: 'store' }] }, ['constants', 0, 'value'], '"Value" is missing.', 'Give text.'],
    [{ constants: [{ part: 'document', target: '__proto__', value: 1 }] }, ['constants', 0, 'target'], '"Field" is set to "__proto__".', 'This name cannot be that of a field.'],
    [{ writeBack: { status: 'yes', payment: false, tracking: false } }, ['writeBack', 'status'], '"Status" is set to "yes".', 'Give yes or no.'],
    [{ filter: { equals: 1 } }, ['filter'], '"Filter" is set to an object.', 'Choose a field and a test, such as "is" or "is more than".'],
    [{ taxCodes: [{ rate: '21%', code: 'x' }] }, ['taxCodes', 0, 'rate'], '"Rate in percent" is set to "21%".', 'An amount is decimal text such as "12.50".'],
  ] // prettier-ignore
  it.each(rows)('says of %j what is wrong and what would be right', (input, path, message, remedy) => {
    expect(issuesOf('order', input)).toEqual([expect.objectContaining({ path, message, remedy })])
  })

  it('tells all that is wrong at once, for any input', () => {
    expect(issuesOf('order', { customers: 'x', sweepSeconds: 1, webhooks: 'on' })).toHaveLength(3)
    for (const input of [null, [], 'x', 5, undefined]) expect(issuesOf('stock', input)).toHaveLength(1)
    expect(issuesOf('stock', { buffer: '-1' })[0]?.remedy).toBe('Write a number that is not negative.')
    expect(issuesOf('product', { updateFields: 'none' })[0]?.remedy).toBe(
      'Choose all fields or a list of them.',
    )
  })

  it('takes what the forms give', () => {
    const input = {
      startDate: '2026-05-01', guests: 'default_contact', defaultContact: 'web@example.com', sweepSeconds: 60,
      filter: { greater: { path: ['totals', 'total'], value: 10 } }, constants: [{ part: 'document', target: 'store', value: 7 }],
      taxCodes: [{ rate: '21', country: 'NL', customer: 'business', code: 'V21' }, { code: 'V0' }],
    } // prettier-ignore
    expect(parseSettings('order', input)).toMatchObject({ ok: true, settings: { taxCodes: [{ code: 'V21' }, { rate: null, country: '', customer: 'any' }] } }) // prettier-ignore
    expect(parseSettings('product', { updateFields: ['name'] })).toMatchObject({ ok: true })
  })
})

describe('describeFields', () => {
  const walk = (fields: readonly FormField[]): FormField[] =>
    fields.flatMap((field) => [field, ...walk(field.fields)])

  const isDrafted = (schema: z.ZodType): boolean =>
    (schema.meta() as { drafted?: boolean } | undefined)?.drafted === true

  it.each(ENTITIES)('describes every setting of %s that something reads for a form', (entity) => {
    const fields = describeFields(flowSettings[entity])
    const shown = Object.entries(flowSettings[entity].shape).filter(
      ([, schema]) => !isDrafted(schema as z.ZodType),
    )
    expect(fields.map((field) => field.name)).toEqual(shown.map(([name]) => name))
    for (const field of fields) {
      expect(field.section, field.name).not.toBe('')
      expect(field.description, field.name).toMatch(/\.$/)
      expect(field.required, field.name).toBe(false)
    }
    for (const field of walk(fields)) {
      expect(field.title).not.toBe('')
      expect(WIDGETS).toContain(field.widget)
      if (field.optionsFrom) expect(OPTION_SOURCES).toContain(field.optionsFrom)
      if (field.widget === 'select') expect(field.options.length > 0 || field.optionsFrom !== null, field.name).toBe(true) // prettier-ignore
    }
  })

  it('tells widgets, limits and options', () => {
    const by = Object.fromEntries(describeFields(flowSettings.order).map((field) => [field.name, field]))
    expect(by['sweepSeconds']).toMatchObject({ widget: 'number', min: 30, max: 86400, nullable: true, default: null, advanced: true }) // prettier-ignore
    expect(by['customers']).toMatchObject({ widget: 'select', default: 'create_and_update' })
    expect(by['customers']?.options[2]).toEqual({ value: 'link_only', label: 'Only link those that exist' })
    expect(by['stages']).toMatchObject({ widget: 'table', keysFrom: 'source.statuses', optionsFrom: 'target.stages' }) // prettier-ignore
    expect(by['statuses']).toMatchObject({
      widget: 'multiselect',
      optionsFrom: 'source.statuses',
      default: [],
    })
    expect(by['filter']?.widget).toBe('condition')
    expect(by['constants']?.fields.map((field) => field.widget)).toEqual(['select', 'select', 'text'])
    expect(Object.keys(by)).not.toContain('writeBack')
  })

  it('describes credentials and settings of a connector', () => {
    const schema = z.object({
      url: z.url(),
      key: setting(z.string().min(1), { title: 'Key', description: 'Made in the shop.', section: 'Keys', secret: true }), // prettier-ignore
      region: z.enum(['eu', 'us']).default('eu'),
      port: z.int().min(1).max(65535).optional(),
      count: z.int().default(3),
      mode: z.union([z.literal('a'), z.literal('b')]).nullable(),
      host: z.string().trim().transform((text) => text.toLowerCase()),
    }) // prettier-ignore
    const fields = describeFields(schema)
    expect(fields.map(({ name, widget, required, secret }) => [name, widget, required, secret])).toEqual([
      ['url', 'url', true, false],
      ['key', 'secret', true, true],
      ['region', 'select', false, false],
      ['port', 'number', false, false],
      ['count', 'number', false, false],
      ['mode', 'select', false, false],
      ['host', 'text', true, false],
    ])
    expect(fields[0]).toMatchObject({ title: 'Link', min: null })
    expect(fields[3]).toMatchObject({ min: 1, max: 65535 })
    expect(fields[4]).toMatchObject({ min: null, max: null, default: 3 })
  })

  it('describes the parameters of every transform', () => {
    for (const transform of TRANSFORMS) {
      for (const field of describeFields(transform.params))
        expect(field.description, transform.id).not.toBe('')
    }
  })
})

describe('withConstants', () => {
  it('adds fixed values that win over rules, without touching the mapping', () => {
    const mapping = MappingDocument.parse({
      parts: { document: { rules: [{ target: 'store', value: { kind: 'field', path: ['channel'] } }] } },
    })
    const made = withConstants(mapping, [
      { part: 'document', target: 'store', value: 'S1' },
      { part: 'contact', target: 'store', value: 'S1' },
    ])
    const part = made.parts['document']
    expect(part && applyPart(part, { channel: 'web' }, { lookups: new Map(), on: 'create' }).draft).toEqual({ store: 'S1' }) // prettier-ignore
    expect(Object.keys(made.parts)).toEqual(['document'])
    expect(mapping.parts['document']?.rules).toHaveLength(1)
    expect(MappingDocument.safeParse(made).success).toBe(true)
    expect(withConstants(mapping, [])).toBe(mapping)
  })
})
