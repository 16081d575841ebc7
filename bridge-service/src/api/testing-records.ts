import { causeOf, type StoredFailure } from '@crosswalk/shared/causes'
import { groupIdOf } from '../pipeline/failure-cause.ts'
import { keepFailures } from '../store/failures.ts'
import { newId } from '../store/ids.ts'
import { json } from '../store/schema.ts'
import type { Rig } from './testing.ts'

/** A record of a flow that failed, as the pipeline leaves it. */
export async function failRecord(
  rig: Rig,
  flowId: string,
  externalId: string,
  code = 'invalid',
  more: Partial<StoredFailure> & { lookup?: object } = {},
): Promise<void> {
  await rig.service.store.db
    .insertInto('link')
    .values({
      flow_id: flowId,
      workspace_id: rig.workspaceId,
      external_id: externalId,
      state: 'failed',
      label: `#${externalId}`,
      attempts: 1,
      parts: json({ document: { id: '900', done: false } }),
      target_object: 'deals',
      target_id: '900',
      last_error: json({ code, message: 'The CRM does not take this.', part: 'document', ...more }),
    })
    .execute()
  const cause = causeOf({
    code,
    system: 'The CRM',
    source: 'The shop',
    step: 'deliver',
    part: 'document',
    ...more,
  })
  const failure = { id: newId('failure'), workspaceId: rig.workspaceId, flowId, externalId, state: 'open' as const, cause, groupId: groupIdOf(cause), nextTryAt: null } // prettier-ignore
  await keepFailures(rig.service.store.db, [failure])
}

/** A lookup table; its id. */
export async function createLookupFor(rig: Rig): Promise<string> {
  const table = await rig.client('owner').lookups.save({
    params: { name: 'taxes' },
    body: { entries: [{ from: '21', to: 'HIGH' }], fallback: null },
  })
  return table.id
}
