import type { Connection, ConnectorInfo, Flow, Run, SyncRecord } from '@crosswalk/shared/contract'
import type { FormField } from '@crosswalk/shared/flows'

const AT = '2026-11-04T14:02:40.000Z'

/** A flow of orders from a shop to HubSpot. */
export const sampleFlow = (of: Partial<Flow> = {}): Flow => ({
  id: 'flow_1',
  name: 'Orders → deals',
  source: {
    connectionId: 'conn_1',
    connector: 'woocommerce',
    label: 'WooCommerce',
    name: 'shop.example.com',
  },
  target: { connectionId: 'conn_2', connector: 'hubspot', label: 'HubSpot', name: 'Example' },
  entity: 'order',
  document: 'deals',
  documentLabel: 'Deals',
  settings: {},
  settingsVersion: 1,
  mappingVersion: 6,
  state: 'active',
  stateReason: null,
  createdAt: AT,
  updatedAt: AT,
  ...of,
})

/** Order #1042, in HubSpot as deal 9021. */
export const sampleRecord = (of: Partial<SyncRecord> = {}): SyncRecord => ({
  flowId: 'flow_1',
  externalId: '1042',
  label: '#1042',
  state: 'linked',
  reason: null,
  complete: true,
  target: { object: 'deals', id: '9021', url: null },
  error: null,
  attempts: 1,
  nextTryAt: null,
  sourceModifiedAt: AT,
  firstSyncedAt: AT,
  syncedAt: AT,
  updatedAt: AT,
  ...of,
})

/** A shop that is connected with keys. */
export const sampleConnection = (of: Partial<Connection> = {}): Connection => ({
  id: 'conn_1',
  connector: 'woocommerce',
  connectorLabel: 'WooCommerce',
  name: 'Example Shop (shop.example.com)',
  origin: 'shop.example.com',
  account: 'Example Shop (shop.example.com)',
  state: 'active',
  stateReason: null,
  settings: { shopUrl: 'https://shop.example.com' },
  credentials: { set: true, hint: '…4f2a', setAt: AT },
  feed: { mode: 'webhooks', reason: 'WooCommerce tells of changes by webhook.', topics: ['order.updated'], everySeconds: 300, lastWebhookAt: AT },
  moved: null,
  copies: [],
  findings: [],
  checkedAt: AT,
  createdAt: AT,
  updatedAt: AT,
  ...of,
}) // prettier-ignore

/** A run over 2,418 orders, half done. */
export const sampleRun = (of: Partial<Run> = {}): Run => ({
  id: 'run_1',
  flowId: 'flow_1',
  kind: 'backfill',
  state: 'running',
  total: 2_418,
  done: 1_209,
  counts: { created: 1_180, updated: 21, unchanged: 0, skipped: 6, failed: 2 },
  rate: 1,
  remainingSeconds: 1_209,
  reason: null,
  requestedBy: null,
  createdAt: AT,
  startedAt: AT,
  finishedAt: null,
  ...of,
})

/** A field of a form as the bridge describes it: a line of text, unless told otherwise. */
export const sampleField = (name: string, of: Partial<FormField> = {}): FormField => ({
  name,
  title: name,
  description: `About ${name}`,
  section: 'One',
  widget: 'text',
  default: undefined,
  required: false,
  nullable: false,
  advanced: false,
  secret: false,
  options: [],
  optionsFrom: null,
  keysFrom: null,
  placeholder: '',
  min: null,
  max: null,
  fields: [],
  ...of,
})

/** A system that nobody here has heard of: it asks for a setting and a key of its own. */
export const madeUpConnector = (of: Partial<ConnectorInfo> = {}): ConnectorInfo => ({
  id: 'moonbase',
  label: 'Moonbase',
  docsUrl: 'https://moonbase.example.com',
  caveat: 'Built from public documentation, not certified.',
  methods: [
    {
      id: 'keys',
      label: 'Airlock keys',
      kind: 'keys',
      limits: null,
      scopes: [],
      fields: [sampleField('airlock', { title: 'Airlock code', widget: 'secret', secret: true, required: true })],
      unavailable: null,
    },
  ],
  settings: [sampleField('crater', { title: 'Crater', required: true })],
  sources: [{ entity: 'order', label: 'Orders', listsByChange: true }],
  documents: [],
  webhooks: null,
  sweepSeconds: 60,
  ...of,
}) // prettier-ignore
