import { causeRef, renderCause, renderGroup, type CauseKey } from '@crosswalk/shared/causes'
import type { Failure, FailureGroup, Run } from '@crosswalk/shared/contract'

const AT = '2026-11-04T12:10:00.000Z'

/** Order #1040 of the sample flow, without a stage for its status. */
export const sampleFailure = (of: Partial<Failure> = {}): Failure => ({
  flowId: 'flow_1',
  externalId: '1040',
  label: '#1040',
  state: 'open',
  group: 'g1',
  cause: renderCause(causeRef('stage_missing', { system: 'HubSpot', status: 'packed' })),
  amount: { total: '56.25', currency: 'EUR' },
  firstAt: AT,
  lastAt: AT,
  tries: 1,
  nextTryAt: null,
  note: null,
  by: null,
  closedAt: null,
  ended: null,
  ...of,
})

/** A cause with its records. */
export const sampleGroup = (
  key: CauseKey = 'stage_missing',
  params: Record<string, string> = { status: 'packed' },
  of: Partial<FailureGroup> = {},
): FailureGroup => ({
  id: 'g1',
  cause: renderGroup(causeRef(key, { system: 'HubSpot', ...params })),
  count: 2,
  since: AT,
  newestAt: AT,
  nextTryAt: null,
  flows: [{ id: 'flow_1', name: 'Orders → deals', entity: 'order', count: 2 }],
  sums: [{ total: '614.06', currency: 'EUR' }],
  samples: [sampleFailure()],
  standing: null,
  ...of,
})

export const sampleGroups = (items: FailureGroup[], counts: object = {}) => ({
  items,
  counts: {
    open: items.reduce((sum, { count }) => sum + count, 0),
    waiting: 0,
    ignored: 0,
    solvedByItself: 0,
    solved: 0,
    ...counts,
  },
  lastEndedAt: null,
})

export const sampleRun = (of: Partial<Run> = {}): Run => ({
  id: 'run_1',
  flowId: 'flow_1',
  kind: 'replay',
  state: 'succeeded',
  total: 2,
  done: 2,
  counts: { created: 2, updated: 0, unchanged: 0, skipped: 0, failed: 0 },
  rate: null,
  remainingSeconds: null,
  reason: null,
  requestedBy: 'me',
  createdAt: AT,
  startedAt: AT,
  finishedAt: AT,
  ...of,
})
