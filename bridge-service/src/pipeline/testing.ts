// Test support: a made-up shop and a made-up CRM in memory, spoken to through the connector protocol without a network.
import { compilePart, MappingDocument, readyLookups, type MappingInput } from '@crosswalk/shared/mapping'
import { OrderSettings, type Role } from '@crosswalk/shared/flows'
import type { Order } from '@crosswalk/shared/model'
import {
  ConnectorError,
  type Call,
  type Connector,
  type Conversation,
  type Matcher,
  type Outcome,
  type Page,
  type PageRequest,
  type PartInput,
  type Reply,
  type TargetObject,
  type Write,
} from '@crosswalk/connectors/sdk'
import { sampleLine, sampleOrder } from '@crosswalk/shared/flows/sample-order'
import type { FlowRuntime } from '../runtime/flow-runtime.ts'
import type { Store } from '../store/database.ts'
import { createVault } from '../store/vault.ts'
import { createBudget } from '../jobs/budget.ts'
import { loadLinks } from '../store/links.ts'
import { silentLog } from '../store/testing.ts'
import type { AccountTrouble } from './batch.ts'
import { batchContext, claim, type PipelineDeps } from './context.ts'
import { takeEdits } from './edits.ts'
import { link } from './link.ts'
import { syncRecords } from './sync-records.ts'
import { newWork, type RecordWork } from './work.ts'

interface Record_ {
  id: string
  fields: Record<string, unknown>
  links: Set<string>
}

/** The made-up CRM: keeps records by object, knows unique keys, and fails as it is told. */
export function memoryCrm() {
  const objects = new Map<string, Map<string, Record_>>()
  const calls: { op: string; object: string; inputs: readonly PartInput[] }[] = []
  /** Called before a call is carried out; may throw, or return a function that runs after it was. */
  let before: (op: string, object: string, inputs: readonly PartInput[]) => void | (() => void) = () =>
    undefined
  let next = 1
  const hidden = new Set<string>()
  const loose = new Set<string>()
  const table = (object: string): Map<string, Record_> => {
    const found = objects.get(object) ?? new Map<string, Record_>()
    objects.set(object, found)
    return found
  }
  const keyFieldOf = (object: string): string => (object === 'people' ? 'email' : 'key')
  const holders = (object: string, key: unknown): Record_[] =>
    [...table(object).values()].filter((record) => record.fields[keyFieldOf(object)] === key)
  const holder = (object: string, key: unknown): Record_ | undefined => holders(object, key)[0]

  function carryOut(op: string, object: string, inputs: readonly PartInput[]): Outcome[] {
    return inputs.map((input): Outcome => {
      const { trace } = input
      const failed = (kind: 'invalid' | 'not_found', publicMessage: string): Outcome => ({ trace, result: 'failed', kind, publicMessage }) // prettier-ignore
      if (input.draft['bad'] === true) return failed('invalid', 'bad is not allowed')
      if (op === 'create') {
        const taken = input.key === null || loose.has(object) ? undefined : holder(object, input.key)
        if (taken) return { trace, result: 'exists', id: taken.id }
        const id = String(next++)
        const links = new Set(input.refs.filter((ref) => ref.as.kind === 'association').map((ref) => `${ref.object}:${ref.id}`)) // prettier-ignore
        table(object).set(id, { id, fields: { ...input.draft }, links })
        return { trace, result: 'written', id }
      }
      const record = table(object).get(input.id ?? '')
      if (!record) return failed('not_found', 'it is not there')
      if (op === 'archive') table(object).delete(record.id)
      else Object.assign(record.fields, input.draft)
      return { trace, result: 'written', id: record.id }
    })
  }

  return {
    objects,
    calls,
    all: (object: string) => [...table(object).values()],
    fail: (hook: typeof before) => void (before = hook),
    heal: () => void (before = () => undefined),
    /** As an index that lags: searches of that object find nothing until `show`. */
    hide: (object: string) => void hidden.add(object),
    show: () => hidden.clear(),
    /** As a portal that has no unique property for that object: it takes a key twice. */
    loosen: (object: string) => void loose.add(object),
    put: (object: string, fields: Record<string, unknown>): string => {
      const id = String(next++)
      table(object).set(id, { id, fields, links: new Set() })
      return id
    },
    remove: (object: string, id: string) => table(object).delete(id),
    send: async (call: Call): Promise<Reply> => {
      const { op, object, inputs } = call.body as { op: string; object: string; inputs: readonly PartInput[] }
      calls.push({ op, object, inputs })
      const after = before(op, object, inputs)
      if (op === 'associate' || op === 'dissociate') {
        for (const pair of inputs as unknown as { from: string; to: string; toObject: string }[]) {
          const links = table(object).get(pair.from)?.links
          if (op === 'associate') links?.add(`${pair.toObject}:${pair.to}`)
          else links?.delete(`${pair.toObject}:${pair.to}`)
        }
        return { status: 200, headers: {}, body: null }
      }
      if (op === 'find') {
        const values = inputs as unknown as readonly string[]
        const body = values.flatMap((value) => {
          const held = hidden.has(object) ? [] : holders(object, value)
          return held.map((record) => ({ key: value, id: record.id, values: record.fields }))
        })
        return { status: 200, headers: {}, body }
      }
      if (op === 'read') {
        const body = (inputs as unknown as readonly string[]).flatMap((id) => {
          const record = table(object).get(id)
          return record ? [{ key: id, id, values: record.fields }] : []
        })
        return { status: 200, headers: {}, body }
      }
      const body = carryOut(op, object, inputs)
      after?.()
      return { status: 200, headers: {}, body }
    },
  }
}
export type MemoryCrm = ReturnType<typeof memoryCrm>

const write = (op: string, object: string): Write => ({
  max: 100,
  call: (inputs) => ({ path: '/', body: { op, object, inputs }, repeatable: op !== 'create' }),
  outcomes: (reply) => reply.body as Outcome[],
})

function crmObject(object: string, ours: boolean): TargetObject {
  const byKey: Matcher = {
    id: 'key',
    label: 'key',
    max: 100,
    lagMs: 0,
    *find(values): Conversation<never> {
      return (yield { path: '/', body: { op: 'find', object, inputs: values } }).body as never
    },
  }
  return {
    label: object,
    keyField: () => (object === 'people' ? 'email' : 'key'),
    keyIs: () => ({ unique: true, ours }),
    byKey: () => byKey,
    matchers: {},
    create: write('create', object),
    update: write('update', object),
    archive: write('archive', object),
    read: {
      max: 100,
      *byIds(ids): Conversation<never> {
        return (yield { path: '/', body: { op: 'read', object, inputs: ids } }).body as never
      },
    },
    shown: { fields: ['name'], label: ({ name }) => String(name ?? ''), url: () => null },
    fields: () => [],
    normalise: (_field, value) => (value === undefined ? null : value),
  }
}

const association = { kind: 'association', category: 'X', typeId: 1 } as const
const toFirm = { ...association, typeId: 2 } as const

/** The made-up CRM as a connector: firms, people, goods, deals with rows. */
const crmConnector = {
  id: 'crm',
  label: 'Crm',
  http: { timeoutMs: 5_000 },
  objects: {
    firms: crmObject('firms', true),
    people: crmObject('people', false),
    goods: crmObject('goods', true),
    deals: crmObject('deals', true),
    rows: crmObject('rows', true),
  },
  associate: {
    max: 1000,
    call: (from: string, to: string, pairs: readonly { from: string; to: string }[]) => ({
      path: '/',
      body: { op: 'associate', object: from, inputs: pairs.map((pair) => ({ ...pair, toObject: to })) },
    }),
    remove: (from: string, to: string, pairs: readonly { from: string; to: string }[]) => ({
      path: '/',
      body: { op: 'dissociate', object: from, inputs: pairs.map((pair) => ({ ...pair, toObject: to })) },
    }),
  },
} as unknown as Connector

const field = (target: string, path: (string | number)[], more: object = {}) => ({
  target,
  value: { kind: 'field' as const, path },
  ...more,
})

const mapping: MappingInput = {
  parts: {
    company: { rules: [field('name', ['customer', 'company'])] },
    contact: {
      rules: [
        field('email', ['customer', 'email']),
        field('name', ['customer', 'lastName'], { on: 'create' }),
        field('phone', ['customer', 'phone']),
      ],
    },
    product: { rules: [field('name', ['item', 'name'])] },
    document: {
      rules: [
        field('title', ['number']),
        field('total', ['totals', 'total']),
        field('stage', ['status', 'source'], {
          transforms: [{ use: 'lookup.table', with: { table: 'stages' } }],
        }),
        field('bad', ['native', 'bad']),
      ],
    },
    line: { rules: [field('name', ['item', 'name']), field('quantity', ['item', 'quantity'])] },
  },
}

const steps = [
  { role: 'company', object: 'firms', each: 'one', shared: true, key: ({ record }: { record: Order }) => record.customer.company || null, match: {}, refs: [], whenGone: 'keep' }, // prettier-ignore
  { role: 'contact', object: 'people', each: 'one', shared: true, key: ({ record }: { record: Order }) => record.customer.email, match: {}, refs: [{ role: 'company', as: association, required: false }], whenGone: 'keep' }, // prettier-ignore
  { role: 'product', object: 'goods', each: 'lines', shared: true, key: ({ item }: { item: { sku: string } }) => item.sku || null, match: {}, refs: [], whenGone: 'keep' }, // prettier-ignore
  { role: 'document', object: 'deals', each: 'one', shared: false, key: ({ record }: { record: Order }) => `shop:${record.id}`, match: {}, refs: [{ role: 'contact', as: association, required: false }, { role: 'company', as: toFirm, required: false }], whenGone: 'keep' }, // prettier-ignore
  { role: 'line', object: 'rows', each: 'lines', shared: false, key: ({ record, item }: { record: Order; item: { id: string } }) => `shop:${record.id}:${item.id}`, match: {}, refs: [{ role: 'document', as: association, required: true }, { role: 'product', as: { kind: 'field', field: 'good' }, required: false }], whenGone: 'archive' }, // prettier-ignore
] as unknown as FlowRuntime['document']['steps']

/** An order of the made-up shop: what the shop holds is the canonical order itself. */
export const shopOrder = (id: string, changes: Partial<Order> = {}): Order => {
  const base = sampleOrder({ id, number: id })
  return {
    ...base,
    customer: { ...base.customer, email: `buyer${id}@example.com`, company: '' },
    lines: [
      sampleLine({ id: '1', sku: 'TEA', name: 'Tea' }),
      sampleLine({ id: '2', sku: 'CUP', name: 'Cup' }),
    ],
    ...changes,
  }
}

/** A flow from the made-up shop to the made-up CRM. `orders` is what the shop holds now. */
export function memoryFlow(
  orders: Map<string, Order>,
  crm: MemoryCrm,
  settings: Partial<OrderSettings> = {},
): FlowRuntime {
  const parsed = OrderSettings.parse({ stages: { processing: 'open', completed: 'won' }, ...settings })
  const document = MappingDocument.parse(mapping)
  const source = {
    native: undefined,
    label: 'Orders',
    pageSize: 100,
    listsByChange: true,
    key: (order: Order) => order.id,
    *many(ids: readonly string[]): Conversation<Order[]> {
      yield { path: '/' }
      return ids.flatMap((id) => orders.get(id) ?? [])
    },
    *page({ position }: PageRequest): Conversation<Page<Order>> {
      yield { path: '/' }
      const all = [...orders.values()]
      const from = Number(position ?? 0)
      const to = from + source.perPage
      const next = to < all.length ? to : null
      return { records: all.slice(from, to), next, total: all.length, sourceClock: '2026-03-01T00:00:00Z' }
    },
    /** Records on a page of the made-up shop. */
    perPage: 2,
    decode: (order: Order) => structuredClone(order),
  }
  const connection = (id: string, connector: Connector, send: MemoryCrm['send']) => ({
    id,
    workspaceId: 'ws_1',
    row: { state: 'active' },
    connector,
    http: {
      send: async (call: Call, options: { ready?: () => Promise<void> } = {}) => {
        await options.ready?.()
        return send(call)
      },
      drive: async <T>(conversation: Conversation<T>): Promise<T> => {
        let step = conversation.next()
        while (!step.done) step = conversation.next(await send(step.value))
        return step.value
      },
    },
    facts: () => ({}),
    context: () => ({ settings: {}, facts: {}, origin: 'shop.example.com', now: new Date() }),
    close: async () => undefined,
  })
  return {
    id: 'flow_1',
    workspaceId: 'ws_1',
    row: { state: 'active' },
    entity: 'order',
    document: { label: 'Deal', entity: 'order', object: 'deals', steps, mapping, url: () => null, deletedDraft: () => ({ stage: 'deleted' }) }, // prettier-ignore
    settings: parsed,
    mappingVersion: 1,
    rulesHash: `r${JSON.stringify(settings)}`,
    compiled: new Map(
      Object.entries(document.parts).map(([role, part]) => [role as Role, compilePart(part)]),
    ),
    mapping: document,
    lookups: readyLookups([
      {
        name: 'stages',
        entries: Object.entries(parsed.stages).map(([from, to]) => ({ from, to })),
        fallback: null,
      },
    ]),
    detail: [],
    closedStages: new Set(['won']),
    origin: 'shop',
    scope: {},
    source: {
      connection: connection('conn_shop', { http: { timeoutMs: 5_000 } } as Connector, async () => ({ status: 200, headers: {}, body: null })), // prettier-ignore
      definition: source,
    },
    target: { connection: connection('conn_crm', crmConnector, crm.send) },
  } as unknown as FlowRuntime
}

export function pipelineDeps(store: Store): PipelineDeps {
  return {
    store,
    vault: createVault(Buffer.alloc(32, 7)),
    budget: createBudget(store.db),
    clock: { now: () => Date.now() },
    log: silentLog,
    allowHosts: [],
    holder: 'test',
    faultPoint: () => undefined,
  }
}

/** An answer that never came although the call was carried out. */
export const lostAnswer = (): ConnectorError =>
  new ConnectorError({ kind: 'unavailable', publicMessage: 'no answer came', ambiguous: true })

/** Brings the named orders up to date in one batch, as a worker would, and stores what became of them. */
export async function syncOnce(
  ids: readonly string[],
  flow: FlowRuntime,
  deps: PipelineDeps,
): Promise<{ works: RecordWork[]; trouble: AccountTrouble | null }> {
  const { leases } = await claim(flow, ids, deps)
  const links = await loadLinks(deps.store.db, flow.id, ids)
  const works = ids.map((id) => newWork(id, leases.get(id) ?? null, links.get(id) ?? null, Date.now()))
  await takeEdits(deps.store.db, flow, works, deps.vault)
  const options = { lane: 'live', runId: null, trace: true, signal: new AbortController().signal } as const
  const context = batchContext(flow, [...leases.values()], options, deps)
  const trouble = await syncRecords(works, context)
  await deps.store.db.transaction().execute((tx) => link(tx, works, context))
  return { works, trouble }
}
