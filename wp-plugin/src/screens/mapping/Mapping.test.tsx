import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { describeFields, setting } from '@crosswalk/shared/flows'
import { Field, MappingDocument, type MappingInput } from '@crosswalk/shared/mapping'
import { fakeBridge, Refusal, show } from '../../testing/bridge.tsx'
import { sampleFlow, sampleRecord } from '../../testing/samples.ts'
import MappingPage from './MappingPage.tsx'

const AT = '2026-11-04T14:02:40.000Z'
const from = (target: string, path: string[], more: object = {}) => ({ target, value: { kind: 'field' as const, path }, ...more }) // prettier-ignore
const RULES: MappingInput = {
  parts: {
    document: {
      rules: [
        from('note', ['customerNote'], { on: 'create' }),
        from('dealname', ['number']),
        from('stage', ['status', 'source'], { transforms: [{ use: 'lookup.table', with: { table: 'Stages' } }] }), // prettier-ignore
      ],
    },
  },
}
const target = (name: string, label: string, more: object = {}) => Field.parse({ name, label, type: 'text', ...more }) // prettier-ignore
const source = (path: string, label: string) => Field.parse({ name: path, path: path.split('.'), label, type: 'text' }) // prettier-ignore
const TARGETS = [target('note', 'Note'), target('dealname', 'Deal name', { required: true }), target('stage', 'Stage'), target('moon', 'Moon phase', { group: 'Sky' })] // prettier-ignore
/** A step that nobody on this page has heard of. */
const SPIN = {
  id: 'hologram.spin',
  label: 'Spin',
  help: 'Turns it round.',
  from: ['text'],
  to: 'text',
  fields: describeFields(
    z.object({
      turns: setting(z.int().min(1), { title: 'Turns', description: 'How often', section: '' }),
    }),
  ),
}
const LOOK = { id: 'lookup.table', label: 'Look up in a table', help: '', from: ['text'], to: 'any', fields: [] } // prettier-ignore

const version = (number: number, more: object = {}) => ({ version: number, current: number === 6, note: null, createdAt: AT, createdBy: 'owner', ...more }) // prettier-ignore
const tried = (more: object = {}) => ({
  record: { externalId: '1042', label: '#1042', readAt: AT },
  examples: { number: '1042', 'status.source': 'packed' },
  custom: [{ ...source('native.meta.gift', 'gift'), group: 'Custom fields', example: 'yes' }],
  parts: [
    {
      role: 'document',
      part: 'document',
      count: 1,
      rules: [
        { index: 0, target: 'note', steps: [], outcome: 'left_out' },
        { index: 1, target: 'dealname', input: '1042', steps: [], outcome: 'written' },
        { index: 2, target: 'stage', input: 'packed', steps: [], outcome: 'failed', problem: '"packed" is not in the lookup table "Stages".' }, // prettier-ignore
      ],
    },
  ],
  problems: [],
  ...more,
})

function bridgeWith(more: Record<string, unknown> = {}, targets = TARGETS) {
  const part = {
    role: 'document', object: 'deals', label: 'Deal', each: 'one', requiredTargets: ['dealname'], targetFields: targets,
    sourceFields: [source('number', 'Number'), source('status.source', 'Status'), source('customerNote', 'Note of the customer')],
  } // prettier-ignore
  return fakeBridge({
    'GET /flows/flow_1': sampleFlow(),
    'GET /flows/flow_1/fields': { parts: [part], lookups: ['Stages'], warning: null },
    'GET /transforms': { items: [LOOK, SPIN] },
    'GET /flows/flow_1/mappings': { items: [version(6), version(5, { note: 'As it was' })] },
    'GET /flows/flow_1/mappings/6': { ...version(6), document: MappingDocument.parse(RULES) },
    'GET /flows/flow_1/mappings/5': { ...version(5), document: MappingDocument.parse({ parts: { document: { rules: [from('dealname', ['id'])] } } }) }, // prettier-ignore
    'GET /flows/flow_1/mapping-diff': { parts: [] },
    'GET /records': { items: [sampleRecord()], next: null },
    'POST /flows/flow_1/mapping-try': tried(),
    ...more,
  })
}
const open = async (bridge = bridgeWith(), role: 'owner' | 'viewer' = 'owner') => {
  const shown = show(<MappingPage flowId="flow_1" />, bridge, role)
  await screen.findByRole('table', { name: 'Rules of Deal' })
  return { ...shown, bridge }
}
const rules = () => within(screen.getByRole('table', { name: 'Rules of Deal' }))
const lastTry = (bridge: ReturnType<typeof bridgeWith>) =>
  bridge.asked.filter(({ call }) => call === 'POST /flows/flow_1/mapping-try').at(-1)?.body as { document: MappingInput } // prettier-ignore
const ruleTried = (bridge: ReturnType<typeof bridgeWith>, at: number) =>
  lastTry(bridge)?.document.parts['document']?.rules[at]
const saveButton = () => screen.getByRole('button', { name: /^Save as version/ })

describe('the rules of a flow', () => {
  it('stand with the needed ones first, in words, and what comes of each for the sample', async () => {
    await open()
    await rules().findByText('1042')
    const rows = rules().getAllByRole('row').slice(1)
    expect(rows.map((row) => row.textContent)).toEqual([
      expect.stringMatching(/^Deal name.*needed.*textNumber.*1042$/),
      expect.stringMatching(
        /^Notetext.*Note of the customer.*new records only.*left as it is, no value came$/,
      ),
      expect.stringMatching(/^Stagetext.*Status.*looked up in the table Stages.*"packed" is not in the lookup table/), // prettier-ignore
    ])
    expect(screen.getByText(/Nothing is stored or written while you try/)).toBeTruthy()
  })

  it('are marked where they cannot work, with what to do, and cannot be saved so', async () => {
    const problem = { code: 'unknown_target_field', path: ['parts', 'document', 'rules', 0, 'target'], part: 'document', rule: 0, target: 'note', message: 'The target has no field "note".', remedy: 'Did you mean notes?' } // prettier-ignore
    const gone = TARGETS.filter(({ name }) => name !== 'note')
    await open(bridgeWith({ 'POST /flows/flow_1/mapping-try': tried({ problems: [problem] }) }, gone))
    const row = (await rules().findByText(/Did you mean notes/)).closest('tr')
    expect(row?.textContent).toContain('gone')
    expect(screen.getByRole('tab', { name: 'Deal – 1 problem' })).toBeTruthy()
    await userEvent.click(rules().getByRole('button', { name: 'Stage' }))
    await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Written for' }), 'new records only')
    expect(saveButton().getAttribute('aria-disabled')).toBe('true')
    await userEvent.click(rules().getByRole('button', { name: 'Stage' }))
  })

  it('take a step and a field that nobody wrote a line for, and are tried 300 ms after a change', async () => {
    const { bridge } = await open()
    await userEvent.click(await screen.findByText('1 field in HubSpot is not filled'))
    await userEvent.click(await screen.findByRole('button', { name: /^Fill it/ }))
    const editor = within(screen.getByRole('group', { name: 'Rule for Moon phase' }))
    expect(saveButton().getAttribute('aria-disabled')).toBe('true')
    await userEvent.type(editor.getByRole('combobox', { name: 'Field' }), 'gift')
    await userEvent.click(await screen.findByRole('option', { name: /gift/ }))
    await userEvent.selectOptions(editor.getByRole('combobox', { name: 'Add a step' }), 'hologram.spin')
    await userEvent.type(editor.getByRole('textbox', { name: 'Turns *' }), '3')
    await waitFor(() =>
      expect(ruleTried(bridge, 3)).toEqual({
        target: 'moon',
        value: { kind: 'field', path: ['native', 'meta', 'gift'] },
        transforms: [{ use: 'hologram.spin', with: { turns: 3 } }],
        on: 'both',
        onEmpty: 'omit',
      }),
    )
    expect(saveButton().getAttribute('aria-disabled')).toBeNull()
    expect(document.querySelector('[data-target="moon"]')?.textContent).toContain('Spin (3)')
  })

  it('tell step by step how a result came about', async () => {
    await open()
    await userEvent.click(rules().getByRole('button', { name: 'Stage' }))
    const trace = await screen.findByRole('list', { name: 'How Stage came about' })
    expect(within(trace).getAllByRole('listitem').map((item) => item.textContent)).toEqual(['Status: packed', '"packed" is not in the lookup table "Stages".']) // prettier-ignore
  })

  it('go by keys: arrows, Enter, Escape back to the line, Alt and arrows to move', async () => {
    const { bridge } = await open()
    const line = (name: string) => rules().getByRole('button', { name: new RegExp(`^${name}`) })
    line('Deal name').focus()
    await userEvent.keyboard('{ArrowDown}')
    expect(document.activeElement).toBe(line('Note'))
    await userEvent.keyboard('{Enter}')
    expect(document.activeElement?.closest('[role=group]')?.getAttribute('aria-label')).toBe('Rule for Note')
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(document.activeElement).toBe(line('Note')))
    fireEvent.keyDown(line('Note'), { key: 'ArrowDown', altKey: true })
    await waitFor(() => expect(ruleTried(bridge, 1)?.target).toBe('note'))
    expect(document.activeElement).toBe(line('Note'))
  })
})

/** Changes a rule, so that there is something to save. */
async function change() {
  await userEvent.click(rules().getByRole('button', { name: /^Note/ }))
  await userEvent.selectOptions(screen.getByRole('combobox', { name: 'Written for' }), 'new and changed records') // prettier-ignore
  await userEvent.click(screen.getByRole('button', { name: 'Close' }))
}

describe('rules that were changed', () => {
  const overview = { connections: [], flows: [{ id: 'flow_1', name: '', state: 'active', health: 'good', text: '', records: { linked: 2418, skipped: 0, failed: 0, pending: 0, deleted: 0 }, lastSyncedAt: null, reconcile: null }], days: [], failures: 0, alarms: 0, openRuns: 0, now: AT } // prettier-ignore
  const saving = (answer: unknown) => bridgeWith({ 'GET /overview': overview, 'POST /flows/flow_1/mappings': answer, 'POST /flows/flow_1/runs': { id: 'run_1', flowId: 'flow_1', kind: 'backfill', state: 'queued', total: null, done: 0, counts: { created: 0, updated: 0, unchanged: 0, skipped: 0, failed: 0 }, rate: null, remainingSeconds: null, reason: null, requestedBy: null, createdAt: AT, startedAt: null, finishedAt: null } }) // prettier-ignore
  const savedAs = (number: number) => ({ body }: { body: unknown }) => ({ ...version(number), current: true, document: (body as { document: unknown }).document }) // prettier-ignore

  it('are saved as a version, with how many records it is for; those in place only when that is wanted', async () => {
    const { bridge } = await open(saving(savedAs(7)))
    await change()
    await userEvent.click(saveButton())
    const question = within(await screen.findByRole('dialog', { name: 'Save these rules as version 7?' }))
    await question.findByText(/2,418 records are in HubSpot already/)
    expect(question.getByRole('radio', { name: /left as they are/ })).toHaveProperty('checked', true)
    await userEvent.click(question.getByText('1 change'))
    expect(question.getByText('new records only').tagName).toBe('DEL')
    await userEvent.click(question.getByRole('radio', { name: /to the 2,418 in place/ }))
    await userEvent.click(question.getByRole('button', { name: 'Save as version 7' }))
    await screen.findByText(/Version 7 is saved.*2,418 records in place are looked at again/)
    expect(bridge.asked.find(({ call }) => call === 'POST /flows/flow_1/mappings')?.body).toMatchObject({ basedOn: 6 }) // prettier-ignore
    expect(bridge.asked.find(({ call }) => call === 'POST /flows/flow_1/runs')?.body).toEqual({ kind: 'backfill', existing: true }) // prettier-ignore
  })

  it('are not lost where somebody saved meanwhile: the difference is shown, and mine can follow theirs', async () => {
    const theirs = { ...version(7), current: true, document: MappingDocument.parse({ parts: { document: { rules: RULES.parts['document']?.rules.slice(0, 2) } } }) } // prettier-ignore
    const { bridge } = await open(saving(new Refusal(409, 'conflict', 'Somebody saved another version.')))
    await change()
    Object.assign(bridge.answers, { 'GET /flows/flow_1': sampleFlow({ mappingVersion: 7 }), 'GET /flows/flow_1/mappings/7': theirs }) // prettier-ignore
    await userEvent.click(saveButton())
    await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: /^Save as/ }))
    await userEvent.click(await screen.findByRole('button', { name: 'See the difference' }))
    const beside = screen.getByRole('heading', { name: 'What they changed' }).nextElementSibling
    expect(beside?.textContent).toContain('Removed Stage: Status, looked up in the table Stages')
    await userEvent.click(screen.getByRole('button', { name: /^Keep mine/ }))
    bridge.answers['POST /flows/flow_1/mappings'] = savedAs(8)
    await userEvent.click(screen.getByRole('button', { name: 'Save as version 8' }))
    await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: /^Save as/ }))
    await screen.findByText(/Version 8 is saved/)
    expect(bridge.asked.filter(({ call }) => call === 'POST /flows/flow_1/mappings').at(-1)?.body).toMatchObject({ basedOn: 7 }) // prettier-ignore
  })

  it('are still there after a reload, until they are dropped', async () => {
    const { unmount } = await open()
    await change()
    unmount()
    await open()
    await screen.findByText('Your changes from before were kept. They are not saved yet.')
    expect(screen.getByText('1 change not saved')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: 'Drop them' }))
    expect(saveButton().getAttribute('aria-disabled')).toBe('true')
    expect(sessionStorage).toHaveLength(0)
  })

  it('that an older page kept in another shape do no harm', async () => {
    sessionStorage.setItem('crosswalk rules flow_1', JSON.stringify({ basedOn: 6, document: { parts: [7] } }))
    await open()
    expect(screen.queryByText(/not saved/)).toBeNull()
  })

  it('can be those of an older version, as a new one', async () => {
    await open()
    await userEvent.click(screen.getByRole('button', { name: 'Take up version 5' }))
    await waitFor(() => expect(screen.getByText('3 changes not saved')).toBeTruthy())
    expect(saveButton().textContent).toBe('Save as version 7')
  })
})

describe('very many fields', () => {
  const many = [
    ...TARGETS.slice(0, 3),
    ...Array.from({ length: 1000 }, (_, at) => target(`f${at}`, `Field ${at}`)),
  ]

  it('are folded, counted, drawn as far as they are seen, searched, and reached by keys', async () => {
    await open(bridgeWith({}, many))
    await userEvent.click(screen.getByText('1,000 fields in HubSpot are not filled'))
    const table = within(await screen.findByRole('table', { name: 'Fields that are not filled' }))
    expect(screen.getByRole('table', { name: 'Fields that are not filled' }).getAttribute('aria-rowcount')).toBe('1001') // prettier-ignore
    expect(table.getAllByRole('row').length).toBeLessThan(40)
    table.getByRole('button', { name: /Field 0$/ }).focus()
    await userEvent.keyboard('{End}')
    await waitFor(() => expect(document.activeElement?.textContent).toContain('Field 999'))
    expect(document.activeElement?.closest('tr')?.getAttribute('aria-rowindex')).toBe('1001')
    await userEvent.type(screen.getByRole('searchbox', { name: 'Search fields' }), 'field 77')
    expect(screen.getByText('11 fields')).toBeTruthy()
  })
})

it('who may only look sees the rules; nobody’s data is asked for', async () => {
  const { bridge } = await open(bridgeWith(), 'viewer')
  expect(rules().getByText('Deal name')).toBeTruthy()
  expect(screen.queryByRole('button', { name: /^Save as/ })).toBeNull()
  expect(screen.getByText(/Ask the owner for the role “operator”/)).toBeTruthy()
  expect(bridge.asked.map(({ call }) => call)).not.toContain('POST /flows/flow_1/mapping-try')
})

it('a record that cannot be read leaves the rules on the page, with the reason', async () => {
  const { bridge } = await open(bridgeWith({ 'POST /flows/flow_1/mapping-try': new Refusal(502, 'other_system_failed', 'The shop does not answer.') })) // prettier-ignore
  await screen.findByText('The shop does not answer.')
  bridge.answers['POST /flows/flow_1/mapping-try'] = tried()
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }))
  await rules().findByText('1042')
})
