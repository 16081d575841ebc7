import { render, screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { useState } from '@wordpress/element'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { ConnectorInfo } from '@crosswalk/shared/contract'
import { describeFields, flowSettings, setting, WIDGETS, type Widget } from '@crosswalk/shared/flows'
import { createApi } from '../bridge.tsx'
import { fakeBridge } from '../../testing/bridge.tsx'
import { type FieldProblem, type FormField, problemsOf, startValues, type Values } from './model.ts'
import { SchemaForm } from './SchemaForm.tsx'

const say = (title: string, more: object = {}) => ({
  title,
  description: `About ${title}`,
  section: 'One',
  ...more,
})
type Options = Record<string, { value: string; label: string }[]>

/** Shows a form; `held.values` is what it holds. Saving finds what is wrong. */
function showForm(fields: readonly FormField[], given: Values = {}, options: Options = {}) {
  const held: { values: Values } = { values: startValues(fields, given) }
  function Page() {
    const [values, setValues] = useState(held.values)
    const [problems, setProblems] = useState<readonly FieldProblem[]>([])
    held.values = values
    return (
      <>
        <SchemaForm fields={fields} values={values} onChange={setValues} problems={problems} options={options} />
        <button onClick={() => setProblems(problemsOf(fields, values))}>Save</button>
      </>
    )
  }
  render(<Page />)
  return held
} // prettier-ignore
const fieldsOf = (shape: Record<string, z.ZodType>) => describeFields(z.object(shape))

describe('a connector that is new', () => {
  it('has its settings on the page without a line written for them', async () => {
    const madeUp: ConnectorInfo = {
      id: 'moonbase', label: 'Moonbase', docsUrl: 'https://moonbase.example.com', caveat: null, sources: [], documents: [],
      webhooks: null, sweepSeconds: 60,
      // Its bridge is newer than this page and knows a way to show it that nobody has heard of here.
      settings: fieldsOf({ crater: setting(z.string().min(1), say('Crater')) }).map((field) => ({ ...field, widget: 'hologram' as Widget })),
      methods: [{
        id: 'keys', label: 'Keys', kind: 'keys', limits: null, scopes: [], unavailable: null,
        fields: fieldsOf({ airlock: setting(z.string(), say('Airlock code', { secret: true })) }),
      }],
    } // prettier-ignore
    const bridge = fakeBridge({ 'GET /connectors': { connectors: [madeUp], pairs: [] } })
    const { connectors } = await createApi(bridge.transport).connectors.list()
    const held = showForm([...(connectors[0]?.settings ?? []), ...(connectors[0]?.methods[0]?.fields ?? [])])
    await userEvent.type(screen.getByRole('textbox', { name: 'Crater *' }), 'Plato')
    const secret = screen.getByLabelText('Airlock code *')
    await userEvent.type(secret, 'x7 ')
    await userEvent.tab()
    expect([secret.getAttribute('type'), held.values]).toEqual([
      'password',
      { crater: 'Plato', airlock: 'x7' },
    ])
  })
})

describe('every setting of every kind of flow', () => {
  it.each(Object.entries(flowSettings))('is on the page: %s', (_entity, schema) => {
    const fields = describeFields(schema)
    showForm(fields)
    for (const { title, name, required } of fields) {
      const place = document.querySelector(`[data-field="${name}"]`)
      expect(place?.textContent, name).toContain(required ? `${title} *` : title)
      expect(place?.querySelector('input, select, textarea, button'), name).not.toBeNull()
    }
  })

  it('and nothing has changed by showing it', () => {
    for (const schema of Object.values(flowSettings)) {
      const defaults = schema.parse({}) as Values
      const held = showForm(describeFields(schema), defaults)
      expect(held.values).toEqual(defaults)
    }
  })
})

describe('ways to fill in', () => {
  it.each([...WIDGETS, 'hologram'])('there is one for %s', (widget) => {
    const [field] = fieldsOf({ it: setting(z.string().nullable().default(null), say('It')) }) as [FormField]
    showForm([{ ...field, widget: widget as Widget, fields: widget === 'group' ? [field] : [] }])
    expect(document.querySelector('[data-field="it"]')?.textContent).toContain('It')
    expect(document.querySelector('[data-field="it"] :is(input, select, textarea, button)')).not.toBeNull()
  })

  it('choose among few at once, among some in a list, and search among many', () => {
    const letters = (count: number) => z.enum(Array.from({ length: count }, (_, at) => `v${at}`) as [string, ...string[]])
    const field = (count: number) => setting(letters(count).default('v0'), say(`Of ${count}`))
    showForm(fieldsOf({ few: field(3), some: field(12), many: field(13) }))
    expect(screen.getAllByRole('radio')).toHaveLength(3)
    expect(screen.getByRole('combobox', { name: 'Of 12' }).tagName).toBe('SELECT')
    expect(screen.getByRole('combobox', { name: 'Of 13' }).tagName).toBe('INPUT')
  }) // prettier-ignore

  it('keep an answer that is not on the list any more, and let it be typed where there is no list', async () => {
    const stage = setting(z.string().nullable().default(null), say('Stage', { optionsFrom: 'target.stages' }))
    const fields = fieldsOf({ stage })
    const held = showForm(
      fields,
      { stage: 'old' },
      { 'target.stages': [{ value: 'new', label: 'New deal' }] },
    )
    const list = screen.getByRole('combobox', { name: 'Stage' })
    expect(within(list).getByRole('option', { selected: true }).textContent).toBe('old (not on the list)')
    await userEvent.selectOptions(list, 'New deal')
    expect(held.values).toEqual({ stage: 'new' })
  })

  it('take a number with a comma, and keep what is none to complain of it', async () => {
    const held = showForm(fieldsOf({ much: setting(z.number().min(1).max(5).default(2), say('Much')) }))
    const box = screen.getByRole('textbox', { name: 'Much' })
    await userEvent.clear(box)
    await userEvent.type(box, '1,5')
    expect([held.values, (box as HTMLInputElement).value]).toEqual([{ much: 1.5 }, '1,5'])
    await userEvent.type(box, 'x')
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    expect(screen.getByRole('link', { name: 'Much: “1,5x” is not a number.' })).toBeTruthy()
  })

  it('fill in pairs for the names a system tells of, and for others', async () => {
    const pairs = setting(z.record(z.string(), z.string()).default({}), say('Stages', { keysFrom: 'source.statuses', optionsFrom: 'target.stages' })) // prettier-ignore
    const held = showForm(
      fieldsOf({ pairs }),
      { pairs: { gone: 's1' } },
      {
        'source.statuses': [{ value: 'packed', label: 'Packed' }],
        'target.stages': [{ value: 's1', label: 'Won' }],
      },
    )
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Packed' }), 'Won')
    expect(held.values).toEqual({ pairs: { gone: 's1', packed: 's1' } })
    await userEvent.click(screen.getByRole('button', { name: 'Remove gone' }))
    expect(held.values).toEqual({ pairs: { packed: 's1' } })
  })

  it('add lines with their defaults, and take the right one away', async () => {
    const row = z.object({ country: setting(z.string().default(''), say('Country')), code: setting(z.string(), say('Code')) }) // prettier-ignore
    const held = showForm(fieldsOf({ codes: setting(z.array(row).default([]), say('Codes')) }))
    await userEvent.click(screen.getByRole('button', { name: 'Add a line' }))
    await userEvent.click(screen.getByRole('button', { name: 'Add a line' }))
    const codes = screen.getAllByRole('textbox', { name: 'Code *' })
    await userEvent.type(codes[0] as HTMLElement, 'A')
    await userEvent.type(codes[1] as HTMLElement, 'B')
    await userEvent.click(screen.getByRole('button', { name: 'Remove line 1' }))
    expect(held.values).toEqual({ codes: [{ country: '', code: 'B' }] })
  })

  it('make a filter out of tests', async () => {
    const [filter] = describeFields(flowSettings.order).filter(({ name }) => name === 'filter')
    const held = showForm([filter as FormField], {}, { 'source.fields': [{ value: 'billing.city', label: 'City' }] })
    await userEvent.click(screen.getByText(/more setting/))
    await userEvent.click(screen.getByRole('button', { name: 'Add a test' }))
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Field' }), 'City')
    await userEvent.type(screen.getByRole('textbox', { name: 'Value' }), 'Utrecht')
    expect(held.values).toEqual({ filter: { all: [{ equals: { path: ['billing', 'city'], value: 'Utrecht' } }] } })
  }) // prettier-ignore
})

describe('what is wrong', () => {
  const rare = setting(z.string(), say('Rare', { advanced: true }))

  it('stands at its field and on top, and the first one has the focus, also behind a disclosure', async () => {
    showForm(fieldsOf({ rare, name: setting(z.string().default('x'), say('Name')) }))
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    expect(await screen.findByText('1 answer needs another look.', { selector: '.cw-message *' })).toBeTruthy()
    const box = screen.getByRole('textbox', { name: 'Rare *' })
    await waitFor(() => expect(document.activeElement).toBe(box))
    expect(box.closest('details')?.open).toBe(true)
    const told = box.getAttribute('aria-describedby')?.split(' ').map((id) => document.getElementById(id)?.textContent)
    expect(told?.join()).toContain('This is needed.')
    expect(box.getAttribute('aria-invalid')).toBe('true')
  }) // prettier-ignore
})
