import type { Flow, SyncRecord } from '@crosswalk/shared/contract'

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
