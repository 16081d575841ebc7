import { json } from '../store/schema.ts'
import type { Rig } from './testing.ts'

/** A record of a flow that failed, as the pipeline leaves it. */
export async function failRecord(
  rig: Rig,
  flowId: string,
  externalId: string,
  code = 'invalid',
  more: object = {},
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
}

/** A lookup table; its id. */
export async function createLookupFor(rig: Rig): Promise<string> {
  const table = await rig.client('owner').lookups.save({
    params: { name: 'taxes' },
    body: { entries: [{ from: '21', to: 'HIGH' }], fallback: null },
  })
  return table.id
}
